/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Time of the stand-in where the target is a simulated chip on a bus: the chip's.
 */
#ifndef FAKE_SIM_TIME_H
#define FAKE_SIM_TIME_H

#include "esp_sim.h"

/** From now on time is that of @p sim. */
void fake_sim_time_start(esp_sim_t *sim);

void fake_sim_time_pass_us(uint64_t time_us);

#endif
