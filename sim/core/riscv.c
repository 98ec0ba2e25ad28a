/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * RV32I and M: the loop over instructions. Misaligned loads and stores work, as in the chips' memory.
 */
#include "core/riscv.h"

#include <string.h>

#include "core/riscv_state.h"

enum { RA = 1, FENCE_OPCODE = 0x0F };

static const uint32_t MTVEC_VECTORED = 1;

/* ---- arithmetic ---- */

static uint32_t shift_right(uint32_t value, uint32_t count, bool is_arithmetic)
{
    return is_arithmetic ? (uint32_t)((int32_t)value >> count) : value >> count;
}

/* Extension M. Division by zero and overflow have results of their own and no trap. */
static uint32_t multiply_or_divide(unsigned which, uint32_t a, uint32_t b)
{
    int64_t signed_a = (int32_t)a, signed_b = (int32_t)b;
    switch (which) {
    case 0: /* MUL */
        return a * b;
    case 1: /* MULH */
        return (uint32_t)((uint64_t)(signed_a * signed_b) >> 32);
    case 2: /* MULHSU */
        return (uint32_t)((uint64_t)(signed_a * (int64_t)b) >> 32);
    case 3: /* MULHU */
        return (uint32_t)((uint64_t)a * b >> 32);
    case 4: /* DIV */
        return b == 0 ? UINT32_MAX : (uint32_t)(signed_a / signed_b);
    case 5: /* DIVU */
        return b == 0 ? UINT32_MAX : a / b;
    case 6: /* REM */
        return b == 0 ? a : (uint32_t)(signed_a % signed_b);
    default: /* REMU */
        return b == 0 ? a : a % b;
    }
}

static uint32_t calculate(unsigned which, uint32_t a, uint32_t b, bool is_alternative)
{
    switch (which) {
    case 0: /* ADD, SUB */
        return is_alternative ? a - b : a + b;
    case 1: /* SLL */
        return a << (b & 31);
    case 2: /* SLT */
        return (int32_t)a < (int32_t)b ? 1 : 0;
    case 3: /* SLTU */
        return a < b ? 1 : 0;
    case 4: /* XOR */
        return a ^ b;
    case 5: /* SRL, SRA */
        return shift_right(a, b & 31, is_alternative);
    case 6: /* OR */
        return a | b;
    default: /* AND */
        return a & b;
    }
}

/* OP-IMM; false: no such instruction. */
static bool calculate_immediate(sim_riscv_t *cpu, uint32_t code)
{
    unsigned which = code >> 12 & 7, high = code >> 25;
    bool is_arithmetic = which == 5 && high == 0x20;
    if ((which == 1 || which == 5) && high != 0 && !is_arithmetic) {
        return false;
    }
    uint32_t a = cpu->x[code >> 15 & 31], b = (uint32_t)((int32_t)code >> 20);
    cpu->x[code >> 7 & 31] = calculate(which, a, b, is_arithmetic);
    return true;
}

/* OP; false: no such instruction. */
static bool calculate_registers(sim_riscv_t *cpu, uint32_t code)
{
    unsigned which = code >> 12 & 7, high = code >> 25;
    uint32_t a = cpu->x[code >> 15 & 31], b = cpu->x[code >> 20 & 31];
    if (high == 1) {
        cpu->x[code >> 7 & 31] = multiply_or_divide(which, a, b);
        return true;
    }
    bool is_alternative = high == 0x20 && (which == 0 || which == 5);
    if (high != 0 && !is_alternative) {
        return false;
    }
    cpu->x[code >> 7 & 31] = calculate(which, a, b, is_alternative);
    return true;
}

/* ---- memory ---- */

static bool load(sim_riscv_t *cpu, uint32_t code)
{
    static const uint8_t SIZES[8] = {1, 2, 4, 0, 1, 2, 0, 0};
    unsigned which = code >> 12 & 7, rd = code >> 7 & 31;
    uint32_t address = cpu->x[code >> 15 & 31] + (uint32_t)((int32_t)code >> 20), value = 0;
    if (SIZES[which] == 0) {
        return sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    }
    if (!sim_bus_load(cpu->core.bus, address, SIZES[which], &value)) {
        return sim_riscv_stop(cpu, SIM_STOP_ACCESS, address, false);
    }
    cpu->x[rd] = which == 0 ? (uint32_t)(int8_t)value : which == 1 ? (uint32_t)(int16_t)value : value;
    return true;
}

static bool store(sim_riscv_t *cpu, uint32_t code)
{
    unsigned which = code >> 12 & 7;
    uint32_t offset = (uint32_t)((int32_t)code >> 25) << 5 | (code >> 7 & 31);
    uint32_t address = cpu->x[code >> 15 & 31] + offset;
    if (which > 2) {
        return sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    }
    if (!sim_bus_store(cpu->core.bus, address, 1u << which, cpu->x[code >> 20 & 31])) {
        return sim_riscv_stop(cpu, SIM_STOP_ACCESS, address, true);
    }
    return true;
}

/* ---- jumps ---- */

static bool branch(sim_riscv_t *cpu, uint32_t code, uint32_t *next)
{
    unsigned which = code >> 12 & 7;
    uint32_t a = cpu->x[code >> 15 & 31], b = cpu->x[code >> 20 & 31];
    bool is_taken;
    switch (which >> 1) {
    case 0: /* BEQ, BNE */
        is_taken = a == b;
        break;
    case 2: /* BLT, BGE */
        is_taken = (int32_t)a < (int32_t)b;
        break;
    case 3: /* BLTU, BGEU */
        is_taken = a < b;
        break;
    default:
        return sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    }
    if (is_taken != ((which & 1) != 0)) {
        uint32_t offset = (uint32_t)((int32_t)code >> 31) << 12 | (code >> 7 & 1) << 11 |
                          (code >> 25 & 0x3F) << 5 | (code >> 8 & 0xF) << 1;
        *next = cpu->core.pc + offset;
    }
    return true;
}

static void jump(sim_riscv_t *cpu, unsigned rd, uint32_t to, uint32_t *next)
{
    cpu->x[rd] = *next;
    *next = to;
    if (rd == RA && cpu->core.on_call != NULL) {
        cpu->core.on_call(cpu->core.on_call_ctx, cpu->core.pc, to);
    }
}

static uint32_t jal_offset(uint32_t code)
{
    return (uint32_t)((int32_t)code >> 31) << 20 | (code >> 12 & 0xFF) << 12 | (code >> 20 & 1) << 11 |
           (code >> 21 & 0x3FF) << 1;
}

/* ---- the loop ---- */

static bool execute(sim_riscv_t *cpu, uint32_t code, uint32_t *next)
{
    unsigned rd = code >> 7 & 31;
    switch (code & 0x7F) {
    case 0x03:
        return load(cpu, code);
    case FENCE_OPCODE: /* FENCE, FENCE.I: memory is in order */
        return (code >> 12 & 7) <= 1 || sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    case 0x13:
        return calculate_immediate(cpu, code) || sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    case 0x17: /* AUIPC */
        cpu->x[rd] = cpu->core.pc + (code & 0xFFFFF000);
        return true;
    case 0x23:
        return store(cpu, code);
    case 0x33:
        return calculate_registers(cpu, code) || sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    case 0x37: /* LUI */
        cpu->x[rd] = code & 0xFFFFF000;
        return true;
    case 0x63:
        return branch(cpu, code, next);
    case 0x67: /* JALR */
        if ((code >> 12 & 7) != 0) {
            return sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
        }
        jump(cpu, rd, (cpu->x[code >> 15 & 31] + (uint32_t)((int32_t)code >> 20)) & ~1u, next);
        return true;
    case 0x6F: /* JAL */
        jump(cpu, rd, cpu->core.pc + jal_offset(code), next);
        return true;
    case 0x73:
        return sim_riscv_system(cpu, code, next);
    default:
        return sim_riscv_extension(cpu, code);
    }
}

static bool step(sim_riscv_t *cpu)
{
    sim_core_t *core = &cpu->core;
    uint32_t code;
    if (!sim_bus_fetch(core->bus, core->pc, &code)) {
        return sim_riscv_stop(cpu, SIM_STOP_ACCESS, core->pc, false);
    }
    uint32_t next = core->pc + 4;
    if ((code & 3) != 3) {
        uint32_t compressed = code & 0xFFFF;
        next = core->pc + 2;
        code = cpu->expanded[compressed];
        if (code == 0) {
            return sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, compressed, false);
        }
    }
    if (!execute(cpu, code, &next)) {
        return false;
    }
    cpu->x[0] = 0;
    core->pc = next;
    core->count++;
    return true;
}

static sim_stop_t riscv_run(sim_core_t *core)
{
    sim_riscv_t *cpu = (sim_riscv_t *)core;
    for (;;) {
        if (sim_riscv_take_interrupt(cpu)) {
            cpu->is_waiting = false;
        }
        if (cpu->is_waiting) {
            return (sim_stop_t){SIM_STOP_WAITING, core->pc, 0, false};
        }
        if (core->count >= core->limit) {
            return (sim_stop_t){SIM_STOP_LIMIT, core->pc, 0, false};
        }
        core->pause = core->limit;
        while (core->count < core->pause) {
            if (!step(cpu)) {
                return cpu->stop;
            }
        }
    }
}

/* ---- life ---- */

void sim_riscv_configure(sim_core_t *core, const sim_riscv_features_t *features)
{
    sim_riscv_t *cpu = (sim_riscv_t *)core;
    cpu->features = *features;
    for (uint32_t code = 0; code < sizeof(cpu->expanded) / sizeof(cpu->expanded[0]); code++) {
        cpu->expanded[code] = sim_riscv_expand((uint16_t)code, features->has_float);
    }
}

sim_riscv_controller_t *sim_riscv_controller(sim_core_t *core)
{
    return &((sim_riscv_t *)core)->controller;
}

static void riscv_reset(sim_core_t *core)
{
    sim_riscv_t *cpu = (sim_riscv_t *)core;
    size_t from = offsetof(sim_riscv_t, controller);
    memset((uint8_t *)cpu + from, 0, offsetof(sim_riscv_t, expanded) - from);
    cpu->mtvec = MTVEC_VECTORED;
}

static uint32_t riscv_get(const sim_core_t *core, unsigned number)
{
    return ((const sim_riscv_t *)core)->x[number & 31];
}

static void riscv_set(sim_core_t *core, unsigned number, uint32_t value)
{
    if ((number & 31) != 0) {
        ((sim_riscv_t *)core)->x[number & 31] = value;
    }
}

const sim_core_ops_t sim_core_riscv = {
    sizeof(sim_riscv_t), offsetof(sim_riscv_t, expanded), riscv_reset, riscv_run, riscv_get, riscv_set};
