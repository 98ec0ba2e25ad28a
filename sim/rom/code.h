/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chip executes code: its mask ROM, as its maker publishes it, and what is loaded into RAM. Takes the place of the
 * models of ROM loader and stub; wire, flash, eFuses and clock stay the same.
 */
#ifndef SIM_CODE_H
#define SIM_CODE_H

#include "esp_sim.h"

typedef struct sim_code sim_code_t;

/** Loads the ROM's ELF file; NULL and a sentence when it does not fit the chip. */
sim_code_t *sim_code_new(esp_sim_t *sim, const char *path, char *error, size_t error_size);
void sim_code_free(sim_code_t *code);
/** From the ROM's first instruction on; memory is zeros. */
void sim_code_start(sim_code_t *code);
/** Nothing executes any more. Also from inside of an access that the code makes. */
void sim_code_stop(sim_code_t *code);
/** Can the receiver of the wire take a byte? */
bool sim_code_can_receive(const sim_code_t *code);
void sim_code_receive(sim_code_t *code, uint8_t byte);
/** A word of the memory that the code sees; false when none is there. */
bool sim_code_peek(const sim_code_t *code, uint32_t address, uint32_t *value);

#endif
