/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What computes a register from registers: opcode maps RST0 to RST3, by op2.
 */
#include "core/xtensa_state.h"

static void negate_or_abs(xtensa_t *xt, uint32_t insn)
{
    uint32_t t = *xt_a(xt, xt_t(insn));
    if (xt_s(insn) > 1) {
        xt_invalid(xt, insn);
    } else {
        *xt_a(xt, xt_r(insn)) = xt_s(insn) == 0 || (int32_t)t < 0 ? 0 - t : t;
    }
}

/* TLB: the chips have regions of fixed addresses, whose attributes change nothing here. */
static void execute_tlb(xtensa_t *xt, uint32_t insn)
{
    switch (xt_r(insn)) {
    case 4:  /* IITLB */
    case 6:  /* WITLB */
    case 12: /* IDTLB */
    case 14: /* WDTLB */
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

void xt_execute_rst0(xtensa_t *xt, uint32_t insn)
{
    uint32_t s = *xt_a(xt, xt_s(insn));
    uint32_t t = *xt_a(xt, xt_t(insn));
    uint32_t *r = xt_a(xt, xt_r(insn));
    switch (xt_op2(insn)) {
    case 0:
        xt_execute_st0(xt, insn);
        break;
    case 1:
        *r = s & t;
        break;
    case 2:
        *r = s | t;
        break;
    case 3:
        *r = s ^ t;
        break;
    case 4:
        xt_execute_st1(xt, insn);
        break;
    case 5:
        execute_tlb(xt, insn);
        break;
    case 6:
        negate_or_abs(xt, insn);
        break;
    case 8:
    case 9:
    case 10:
    case 11: /* ADD, ADDX2, ADDX4, ADDX8 */
        *r = (s << (xt_op2(insn) & 3)) + t;
        break;
    case 12:
    case 13:
    case 14:
    case 15: /* SUB, SUBX2, SUBX4, SUBX8 */
        *r = (s << (xt_op2(insn) & 3)) - t;
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

static uint32_t shift_arithmetic(uint32_t value, unsigned count)
{
    int64_t wide = (int32_t)value;
    return (uint32_t)(wide >> count);
}

/* SAR is 0 to 32. */
void xt_execute_rst1(xtensa_t *xt, uint32_t insn)
{
    uint32_t s = *xt_a(xt, xt_s(insn));
    uint32_t t = *xt_a(xt, xt_t(insn));
    uint32_t *r = xt_a(xt, xt_r(insn));
    uint32_t sar = xt->special[XT_SAR];
    unsigned upper = (xt_op2(insn) & 1) << 4;
    switch (xt_op2(insn)) {
    case 0:
    case 1: /* SLLI */
        *r = (uint32_t)((uint64_t)s << (32 - (upper | xt_t(insn))));
        break;
    case 2:
    case 3: /* SRAI */
        *r = shift_arithmetic(t, upper | xt_s(insn));
        break;
    case 4: /* SRLI */
        *r = t >> xt_s(insn);
        break;
    case 6:
        xt_xsr(xt, insn);
        break;
    case 8: /* SRC */
        *r = (uint32_t)(((uint64_t)s << 32 | t) >> sar);
        break;
    case 9: /* SRL */
        *r = (uint32_t)((uint64_t)t >> sar);
        break;
    case 10: /* SLL */
        *r = (uint32_t)((uint64_t)s << (32 - sar));
        break;
    case 11: /* SRA */
        *r = shift_arithmetic(t, sar);
        break;
    case 12: /* MUL16U */
        *r = (s & 0xFFFF) * (t & 0xFFFF);
        break;
    case 13: /* MUL16S */
        *r = xt_signed(s, 16) * xt_signed(t, 16);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

/* A quotient that does not fit, -2^31 / -1, is -2^31, its remainder 0. */
static void divide_signed(xtensa_t *xt, uint32_t insn, bool is_remainder)
{
    int64_t s = (int32_t)*xt_a(xt, xt_s(insn));
    int64_t t = (int32_t)*xt_a(xt, xt_t(insn));
    if (t == 0) {
        xt_raise(xt, XT_CAUSE_DIVIDE);
    } else {
        *xt_a(xt, xt_r(insn)) = (uint32_t)(is_remainder ? s % t : s / t);
    }
}

static void divide_unsigned(xtensa_t *xt, uint32_t insn, bool is_remainder)
{
    uint32_t s = *xt_a(xt, xt_s(insn));
    uint32_t t = *xt_a(xt, xt_t(insn));
    if (t == 0) {
        xt_raise(xt, XT_CAUSE_DIVIDE);
    } else {
        *xt_a(xt, xt_r(insn)) = is_remainder ? s % t : s / t;
    }
}

void xt_execute_rst2(xtensa_t *xt, uint32_t insn)
{
    uint32_t s = *xt_a(xt, xt_s(insn));
    uint32_t t = *xt_a(xt, xt_t(insn));
    uint32_t *r = xt_a(xt, xt_r(insn));
    switch (xt_op2(insn)) {
    case 6: /* SALTU */
        *r = s < t;
        break;
    case 7: /* SALT */
        *r = (int32_t)s < (int32_t)t;
        break;
    case 8: /* MULL */
        *r = s * t;
        break;
    case 10: /* MULUH */
        *r = (uint32_t)((uint64_t)s * t >> 32);
        break;
    case 11: /* MULSH */
        *r = (uint32_t)((uint64_t)((int64_t)(int32_t)s * (int32_t)t) >> 32);
        break;
    case 12: /* QUOU */
        divide_unsigned(xt, insn, false);
        break;
    case 13: /* QUOS */
        divide_signed(xt, insn, false);
        break;
    case 14: /* REMU */
        divide_unsigned(xt, insn, true);
        break;
    case 15: /* REMS */
        divide_signed(xt, insn, true);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

static uint32_t clamps(uint32_t value, unsigned bits)
{
    int32_t limit = (int32_t)(UINT32_C(1) << bits);
    int32_t s = (int32_t)value;
    return (uint32_t)(s < -limit ? -limit : s >= limit ? limit - 1 : s);
}

static void move_if(xtensa_t *xt, uint32_t insn, bool condition)
{
    if (condition) {
        *xt_a(xt, xt_r(insn)) = *xt_a(xt, xt_s(insn));
    }
}

void xt_execute_rst3(xtensa_t *xt, uint32_t insn)
{
    uint32_t s = *xt_a(xt, xt_s(insn));
    uint32_t t = *xt_a(xt, xt_t(insn));
    uint32_t *r = xt_a(xt, xt_r(insn));
    bool is_less = (int32_t)s < (int32_t)t;
    switch (xt_op2(insn)) {
    case 0:
        xt_rsr(xt, insn);
        break;
    case 1:
        xt_wsr(xt, insn);
        break;
    case 2:
        *r = xt_signed(s, xt_t(insn) + 8);
        break;
    case 3:
        *r = clamps(s, xt_t(insn) + 7);
        break;
    case 4: /* MIN */
        *r = is_less ? s : t;
        break;
    case 5: /* MAX */
        *r = is_less ? t : s;
        break;
    case 6: /* MINU */
        *r = s < t ? s : t;
        break;
    case 7: /* MAXU */
        *r = s < t ? t : s;
        break;
    case 8: /* MOVEQZ */
        move_if(xt, insn, t == 0);
        break;
    case 9: /* MOVNEZ */
        move_if(xt, insn, t != 0);
        break;
    case 10: /* MOVLTZ */
        move_if(xt, insn, (int32_t)t < 0);
        break;
    case 11: /* MOVGEZ */
        move_if(xt, insn, (int32_t)t >= 0);
        break;
    case 14: /* RUR */
        *r = xt->user[insn >> 4 & 0xFF];
        break;
    case 15: /* WUR */
        xt->user[insn >> 8 & 0xFF] = t;
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

void xt_extui(xtensa_t *xt, uint32_t insn)
{
    uint32_t mask = (UINT32_C(2) << xt_op2(insn)) - 1;
    *xt_a(xt, xt_r(insn)) = *xt_a(xt, xt_t(insn)) >> (xt_op1(insn) % 2 << 4 | xt_s(insn)) & mask;
}
