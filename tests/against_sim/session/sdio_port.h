/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * An SDIO host whose card is a simulated chip in this process: a port with the entries of the first generation, on the
 * chip's virtual clock. A transaction takes the time that it takes on one data line at 20 MHz.
 */
#ifndef SDIO_PORT_H
#define SDIO_PORT_H

#include "esp_loader.h"
#include "esp_sim.h"

typedef struct {
    esp_loader_port_t port;    /* what the library is given */
    esp_loader_port_ops_t ops; /* its entries: a test may replace one, or take it away */
    esp_sim_t *sim;
    uint64_t timer_end_us;
    unsigned transactions;
    unsigned resets; /* into download mode */
} sdio_port_t;

void sdio_port_init(sdio_port_t *port, esp_sim_t *sim);

#endif
