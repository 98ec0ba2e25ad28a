/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The loop over instructions: interrupts, fetch, window check, the first step of decoding, loops of the hardware.
 */
#include <string.h>

#include "core/xtensa_state.h"

enum {
    PS_AT_RESET = 0x1F, /* no interrupts, EXCM */
    VECBASE_AT_RESET = 0x40000000,
    PRID_OF_FIRST_CORE = 0xCDCD, /* the ESP32's ROM compares it */
};

static void reset(sim_core_t *core)
{
    xtensa_t *xt = (xtensa_t *)core;
    unsigned windows = xt->windows == 0 ? XT_REGISTERS / 4 : xt->windows;
    memset((uint8_t *)xt + sizeof(*core), 0, sizeof(*xt) - sizeof(*core));
    xt->windows = windows;
    xt->special[XT_PS] = PS_AT_RESET;
    xt->special[XT_VECBASE] = VECBASE_AT_RESET;
    xt->special[XT_PRID] = PRID_OF_FIRST_CORE;
    xt->special[XT_WINDOWSTART] = 1;
    xt->ccount_offset = 0 - (uint32_t)core->count;
    xt_window_changed(xt);
}

static void execute_qrst(xtensa_t *xt, uint32_t insn)
{
    switch (xt_op1(insn)) {
    case 0:
        xt_execute_rst0(xt, insn);
        break;
    case 1:
        xt_execute_rst1(xt, insn);
        break;
    case 2:
        xt_execute_rst2(xt, insn);
        break;
    case 3:
        xt_execute_rst3(xt, insn);
        break;
    case 4:
    case 5:
        xt_extui(xt, insn);
        break;
    case 9:
        xt_execute_lsc4(xt, insn);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

static void execute(xtensa_t *xt, uint32_t insn)
{
    switch (xt_op0(insn)) {
    case 0:
        execute_qrst(xt, insn);
        break;
    case 1:
        xt_l32r(xt, insn);
        break;
    case 2:
        xt_execute_lsai(xt, insn);
        break;
    case 5: /* CALL0, CALL4, CALL8, CALL12 */
        xt_call(xt, xt_n(insn), ((xt->core.pc >> 2) + xt_signed(insn >> 6, 18) + 1) << 2);
        break;
    case 6:
        xt_execute_si(xt, insn);
        break;
    case 7:
        xt_execute_b(xt, insn);
        break;
    case 8:
    case 9:
    case 10:
    case 11:
    case 12:
    case 13:
        xt_execute_narrow(xt, insn);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

/* The end of a loop's body, reached from the instruction before it. */
static void end_round(xtensa_t *xt)
{
    if (xt->special[XT_LCOUNT] != 0 && (xt->special[XT_PS] & XT_PS_EXCM) == 0) {
        xt->special[XT_LCOUNT]--;
        xt->next_pc = xt->special[XT_LBEG];
    }
}

static void step(xtensa_t *xt)
{
    uint32_t insn;
    xt->core.count++;
    if (!sim_bus_fetch(xt->core.bus, xt->core.pc, &insn)) {
        xt_stop(xt, SIM_STOP_ACCESS, xt->core.pc);
        return;
    }
    bool is_narrow = (insn & 8) != 0;
    insn &= is_narrow ? 0xFFFF : 0xFFFFFF;
    xt->next_pc = xt->core.pc + (is_narrow ? 2 : 3);
    xt->has_jumped = false;
    if (xt->reach == 16 || !xt_window_overflows(xt, insn)) {
        execute(xt, insn);
    }
    if (xt->next_pc == xt->special[XT_LEND] && !xt->has_jumped) {
        end_round(xt);
    }
    xt->core.pc = xt->next_pc;
}

static sim_stop_t stop_because(const xtensa_t *xt, sim_stop_reason_t reason)
{
    return (sim_stop_t){.reason = reason, .pc = xt->core.pc};
}

static sim_stop_t run(sim_core_t *core)
{
    xtensa_t *xt = (xtensa_t *)core;
    core->pause = 0;
    for (;;) {
        if (core->count >= core->pause) {
            if (xt->is_stopped) {
                xt->is_stopped = false;
                return xt->stop;
            }
            if (core->count >= core->limit) {
                return stop_because(xt, SIM_STOP_LIMIT);
            }
            core->pause = core->limit;
            if (xt_take_interrupt(xt)) {
                xt->is_waiting = false;
            } else if (xt->is_waiting) {
                return stop_because(xt, SIM_STOP_WAITING);
            }
        }
        step(xt);
    }
}

static uint32_t get(const sim_core_t *core, unsigned number)
{
    const xtensa_t *xt = (const xtensa_t *)core;
    return xt->ar[(xt->special[XT_WINDOWBASE] * 4 + number % 16) & (4 * xt->windows - 1)];
}

static void set(sim_core_t *core, unsigned number, uint32_t value)
{
    *xt_a((xtensa_t *)core, number % 16) = value;
}

uint32_t sim_xtensa_special(const sim_core_t *core, unsigned number)
{
    return ((const xtensa_t *)core)->special[number % 256];
}

void sim_xtensa_halve_registers(sim_core_t *core)
{
    ((xtensa_t *)core)->windows = XT_REGISTERS / 2 / 4;
}

const sim_core_ops_t sim_core_xtensa = {sizeof(xtensa_t), sizeof(xtensa_t), reset, run, get, set};
