/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The crystal: which one the board has, which one the ROM takes it for, and what that makes of a rate the ROM
 * is asked for.
 */
#ifndef SIM_CRYSTAL_H
#define SIM_CRYSTAL_H

#include "esp_sim.h"

/** Completes crystal and belief in the config; false with a sentence when the chip cannot have them. */
bool sim_crystal_complete(esp_sim_t *sim, char *error, size_t error_size);
/** Puts what the ROM knows of its clock into its registers. */
void sim_crystal_reset(esp_sim_t *sim);
/** The rate the ROM's UART has when its divider was computed for @p baud. */
uint32_t sim_crystal_rom_rate(const esp_sim_t *sim, uint32_t baud);
/** The chip's UART is at @p baud now: sets its divider register. */
void sim_crystal_set_divider(esp_sim_t *sim, uint32_t baud);

#endif
