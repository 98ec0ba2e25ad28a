/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Faults that depend on the rate: a cable that damages or loses bytes above it, and a bridge that cannot do it.
 */
#ifndef SIM_RATE_LIMITS_H
#define SIM_RATE_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_sim.h"

enum { SIM_CABLE_LIMITS = 4, SIM_CABLE_BOTH_WAYS = 3 };

typedef struct {
    uint32_t above_baud;
    uint32_t one_in;     /**< of so many bytes one is hit */
    unsigned directions; /**< bit SIM_OUT, bit SIM_IN */
    bool is_lost;        /**< false: one of its bits is flipped */
} sim_cable_limit_t;

typedef struct {
    sim_cable_limit_t cable[SIM_CABLE_LIMITS];
    size_t cable_count;
    bool has_bridge;
    uint32_t bridge_above_baud;
    uint32_t bridge_makes_baud; /**< whatever is asked for above that; 0 = it refuses */
    uint32_t noise;
} sim_rate_limits_t;

/** A byte passes the cable, perhaps damaged. false: it is lost. */
bool sim_cable_carry(esp_sim_t *sim, unsigned direction, uint8_t *byte);

/** The rate that the bridge makes of the one it is asked for; 0 = it refuses. */
uint32_t sim_bridge_rate(const esp_sim_t *sim, uint32_t baud);

#endif
