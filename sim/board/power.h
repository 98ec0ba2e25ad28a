/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Power: the plug and what a person can do with it.
 */
#ifndef SIM_POWER_H
#define SIM_POWER_H

#include "esp_sim.h"

/** Applies power for the first time, at time 0. */
void sim_power_on(esp_sim_t *sim);
/** Takes the board off its cable, and plugs it in again at a time; SIM_NEVER = never. */
void sim_power_unplug_until(esp_sim_t *sim, uint64_t time_ns);
void sim_power_init(esp_sim_t *sim);

#endif
