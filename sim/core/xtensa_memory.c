/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Loads and stores. The chips' cores take them at any alignment (XCHAL_UNALIGNED_LOAD_HW in ESP-IDF).
 */
#include "core/xtensa_state.h"

bool xt_load(xtensa_t *xt, uint32_t address, unsigned size, uint32_t *value)
{
    if (sim_bus_load(xt->core.bus, address, size, value)) {
        return true;
    }
    xt_stop(xt, SIM_STOP_ACCESS, address);
    return false;
}

bool xt_store(xtensa_t *xt, uint32_t address, unsigned size, uint32_t value)
{
    if (sim_bus_store(xt->core.bus, address, size, value)) {
        return true;
    }
    xt_stop(xt, SIM_STOP_ACCESS, address);
    xt->stop.is_store = true;
    return false;
}

static void load_to_t(xtensa_t *xt, uint32_t insn, uint32_t address, unsigned size)
{
    uint32_t value;
    if (xt_load(xt, address, size, &value)) {
        *xt_a(xt, xt_t(insn)) = value;
    }
}

static void store_t(xtensa_t *xt, uint32_t insn, uint32_t address, unsigned size)
{
    xt_store(xt, address, size, *xt_a(xt, xt_t(insn)));
}

/* A literal lies before the instruction. */
void xt_l32r(xtensa_t *xt, uint32_t insn)
{
    load_to_t(xt, insn, ((xt->core.pc + 3) & ~UINT32_C(3)) + ((insn >> 8 | 0xFFFF0000) << 2), 4);
}

static void s32c1i(xtensa_t *xt, uint32_t insn, uint32_t address)
{
    uint32_t old;
    if (!xt_load(xt, address, 4, &old)) {
        return;
    }
    if (old != xt->special[XT_SCOMPARE1] || xt_store(xt, address, 4, *xt_a(xt, xt_t(insn)))) {
        *xt_a(xt, xt_t(insn)) = old;
    }
}

static void l16si(xtensa_t *xt, uint32_t insn, uint32_t address)
{
    uint32_t value;
    if (xt_load(xt, address, 2, &value)) {
        *xt_a(xt, xt_t(insn)) = xt_signed(value, 16);
    }
}

/* Loads, stores, additions: op0 2, by r. */
void xt_execute_lsai(xtensa_t *xt, uint32_t insn)
{
    uint32_t base = *xt_a(xt, xt_s(insn));
    uint32_t imm8 = xt_imm8(insn);
    switch (xt_r(insn)) {
    case 0: /* L8UI */
        load_to_t(xt, insn, base + imm8, 1);
        break;
    case 1: /* L16UI */
        load_to_t(xt, insn, base + 2 * imm8, 2);
        break;
    case 2:  /* L32I */
    case 11: /* L32AI */
        load_to_t(xt, insn, base + 4 * imm8, 4);
        break;
    case 4: /* S8I */
        store_t(xt, insn, base + imm8, 1);
        break;
    case 5: /* S16I */
        store_t(xt, insn, base + 2 * imm8, 2);
        break;
    case 6:  /* S32I */
    case 15: /* S32RI */
        store_t(xt, insn, base + 4 * imm8, 4);
        break;
    case 7: /* caches */
        break;
    case 9:
        l16si(xt, insn, base + 2 * imm8);
        break;
    case 10: /* MOVI */
        *xt_a(xt, xt_t(insn)) = xt_signed(xt_s(insn) << 8 | imm8, 12);
        break;
    case 12: /* ADDI */
        *xt_a(xt, xt_t(insn)) = base + xt_signed(imm8, 8);
        break;
    case 13: /* ADDMI */
        *xt_a(xt, xt_t(insn)) = base + (xt_signed(imm8, 8) << 8);
        break;
    case 14:
        s32c1i(xt, insn, base + 4 * imm8);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}

/* L32E and S32E, with which the handlers of window exceptions work. */
void xt_execute_lsc4(xtensa_t *xt, uint32_t insn)
{
    uint32_t address = *xt_a(xt, xt_s(insn)) - 64 + 4 * xt_r(insn);
    switch (xt_op2(insn)) {
    case 0:
        load_to_t(xt, insn, address, 4);
        break;
    case 4:
        store_t(xt, insn, address, 4);
        break;
    default:
        xt_invalid(xt, insn);
        break;
    }
}
