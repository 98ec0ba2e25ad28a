/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board/board_faults.h"

#include "board/power.h"
#include "board/reset.h"
#include "state/model.h"

bool sim_board_take_fault(esp_sim_t *sim, const sim_fault_t *fault)
{
    uint64_t end_ns = fault->time_ns == SIM_NEVER ? SIM_NEVER : sim->clock.now_ns + fault->time_ns;
    switch (fault->action) {
    case SIM_DO_STALL:
        sim_link_hold(sim, end_ns, end_ns);
        return true;
    case SIM_DO_DISCONNECT:
        sim_power_unplug_until(sim, end_ns);
        return true;
    case SIM_DO_RESET:
        sim_chip_reset(sim, SIM_RESET_RTC_WDT);
        return true;
    case SIM_DO_DROP:
    case SIM_DO_CORRUPT:
    case SIM_DO_DUPLICATE:
    case SIM_DO_DELAY:
    case SIM_DO_ERROR:
    case SIM_DO_WRONG_MD5:
        break;
    }
    return false;
}

bool sim_board_burns_efuse(esp_sim_t *sim)
{
    const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_EFUSE, SIM_OUT, -1);
    const bool is_of_board = fault != NULL && sim_board_take_fault(sim, fault);
    return fault == NULL || is_of_board;
}

bool sim_board_cuts_flash(esp_sim_t *sim)
{
    sim->board.flash_fault = sim_faults_check(sim, SIM_AT_FLASH, SIM_OUT, -1);
    return sim->board.flash_fault != NULL;
}

void sim_board_flash_is_cut(esp_sim_t *sim)
{
    sim_board_take_fault(sim, sim->board.flash_fault);
}

/* Lets happen what is due, and waits for the next. */
static void run_due(esp_sim_t *sim)
{
    for (size_t i = 0; i < sim->faults.count; i++) {
        const sim_fault_t *fault = sim_faults_take_due(sim, i);
        if (fault != NULL) {
            sim_board_take_fault(sim, fault);
        }
    }
    sim_timer_set(&sim->clock, &sim->board.fault_timer, sim_faults_next_ns(sim));
}

static void time_has_come(void *ctx)
{
    run_due(ctx);
}

void sim_board_faults_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->board.fault_timer, time_has_come, sim);
    sim->board.fault_timer.is_watch = true;
}

/* Old output that was still waiting when the host opened the port. */
static void send_stale_output(esp_sim_t *sim)
{
    static const char OLD[] = "I (4711) main: output of an earlier run\r\n";
    for (uint32_t i = 0; i < sim->faults.stale_output; i++) {
        sim_link_send(sim, &OLD[i % (sizeof(OLD) - 1)], 1);
    }
    sim->faults.stale_output = 0;
}

bool esp_sim_add_faults(esp_sim_t *sim, const char *script, char *error, size_t error_size)
{
    if (!sim_fault_script_add(sim, script, error, error_size)) {
        return false;
    }
    send_stale_output(sim);
    run_due(sim);
    return true;
}
