/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * From a device's interrupt to the core's line: the matrix, and the controllers of the RISC-V cores. Source: technical
 * reference manuals, chapters "Interrupt Matrix" and "High-Performance CPU".
 */
#include "rom/code_state.h"

enum {
    LINE_MASK = 0x1F,
    CLIC_THRESHOLD = 8,
    CLIC_CONTROLS = 0x1000,
    CONTROL_ENABLED = 1 << 8,
    CONTROL_VECTORED = 1 << 16,
    CONTROL_LEVEL_SHIFT = 24,
};

static uint32_t line_of(const sim_code_t *code, uint32_t map)
{
    uint32_t line = sim_code_kept(code, map);
    if (code->chip->clic != 0) { /* counts from the CLIC's own interrupts on */
        return line < SIM_RISCV_CLIC_FIRST ? 0 : 1u << ((line - SIM_RISCV_CLIC_FIRST) & LINE_MASK);
    }
    return 1u << (line & LINE_MASK);
}

uint32_t sim_code_lines(sim_code_t *code)
{
    const sim_code_chip_t *chip = code->chip;
    uint32_t lines = sim_code_uart_interrupts(code) ? line_of(code, chip->uart_line) : 0;
    if (chip->usj != 0 && sim_code_usj_interrupts(code)) {
        lines |= line_of(code, chip->usj_line);
    }
    if (sim_code_slave_interrupts(code)) {
        lines |= line_of(code, chip->slave.line);
    }
    if (chip->slc.base != 0 && sim_code_slc_interrupts(code)) {
        lines |= line_of(code, chip->slc.line);
    }
    return lines;
}

static void set_bit(uint32_t *word, unsigned number, bool is_set)
{
    *word = is_set ? *word | 1u << number : *word & ~(1u << number);
}

static bool clic_store(sim_code_t *code, uint32_t offset, uint32_t value)
{
    sim_riscv_controller_t *controller = sim_riscv_controller(code->core);
    uint32_t first = CLIC_CONTROLS + 4 * SIM_RISCV_CLIC_FIRST;
    if (offset == CLIC_THRESHOLD) {
        controller->threshold = (uint8_t)(value >> CONTROL_LEVEL_SHIFT);
    } else if (offset >= first && offset < first + 4 * SIM_RISCV_LINES) {
        unsigned line = (offset - first) / 4;
        set_bit(&controller->enabled, line, (value & CONTROL_ENABLED) != 0);
        set_bit(&controller->vectored, line, (value & CONTROL_VECTORED) != 0);
        controller->priority[line] = (uint8_t)(value >> CONTROL_LEVEL_SHIFT);
    } else {
        return false;
    }
    return true;
}

bool sim_code_controller_store(sim_code_t *code, uint32_t address, uint32_t value)
{
    const sim_code_chip_t *chip = code->chip;
    if (chip->core != &sim_core_riscv) {
        return false;
    }
    sim_riscv_controller_t *controller = sim_riscv_controller(code->core);
    bool is_known = true;
    if (chip->clic != 0) {
        is_known = clic_store(code, address - chip->clic, value);
    } else if (address == chip->line_enable) {
        controller->enabled = value;
    } else if (address == chip->line_threshold) {
        controller->threshold = (uint8_t)value;
    } else if (address - chip->line_priority < 4 * SIM_RISCV_LINES) {
        controller->priority[(address - chip->line_priority) / 4] = (uint8_t)value;
    } else {
        is_known = false;
    }
    if (is_known) {
        sim_code_update_lines(code, 1);
    }
    return is_known;
}
