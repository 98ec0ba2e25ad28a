/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The stand-in for the SDMMC host's driver with a simulated chip as the card: what tests see of it.
 */
#ifndef SDIO_RIG_H
#define SDIO_RIG_H

#include "esp32_sdio_port.h"
#include "esp_sim.h"

/* Where the host's pins are. */
enum { SDIO_RIG_EN = 20, SDIO_RIG_BOOT = 21 };

/** What the rig has seen. */
typedef struct {
    unsigned commands;      /* with data, and those of one byte */
    unsigned copies;        /* that the driver made into `dma_aligned_buffer` */
    unsigned resets;        /* rising edges of EN */
    unsigned loader_resets; /* of them, with the strapping pin low, before and after */
    unsigned hosts;         /* that were initialised, less those that ended */
    bool has_pulled_low;    /* a pin, since the start */
    int max_freq_khz;       /* of the card, as it was initialised last */
    uint8_t width;          /* of the slot */
} sdio_rig_seen_t;

/** Powers up: no driver, all outputs low. @p config is the target, in its application. Ends what was before. */
esp_sim_t *sdio_rig_start(const esp_sim_config_t *config);
void sdio_rig_stop(void);
const sdio_rig_seen_t *sdio_rig_seen(void);

/** The @p n th command from now on: the driver is not told that it has ended. 0 = none. */
void sdio_rig_lose_event(unsigned n);

/** The driver is told so much later. */
void sdio_rig_be_late(uint64_t time_us);

/** What answers is a memory card. */
void sdio_rig_make_memory(void);

/** The port object is in memory that DMA does not reach. */
void sdio_rig_make_unreachable(void);

/** The card pulls D1 low that much later. */
void sdio_rig_interrupt_after(uint64_t time_us);

#endif
