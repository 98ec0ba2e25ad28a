/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The simulator's clock and the count of instructions: one follows the other inside of a slice.
 */
#include "rom/code_state.h"
#include "state/model.h"

uint64_t sim_code_time_of(const sim_code_t *code, uint64_t count)
{
    return code->origin_ns + (count - code->origin_count) * 1000000000u / code->cpu_hz;
}

uint64_t sim_code_count_at(const sim_code_t *code, uint64_t time_ns)
{
    return code->origin_count + (time_ns - code->origin_ns) * code->cpu_hz / 1000000000u;
}

void sim_code_sync(sim_code_t *code)
{
    if (code->is_running) {
        uint64_t now_ns = sim_code_time_of(code, code->core->count);
        code->sim->clock.now_ns = now_ns < code->end_ns ? now_ns : code->end_ns;
    }
}

void sim_code_reschedule(sim_code_t *code)
{
    uint64_t next_ns = sim_clock_next(&code->sim->clock);
    if (code->is_running && next_ns < code->end_ns) {
        code->end_ns = next_ns;
        sim_core_end_run(code->core, sim_code_count_at(code, next_ns));
    }
}

void sim_code_update_lines(sim_code_t *code, uint32_t instructions)
{
    uint64_t at = code->core->count + instructions;
    code->lines_at = at < code->lines_at ? at : code->lines_at;
    sim_core_end_run(code->core, code->lines_at);
}

void sim_code_active(sim_code_t *code)
{
    code->active_count = code->core->count;
    code->probe_gap = SIM_CODE_PROBE_GAP;
    code->probe_count = code->core->count + code->probe_gap;
}

void sim_code_break(sim_code_t *code)
{
    sim_code_sync(code);
    code->end_ns = code->sim->clock.now_ns;
    sim_core_end_run(code->core, 0);
}

void sim_code_wake(sim_code_t *code)
{
    sim_code_active(code);
    code->lines_at = code->core->count;
    if (code->is_asleep || code->timer.due_ns > code->sim->clock.now_ns) {
        code->is_asleep = false;
        sim_timer_set(&code->sim->clock, &code->timer, code->sim->clock.now_ns);
    }
}
