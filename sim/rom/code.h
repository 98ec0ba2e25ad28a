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
/** The same of a frame, and of what the host writes to a register of the SDIO slave's DMA. */
void sim_code_receive_frame(sim_code_t *code, const uint8_t *data, size_t size);
/** The host has taken a frame. */
void sim_code_frame_taken(sim_code_t *code);
void sim_code_slc_host_writes(sim_code_t *code, uint32_t offset, uint32_t value);
/** Has the chip a row for that? */
bool sim_code_has_slc(const sim_code_t *code);
/** A word of the memory that the code sees; false when none is there. */
bool sim_code_peek(const sim_code_t *code, uint32_t address, uint32_t *value);

#endif
