/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * RISC-V: extension A, and of F the instructions that move numbers. Source: The RISC-V Instruction Set Manual, volume I,
 * chapters 8 and 11.
 */
#include "core/riscv_state.h"

enum { LOAD_FP = 0x07, STORE_FP = 0x27, AMO = 0x2F, OP_FP = 0x53 };

/* ---- A ---- */

static bool combine(unsigned operation, uint32_t old, uint32_t operand, uint32_t *value)
{
    bool is_less = (int32_t)old < (int32_t)operand;
    switch (operation) {
    case 0x00: /* AMOADD */
        *value = old + operand;
        return true;
    case 0x01: /* AMOSWAP */
        *value = operand;
        return true;
    case 0x04: /* AMOXOR */
        *value = old ^ operand;
        return true;
    case 0x08: /* AMOOR */
        *value = old | operand;
        return true;
    case 0x0C: /* AMOAND */
        *value = old & operand;
        return true;
    case 0x10: /* AMOMIN */
        *value = is_less ? old : operand;
        return true;
    case 0x14: /* AMOMAX */
        *value = is_less ? operand : old;
        return true;
    case 0x18: /* AMOMINU */
        *value = old < operand ? old : operand;
        return true;
    case 0x1C: /* AMOMAXU */
        *value = old < operand ? operand : old;
        return true;
    default:
        return false;
    }
}

static bool load_reserved(sim_riscv_t *cpu, uint32_t address, uint32_t *old)
{
    if (!sim_bus_load(cpu->core.bus, address, 4, old)) {
        return sim_riscv_stop(cpu, SIM_STOP_ACCESS, address, false);
    }
    cpu->is_reserved = true;
    cpu->reserved = address;
    return true;
}

/* A single core loses its reservation to its own SC only. */
static bool store_conditional(sim_riscv_t *cpu, uint32_t address, uint32_t operand, uint32_t *failed)
{
    *failed = cpu->is_reserved && cpu->reserved == address ? 0 : 1;
    cpu->is_reserved = false;
    if (*failed == 0 && !sim_bus_store(cpu->core.bus, address, 4, operand)) {
        return sim_riscv_stop(cpu, SIM_STOP_ACCESS, address, true);
    }
    return true;
}

static bool execute_amo(sim_riscv_t *cpu, uint32_t code)
{
    unsigned operation = code >> 27, rd = code >> 7 & 31;
    uint32_t address = cpu->x[code >> 15 & 31], operand = cpu->x[code >> 20 & 31], old = 0, value = 0;
    if (!cpu->features.has_atomics || (code >> 12 & 7) != 2) {
        return sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    }
    if (operation == 0x03 || (operation == 0x02 && (code >> 20 & 31) == 0)) { /* SC, LR */
        bool is_done = operation == 0x02 ? load_reserved(cpu, address, &old)
                                         : store_conditional(cpu, address, operand, &old);
        cpu->x[rd] = is_done ? old : cpu->x[rd];
        return is_done;
    }
    if (!combine(operation, 0, 0, &value)) {
        return sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    }
    if (!sim_bus_load(cpu->core.bus, address, 4, &old)) {
        return sim_riscv_stop(cpu, SIM_STOP_ACCESS, address, false);
    }
    combine(operation, old, operand, &value);
    if (!sim_bus_store(cpu->core.bus, address, 4, value)) {
        return sim_riscv_stop(cpu, SIM_STOP_ACCESS, address, true);
    }
    cpu->x[rd] = old;
    return true;
}

/* ---- F ---- */

static bool execute_float(sim_riscv_t *cpu, uint32_t code)
{
    unsigned rd = code >> 7 & 31, rs2 = code >> 20 & 31;
    uint32_t base = cpu->x[code >> 15 & 31];
    uint32_t load = base + (uint32_t)((int32_t)code >> 20);
    uint32_t store = base + ((uint32_t)((int32_t)code >> 25) << 5 | rd);
    if (cpu->features.has_float && (code & 0x707F) == (0x2000 | LOAD_FP)) { /* FLW */
        return sim_bus_load(cpu->core.bus, load, 4, &cpu->f[rd]) ||
               sim_riscv_stop(cpu, SIM_STOP_ACCESS, load, false);
    }
    if (cpu->features.has_float && (code & 0x707F) == (0x2000 | STORE_FP)) { /* FSW */
        return sim_bus_store(cpu->core.bus, store, 4, cpu->f[rs2]) ||
               sim_riscv_stop(cpu, SIM_STOP_ACCESS, store, true);
    }
    switch (cpu->features.has_float ? code & 0xFFF0707F : 0) {
    case 0xE0000053: /* FMV.X.W */
        cpu->x[rd] = cpu->f[code >> 15 & 31];
        return true;
    case 0xF0000053: /* FMV.W.X */
        cpu->f[rd] = base;
        return true;
    default:
        return sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    }
}

bool sim_riscv_extension(sim_riscv_t *cpu, uint32_t code)
{
    switch (code & 0x7F) {
    case AMO:
        return execute_amo(cpu, code);
    case LOAD_FP:
    case STORE_FP:
    case OP_FP:
        return execute_float(cpu, code);
    default:
        return sim_riscv_stop(cpu, SIM_STOP_ILLEGAL, code, false);
    }
}
