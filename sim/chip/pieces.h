/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How much of the flash a loader's own routines program and read at a time. On most chips these are words of a table that a variable
 * of the ROM points to, and a host may change them.
 */
#ifndef SIM_PIECES_H
#define SIM_PIECES_H

#include <stddef.h>
#include <stdint.h>

#include "esp_sim.h"

/** Brings variable and table to what they are after a reset. */
void sim_pieces_reset(esp_sim_t *sim);

/** Bytes per program operation. */
size_t sim_pieces_program_size(const esp_sim_t *sim);

/** Bytes per read. */
size_t sim_pieces_read_size(const esp_sim_t *sim);

/** What a loader takes to read @p size bytes of flash. */
uint64_t sim_pieces_read_ns(const esp_sim_t *sim, size_t size);

#endif
