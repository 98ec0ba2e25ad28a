/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The density option: instructions of 16 bits.
 */
#include "core/xtensa_state.h"

/* MOVI.N, BEQZ.N, BNEZ.N. */
static void execute_st2(xtensa_t *xt, uint32_t insn)
{
    uint32_t *s = xt_a(xt, xt_s(insn));
    if ((insn & 0x80) == 0) {
        uint32_t value = (insn >> 4 & 7) << 4 | xt_r(insn);
        *s = value >= 96 ? value - 128 : value; /* -32 to 95 */
    } else if ((*s == 0) == ((insn & 0x40) == 0)) {
        xt_jump(xt, xt->core.pc + 4 + (xt_n(insn) << 4 | xt_r(insn)));
    }
}

/* MOV.N, and what has no operands. */
static void execute_st3(xtensa_t *xt, uint32_t insn)
{
    if (xt_r(insn) == 0) {
        *xt_a(xt, xt_t(insn)) = *xt_a(xt, xt_s(insn));
        return;
    }
    switch (xt_r(insn) == 15 ? xt_t(insn) : UINT32_MAX) {
    case 0: /* RET.N */
        xt_jump(xt, *xt_a(xt, 0));
        break;
    case 1:
        xt_retw(xt);
        break;
    case 2:
        xt_stop(xt, SIM_STOP_BREAK, insn);
        break;
    case 3: /* NOP.N */
        break;
    case 6: /* ILL.N */
        xt_raise(xt, XT_CAUSE_ILLEGAL);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

void xt_execute_narrow(xtensa_t *xt, uint32_t insn)
{
    uint32_t s = *xt_a(xt, xt_s(insn));
    uint32_t *t = xt_a(xt, xt_t(insn));
    uint32_t value;
    switch (xt_op0(insn)) {
    case 8: /* L32I.N */
        if (xt_load(xt, s + 4 * xt_r(insn), 4, &value)) {
            *t = value;
        }
        break;
    case 9: /* S32I.N */
        xt_store(xt, s + 4 * xt_r(insn), 4, *t);
        break;
    case 10: /* ADD.N */
        *xt_a(xt, xt_r(insn)) = s + *t;
        break;
    case 11: /* ADDI.N */
        *xt_a(xt, xt_r(insn)) = s + (xt_t(insn) == 0 ? UINT32_MAX : xt_t(insn));
        break;
    case 12:
        execute_st2(xt, insn);
        break;
    default:
        execute_st3(xt, insn);
        break;
    }
}
