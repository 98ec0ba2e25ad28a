/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The resets: what each does to the chip, and whether the ROM comes up in download mode.
 */
#ifndef SIM_RESET_H
#define SIM_RESET_H

#include "chip/chip_table.h"
#include "esp_sim.h"

void sim_reset_init(esp_sim_t *sim);
/** Resets the chip; it starts at once. */
void sim_chip_reset(esp_sim_t *sim, sim_reset_t cause);
/** The chip stops and does not start again by itself: no power, or EN is held. */
void sim_chip_stop(esp_sim_t *sim);
/** A USB device that is reset with its peripheral leaves the bus and is enumerated again. */
void sim_reset_drop_bus(esp_sim_t *sim);

#endif
