/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What runs on the chip: its ROM, a loader, firmware. Starts one after the other and hands received bytes to
 * the one that runs.
 */
#ifndef SIM_PROGRAM_H
#define SIM_PROGRAM_H

#include "esp_sim.h"

/** The ROM is ready after a reset: prints its banner, then serves as loader or boots from flash. */
void sim_program_start(esp_sim_t *sim);
/** Whatever runs ends, and the flash forgets what was asked of it. */
void sim_program_stop(esp_sim_t *sim);
/** The loader ends and the ROM boots from flash, without a reset. */
void sim_program_leave_loader(esp_sim_t *sim);
/** The loader jumps to loaded code. */
void sim_program_jump(esp_sim_t *sim, uint32_t entry);
/** Something runs that reads what the chip receives. */
bool sim_program_can_receive(const esp_sim_t *sim);
void sim_program_receive(esp_sim_t *sim, uint8_t byte);
/** The host has taken a frame. */
void sim_program_frame_taken(esp_sim_t *sim);
/** The host has written a register of the SDIO slave's DMA. */
void sim_program_slc_written(esp_sim_t *sim, uint32_t offset, uint32_t value);
void sim_program_receive_frame(esp_sim_t *sim, const uint8_t *data, size_t size);

#endif
