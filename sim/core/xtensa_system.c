/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Opcode maps ST0 and ST1: jumps to registers, synchronization, interrupts, returns from handlers, and what sets up
 * shifts.
 */
#include "core/xtensa_state.h"

/* ILL, returns, JX, CALLX: by m and n. */
static void execute_snm0(xtensa_t *xt, uint32_t insn)
{
    uint32_t target = *xt_a(xt, xt_s(insn));
    switch (xt_t(insn)) {
    case 0: /* ILL */
        xt_raise(xt, XT_CAUSE_ILLEGAL);
        break;
    case 8: /* RET */
        xt_jump(xt, *xt_a(xt, 0));
        break;
    case 9:
        xt_retw(xt);
        break;
    case 10: /* JX */
        xt_jump(xt, target);
        break;
    case 12:
    case 13:
    case 14:
    case 15: /* CALLX0, CALLX4, CALLX8, CALLX12 */
        xt_call(xt, xt_n(insn), target);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

static void wait_for_interrupt(xtensa_t *xt, uint32_t insn)
{
    xt_set_ps(xt, (xt->special[XT_PS] & ~(uint32_t)XT_PS_INTLEVEL) | xt_s(insn));
    xt->is_waiting = true;
}

static void set_interrupt_level(xtensa_t *xt, uint32_t insn)
{
    uint32_t ps = xt->special[XT_PS];
    *xt_a(xt, xt_t(insn)) = ps;
    xt_set_ps(xt, (ps & ~(uint32_t)XT_PS_INTLEVEL) | xt_s(insn));
}

/* RFE, RFDE, RFWO, RFWU: by s. */
static void return_from_level_1(xtensa_t *xt, uint32_t insn)
{
    uint32_t ps = xt->special[XT_PS] & ~(uint32_t)XT_PS_EXCM;
    switch (xt_s(insn)) {
    case 0:
        xt_set_ps(xt, ps);
        xt_jump(xt, xt->special[XT_EPC1]);
        break;
    case 2:
        xt_jump(xt, xt->special[XT_DEPC]);
        break;
    case 4:
        xt_return_from_window(xt, false);
        break;
    case 5:
        xt_return_from_window(xt, true);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

static void execute_rfei(xtensa_t *xt, uint32_t insn)
{
    unsigned level = xt_s(insn);
    if (xt_t(insn) == 0) {
        return_from_level_1(xt, insn);
    } else if (xt_t(insn) == 1 && level >= 2 && level <= XT_LEVEL_NMI) { /* RFI */
        xt_jump(xt, xt->special[XT_EPC1 + level - 1]);
        xt_set_ps(xt, xt->special[XT_EPS1 + level - 1]);
    } else {
        xt_invalid(xt, insn);
    }
}

void xt_execute_st0(xtensa_t *xt, uint32_t insn)
{
    switch (xt_r(insn)) {
    case 0:
        execute_snm0(xt, insn);
        break;
    case 1:
        xt_movsp(xt, insn);
        break;
    case 2: /* ISYNC and its kind, MEMW, NOP: everything is in order already */
        break;
    case 3:
        execute_rfei(xt, insn);
        break;
    case 4:
        xt_stop(xt, SIM_STOP_BREAK, insn);
        break;
    case 5:
        if (xt_s(insn) == 0) {
            xt_raise(xt, XT_CAUSE_SYSCALL);
        } else {
            xt_invalid(xt, insn); /* SIMCALL */
        }
        break;
    case 6:
        set_interrupt_level(xt, insn);
        break;
    case 7:
        wait_for_interrupt(xt, insn);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

static uint32_t leading_zeros(uint32_t value)
{
    uint32_t count = 0;
    while (count < 32 && (value & (UINT32_C(0x80000000) >> count)) == 0) {
        count++;
    }
    return count;
}

/* How far a signed value can be shifted to the left. */
static uint32_t normalization(uint32_t value)
{
    return leading_zeros((int32_t)value < 0 ? ~value : value) - 1;
}

void xt_execute_st1(xtensa_t *xt, uint32_t insn)
{
    uint32_t s = *xt_a(xt, xt_s(insn));
    uint32_t *sar = &xt->special[XT_SAR];
    switch (xt_r(insn)) {
    case 0: /* SSR */
        *sar = s & 31;
        break;
    case 1: /* SSL */
        *sar = 32 - (s & 31);
        break;
    case 2: /* SSA8L */
        *sar = (s & 3) * 8;
        break;
    case 3: /* SSA8B */
        *sar = 32 - (s & 3) * 8;
        break;
    case 4: /* SSAI */
        *sar = (xt_t(insn) & 1) << 4 | xt_s(insn);
        break;
    case 8: /* ROTW */
        xt_set_window(xt, xt->special[XT_WINDOWBASE] + xt_signed(xt_t(insn), 4));
        break;
    case 14: /* NSA */
        *xt_a(xt, xt_t(insn)) = normalization(s);
        break;
    case 15: /* NSAU */
        *xt_a(xt, xt_t(insn)) = leading_zeros(s);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}
