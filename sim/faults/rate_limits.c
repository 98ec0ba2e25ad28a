/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a cable and a bridge do above a rate. Noise is a fixed sequence, so a run is repeatable.
 *
 * Modelled on: the CP2102, whose data sheet ends at 1 Mbaud and which makes the nearest rate of its table of
 * what it is asked for (Silicon Labs AN205); the Linux driver ch341, which refuses what its divider cannot
 * make; long or thin wires and slow level shifters, which damage single bits; receive buffers that are too
 * small, which lose bytes.
 */
#include "faults/rate_limits.h"

#include "state/model.h"

static uint32_t next_noise(sim_rate_limits_t *limits)
{
    limits->noise = limits->noise * 1664525u + 1013904223u;
    return limits->noise >> 8;
}

/* Of several, the one for the highest rate that is exceeded. */
static const sim_cable_limit_t *find(const sim_rate_limits_t *limits, uint32_t baud, unsigned direction)
{
    const sim_cable_limit_t *found = NULL;
    for (size_t i = 0; i < limits->cable_count; i++) {
        const sim_cable_limit_t *limit = &limits->cable[i];
        bool is_hit = baud > limit->above_baud && (limit->directions >> direction & 1u) != 0;
        if (is_hit && (found == NULL || limit->above_baud >= found->above_baud)) {
            found = limit;
        }
    }
    return found;
}

bool sim_cable_carry(esp_sim_t *sim, unsigned direction, uint8_t *byte)
{
    sim_rate_limits_t *limits = &sim->faults.rate_limits;
    const sim_cable_limit_t *limit = find(limits, sim->link.host_baud, direction);
    if (limit == NULL || next_noise(limits) % limit->one_in != 0) {
        return true;
    }
    sim->link.is_disturbed = true;
    *byte ^= (uint8_t)(1u << next_noise(limits) % 8u);
    return !limit->is_lost;
}

uint32_t sim_bridge_rate(const esp_sim_t *sim, uint32_t baud)
{
    const sim_rate_limits_t *limits = &sim->faults.rate_limits;
    return limits->has_bridge && baud > limits->bridge_above_baud ? limits->bridge_makes_baud : baud;
}
