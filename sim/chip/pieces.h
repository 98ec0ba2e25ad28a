/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How much of the flash a loader's own routines program at a time. On most chips it is a word of a table that a variable
 * of the ROM points to, and a host may change it.
 */
#ifndef SIM_PIECES_H
#define SIM_PIECES_H

#include <stddef.h>

#include "esp_sim.h"

/** Brings variable and table to what they are after a reset. */
void sim_pieces_reset(esp_sim_t *sim);

/** Bytes per program operation. */
size_t sim_pieces_size(const esp_sim_t *sim);

#endif
