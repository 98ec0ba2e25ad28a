/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port whose other end is a simulated chip in this process. Time is the chip's virtual clock: waiting
 * advances it, so timeouts of minutes take no real time and every figure is exact.
 */
#ifndef SIM_PORT_H
#define SIM_PORT_H

#include "esp_loader.h"
#include "esp_sim.h"

typedef struct {
    esp_loader_port_t port;
    esp_sim_t *sim;
    esp_loader_link_t link; /* what link_kind reports */
    uint32_t open_wait_ms;  /* how long init waits for a device that is off the bus */
    bool is_open;
    uint32_t attach_count; /* of the device that was opened */

    uint64_t writes; /* calls */
    uint64_t reads;
} sim_port_t;

/* Wires @p sim to a port; the link kind follows the chip's wiring unless changed afterwards. */
void sim_port_init(sim_port_t *port, esp_sim_t *sim, esp_sim_wiring_t wiring);

#endif
