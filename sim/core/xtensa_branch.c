/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Jumps, branches and the beginning of loops.
 */
#include "core/xtensa_state.h"

/* What a 4-bit field stands for where a branch compares with a constant, signed and unsigned. */
static const uint32_t constants[16] = {UINT32_MAX, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256};
static const uint32_t unsigned_constants[16] = {32768, 65536, 2,  3,  4,  5,  6,   7,
                                                8,     10,    12, 16, 32, 64, 128, 256};

static void branch(xtensa_t *xt, bool is_taken, uint32_t offset)
{
    if (is_taken) {
        xt_jump(xt, xt->core.pc + 4 + offset);
    }
}

/* Registers against 0, offsets of 12 bits: by m. */
static void branch_zero(xtensa_t *xt, uint32_t insn)
{
    uint32_t value = *xt_a(xt, xt_s(insn));
    bool is_negative = (int32_t)value < 0;
    const bool taken[4] = {value == 0, value != 0, is_negative, !is_negative};
    branch(xt, taken[xt_m(insn)], xt_signed(insn >> 12, 12));
}

/* BEQI, BNEI, BLTI, BGEI: by m. */
static void branch_constant(xtensa_t *xt, uint32_t insn)
{
    uint32_t value = *xt_a(xt, xt_s(insn));
    uint32_t constant = constants[xt_r(insn)];
    bool is_less = (int32_t)value < (int32_t)constant;
    const bool taken[4] = {value == constant, value != constant, is_less, !is_less};
    branch(xt, taken[xt_m(insn)], xt_signed(xt_imm8(insn), 8));
}

/* LOOP, LOOPNEZ, LOOPGTZ: the latter two are for counts that may be 0, and then skip the body. */
static void loop(xtensa_t *xt, uint32_t insn)
{
    uint32_t count = *xt_a(xt, xt_s(insn));
    xt->special[XT_LCOUNT] = count - 1;
    xt->special[XT_LBEG] = xt->next_pc;
    xt->special[XT_LEND] = xt->core.pc + 4 + xt_imm8(insn);
    if ((xt_r(insn) == 9 && count == 0) || (xt_r(insn) == 10 && (int32_t)count <= 0)) {
        xt_jump(xt, xt->special[XT_LEND]);
    }
}

/* ENTRY, loops, BLTUI, BGEUI: by m. */
static void execute_bi1(xtensa_t *xt, uint32_t insn)
{
    bool is_less = *xt_a(xt, xt_s(insn)) < unsigned_constants[xt_r(insn)];
    switch (xt_m(insn)) {
    case 0:
        xt_entry(xt, insn);
        break;
    case 1:
        if (xt_r(insn) >= 8 && xt_r(insn) <= 10) {
            loop(xt, insn);
        } else {
            xt_invalid(xt, insn);
        }
        break;
    case 2:
        branch(xt, is_less, xt_signed(xt_imm8(insn), 8));
        break;
    default:
        branch(xt, !is_less, xt_signed(xt_imm8(insn), 8));
        break;
    }
}

void xt_execute_si(xtensa_t *xt, uint32_t insn)
{
    switch (xt_n(insn)) {
    case 0: /* J */
        branch(xt, true, xt_signed(insn >> 6, 18));
        break;
    case 1:
        branch_zero(xt, insn);
        break;
    case 2:
        branch_constant(xt, insn);
        break;
    default:
        execute_bi1(xt, insn);
        break;
    }
}

/* Two registers, or a bit of one. The upper half of r is the lower one inverted. */
void xt_execute_b(xtensa_t *xt, uint32_t insn)
{
    uint32_t s = *xt_a(xt, xt_s(insn));
    uint32_t t = *xt_a(xt, xt_t(insn));
    unsigned r = xt_r(insn);
    bool condition;
    switch (r & 7) {
    case 0: /* BNONE, BANY */
        condition = (s & t) == 0;
        break;
    case 1:
        condition = s == t;
        break;
    case 2:
        condition = (int32_t)s < (int32_t)t;
        break;
    case 3:
        condition = s < t;
        break;
    case 4: /* BALL, BNALL */
        condition = (~s & t) == 0;
        break;
    case 5: /* BBC, BBS */
        condition = (s >> (t & 31) & 1) == 0;
        break;
    default:
        condition = (s >> ((r & 1) << 4 | xt_t(insn)) & 1) == 0;
        break;
    }
    branch(xt, condition == (r < 8), xt_signed(xt_imm8(insn), 8));
}
