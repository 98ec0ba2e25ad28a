/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The cache, as a window to the flash: its table says which page of 64 KiB is where. Older chips have the table in their
 * address space, later ones an index and a content register. Source: ESP-IDF, headers of the external
 * memory and of the SPI registers of each chip (soc).
 */
#include "rom/code_state.h"
#include "state/model.h"

enum { PAGE = 0x10000, INDEX = 4 /* the register after that of the content */ };

static void map_page(sim_code_t *code, uint32_t entry, uint32_t value)
{
    const sim_code_mmu_t *mmu = &code->chip->mmu;
    const sim_flash_t *flash = &code->sim->flash;
    uint32_t at = (value & mmu->page_mask) * PAGE;
    bool is_valid = (value & mmu->valid_mask) == mmu->valid && at < flash->size && flash->size - at >= PAGE;
    for (unsigned i = 0; i < 2 && mmu->windows[i] != 0; i++) {
        if (is_valid) {
            sim_bus_map(code->bus, mmu->windows[i] + entry * PAGE, PAGE, flash->bytes + at, false);
        } else {
            sim_bus_unmap(code->bus, mmu->windows[i] + entry * PAGE, PAGE);
        }
    }
}

void sim_code_mmu_reset(sim_code_t *code)
{
    const sim_code_mmu_t *mmu = &code->chip->mmu;
    for (unsigned i = 0; i < 2 && mmu->windows[i] != 0; i++) {
        sim_bus_unmap(code->bus, mmu->windows[i], mmu->entries * PAGE);
    }
}

void sim_code_mmu_store(sim_code_t *code, uint32_t address, uint32_t value)
{
    const sim_code_mmu_t *mmu = &code->chip->mmu;
    if (mmu->is_indexed && address == mmu->table) {
        map_page(code, sim_code_kept(code, mmu->table + INDEX) % mmu->entries, value);
    } else if (mmu->table != 0 && !mmu->is_indexed && address - mmu->table < 4 * mmu->entries) {
        map_page(code, (address - mmu->table) / 4, value);
    }
}
