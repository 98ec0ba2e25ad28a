/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The stand-in for the SPI driver with a simulated chip as the slave: what tests see of it.
 */
#ifndef SPI_RIG_H
#define SPI_RIG_H

#include "esp32_spi_port.h"
#include "esp_sim.h"

/* Where the host's pins are. Strap bits 0 to 3 are four pins that follow each other. */
enum {
    SPI_RIG_EN = 4,
    SPI_RIG_STRAPS = 5,
    SPI_RIG_CS = 10,
    SPI_RIG_MOSI = 11,
    SPI_RIG_CLK = 12,
    SPI_RIG_MISO = 13,
};

/** What the rig has seen. */
typedef struct {
    unsigned transfers;
    unsigned copies;        /* that the driver made for DMA */
    unsigned resets;        /* rising edges of EN */
    unsigned loader_resets; /* of them, with the straps for the loader, before and after */
    bool has_pulled_low;    /* EN, a strapping pin or chip select, since the start */
    bool was_miso_output;   /* while EN rose */
    bool is_bus_initialized;
    bool is_acquired;
} spi_rig_seen_t;

/** Powers up: no driver, all outputs low; @p chip is the target, in its application. Ends what was before. */
esp_sim_t *spi_rig_start(const char *chip);
void spi_rig_stop(void);
const spi_rig_seen_t *spi_rig_seen(void);

/** The @p n th transfer from now on, and each after it, returns @p err; 0 = none. */
void spi_rig_fail(unsigned n, esp_err_t err);

/** Memory that is not for DMA: the driver copies what is in it, as long as there is memory. */
void spi_rig_set_flash(const void *start, size_t size, bool can_copy);

#endif
