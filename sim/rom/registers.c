/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Registers that have no effect here: they are kept as written, and some read as the code must see them. Those of the
 * watchdogs are the model's. What is in none of the chip's blocks does not answer.
 */
#include "rom/code_state.h"
#include "state/model.h"

enum { FREEZE = 0x111111 };

static bool is_there(const sim_code_chip_t *chip, uint32_t address)
{
    for (const sim_code_block_t *block = chip->blocks; block->end != 0; block++) {
        if (address >= block->start && address < block->end) {
            return true;
        }
    }
    return false;
}

uint32_t sim_code_kept(const sim_code_t *code, uint32_t address)
{
    return sim_memory_read32(&code->sim->memory, address);
}

bool sim_code_register_load(const sim_code_t *code, uint32_t address, uint32_t *value)
{
    const char *chip = code->chip->name;
    if (!is_there(code->chip, address)) {
        return false;
    }
    *value = sim_code_kept(code, address);
    if (address == code->chip->mmu.freeze[0] || address == code->chip->mmu.freeze[1]) {
        *value = (*value & FREEZE) | (*value & FREEZE) << 2;
    }
    for (const sim_code_constant_t *row = sim_code_constant_next(chip, NULL); row != NULL;
         row = sim_code_constant_next(chip, row)) {
        if (row->address == address) {
            *value = (*value | row->ones) & ~row->zeros;
        }
    }
    return true;
}

bool sim_code_register_store(sim_code_t *code, uint32_t address, uint32_t value)
{
    if (!is_there(code->chip, address)) {
        return false;
    }
    sim_code_sync(code);
    if (sim_watchdog_write(code->sim, address, value) || sim_efuse_write(code->sim, address, value)) {
        sim_code_reschedule(code);
    } else {
        sim_memory_write32(&code->sim->memory, address, value);
    }
    return true;
}
