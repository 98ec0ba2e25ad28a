/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port that is an SPI master, 20 MHz, with a simulated chip as its slave. As hosts with DMA do, it wants what it reads into at
 * addresses and of lengths that are multiples of 4.
 */
#ifndef SPI_PORT_H
#define SPI_PORT_H

#include "esp_loader.h"
#include "esp_sim.h"

typedef struct {
    esp_loader_port_t port;
    esp_sim_t *sim;
    uint32_t bits;   /* clocked since the last whole microsecond */
    uint32_t resets; /* into download mode */
    bool is_selected;
    uint32_t timer_end_ms; /* first generation */
} spi_port_t;

void spi_port_init(spi_port_t *port, esp_sim_t *sim);

/* The same without a way to reset the chip. */
void spi_port_init_without_reset(spi_port_t *port, esp_sim_t *sim);

/* The same as a port of the 2.0 API. */
void spi_port_init_first_generation(spi_port_t *port, esp_sim_t *sim);

#endif
