/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Faults that concern the board as a whole, and those whose time has come.
 */
#ifndef SIM_BOARD_FAULTS_H
#define SIM_BOARD_FAULTS_H

#include "esp_sim.h"
#include "faults/faults.h"

void sim_board_faults_init(esp_sim_t *sim);
/** Carries out what concerns the board as a whole (stall, disconnect, reset); false: not such an action. */
bool sim_board_take_fault(esp_sim_t *sim, const sim_fault_t *fault);
/** Takes the fault at this word of a burn; false: the word stays as it is. */
bool sim_board_burns_efuse(esp_sim_t *sim);
/** Is there a fault at this erase or program operation? And takes it, when the flash is as that leaves it. */
bool sim_board_cuts_flash(esp_sim_t *sim);
void sim_board_flash_is_cut(esp_sim_t *sim);

#endif
