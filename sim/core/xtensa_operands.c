/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which fields of an instruction are numbers of registers. A window overflow is raised before an instruction
 * executes, and only for registers that it names.
 */
#include "core/xtensa_state.h"

enum { R = 1, S = 2, T = 4, RS = R | S, RT = R | T, ST = S | T, RST = R | S | T };

/* Instructions of op0 0 by op2, one row per op1; those of ST0 and ST1 have their own. */
static const uint8_t qrst[16][16] = {
    [0] = {0, RST, RST, RST, 0, ST, RT, 0, RST, RST, RST, RST, RST, RST, RST, RST},
    [1] = {RS, RS, RT, RT, RT, 0, T, 0, RST, RT, RS, RT, RST, RST, 0, 0},
    [2] = {0, 0, 0, 0, 0, 0, RST, RST, RST, 0, RST, RST, RST, RST, RST, RST},
    [3] = {T, T, RS, RS, RST, RST, RST, RST, RST, RST, RST, RST, RS, RS, R, T},
    [4] = {RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT},
    [5] = {RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT, RT},
    [9] = {ST, 0, 0, 0, ST},
};
static const uint8_t st0[16] = {[1] = ST, [6] = T};
static const uint8_t st1[16] = {S, S, S, S, 0, 0, ST, ST, 0, 0, 0, 0, 0, 0, ST, ST};
static const uint8_t lsai[16] = {ST, ST, ST, 0, ST, ST, ST, S, 0, ST, T, ST, ST, ST, ST, ST};

static uint8_t fields_of_qrst(uint32_t insn)
{
    if (xt_op1(insn) == 0 && xt_op2(insn) == 0) {
        bool is_jump = xt_r(insn) == 0 && ((insn >> 4 & 0xF) == 0xA || xt_m(insn) == 3);
        return is_jump ? S : st0[xt_r(insn)];
    }
    return xt_op1(insn) == 0 && xt_op2(insn) == 4 ? st1[xt_r(insn)] : qrst[xt_op1(insn)][xt_op2(insn)];
}

static uint8_t fields(uint32_t insn)
{
    switch (xt_op0(insn)) {
    case 0:
        return fields_of_qrst(insn);
    case 1:
        return T; /* L32R */
    case 2:
        return lsai[xt_r(insn)];
    case 6:
        return xt_n(insn) == 0 || (xt_n(insn) == 3 && xt_m(insn) == 0) ? 0 : S; /* not J, not ENTRY */
    case 7:
        return (xt_r(insn) & 6) == 6 ? S : ST; /* BBCI, BBSI */
    case 8:
    case 9:
        return ST;
    case 10:
        return RST;
    case 11:
        return RS;
    case 12:
        return S;
    case 13:
        return xt_r(insn) == 0 ? ST : 0;
    default:
        return 0;
    }
}

/* A call writes its return address, ENTRY the stack pointer, into the window that follows. */
static unsigned of_new_window(const xtensa_t *xt, uint32_t insn)
{
    if (xt_op0(insn) == 5) {
        return 4 * xt_n(insn);
    }
    if (xt_op0(insn) == 6 && (insn >> 4 & 0xF) == 3) {
        unsigned windows = (xt->special[XT_PS] & XT_PS_CALLINC) >> XT_PS_CALLINC_SHIFT;
        return 4 * windows + (xt_s(insn) & 3);
    }
    return (insn & 0xFFF0CF) == 0xC0 ? 4 * xt_n(insn) : 0; /* CALLX */
}

unsigned xt_highest_register(const xtensa_t *xt, uint32_t insn)
{
    uint8_t named = fields(insn);
    unsigned highest = of_new_window(xt, insn);
    highest = (named & R) != 0 && xt_r(insn) > highest ? xt_r(insn) : highest;
    highest = (named & S) != 0 && xt_s(insn) > highest ? xt_s(insn) : highest;
    return (named & T) != 0 && xt_t(insn) > highest ? xt_t(insn) : highest;
}
