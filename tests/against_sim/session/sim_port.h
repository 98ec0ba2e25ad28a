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
#include "test_port.h"

typedef struct {
    test_port_t base; /* its entries may be changed by a test; link follows the wiring unless changed */
    esp_sim_t *sim;
    uint32_t open_wait_ms; /* how long init waits for a device that is off the bus */
    bool is_open;
    uint32_t attach_count; /* of the device that was opened */
} sim_port_t;

/* What a port does whose entries are unchanged. */
extern const esp_loader_port_ops_t sim_port_ops;

/* Wires @p sim to a port. */
void sim_port_init(sim_port_t *port, esp_sim_t *sim, esp_sim_wiring_t wiring);

#endif
