/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Who takes which event.
 */
#include "board/board_events.h"

#include "board/board_faults.h"
#include "board/program.h"
#include "board/reset.h"

const sim_chip_events_t sim_board_events = {
    .reset = sim_chip_reset,
    .can_receive = sim_program_can_receive,
    .receive = sim_program_receive,
    .receive_frame = sim_program_receive_frame,
    .frame_taken = sim_program_frame_taken,
    .slc_written = sim_program_slc_written,
    .leave_loader = sim_program_leave_loader,
    .jump = sim_program_jump,
    .fault = sim_board_take_fault,
    .burns_efuse = sim_board_burns_efuse,
    .cuts_flash = sim_board_cuts_flash,
    .flash_is_cut = sim_board_flash_is_cut,
};
