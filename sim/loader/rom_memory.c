/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ROM commands that load code into RAM. Source: esptool 5.3 (mem_begin, mem_block, mem_finish).
 */
#include "state/model.h"

static bool is_in_ranges(const sim_range_t *ranges, size_t count, uint32_t addr, uint32_t size)
{
    for (size_t i = 0; i < count && ranges[i].end != 0; i++) {
        if (addr >= ranges[i].start && addr <= ranges[i].end && size <= ranges[i].end - addr) {
            return true;
        }
    }
    return false;
}

bool sim_rom_is_ram(const esp_sim_t *sim, uint32_t addr, uint32_t size)
{
    return is_in_ranges(sim->chip->ram, sizeof(sim->chip->ram) / sizeof(sim->chip->ram[0]), addr, size);
}

void sim_rom_mem_begin(esp_sim_t *sim, const sim_request_t *request)
{
    sim_ram_write_t ram = {.is_open = true,
                           .size = sim_request_word(request, 0),
                           .block_count = sim_request_word(request, 1),
                           .block_size = sim_request_word(request, 2),
                           .addr = sim_request_word(request, 3)};
    sim->rom.ram.is_open = false;
    if (ram.block_size > SIM_ROM_BLOCK_MAX) {
        sim_misuse(sim, "MEM_BEGIN with blocks of %u bytes", (unsigned)ram.block_size);
        sim_rom_refuse(sim, SIM_REASON_BAD_FORMAT);
        return;
    }
    if (!sim_rom_is_ram(sim, ram.addr, ram.size)) {
        sim_misuse(sim, "MEM_BEGIN of %u bytes at 0x%08X, outside RAM", (unsigned)ram.size,
                   (unsigned)ram.addr);
        sim_rom_refuse(sim, SIM_REASON_RAM_ADDRESS);
        return;
    }
    if (is_in_ranges(&sim->chip->word_only_ram, 1, ram.addr, ram.size) &&
        (ram.addr % 4 != 0 || ram.size % 4 != 0)) {
        sim_misuse(sim, "MEM_BEGIN of %u bytes at 0x%08X, but that RAM takes 32-bit words only",
                   (unsigned)ram.size, (unsigned)ram.addr);
    }
    uint64_t capacity = (uint64_t)ram.block_count * ram.block_size;
    if (ram.block_size == 0 || capacity < ram.size || capacity - ram.size >= ram.block_size) {
        sim_misuse(sim, "MEM_BEGIN: %u blocks of %u bytes do not fit %u bytes", (unsigned)ram.block_count,
                   (unsigned)ram.block_size, (unsigned)ram.size);
    }
    sim->rom.ram = ram;
    sim_stub_note_load(sim, ram.addr, ram.size);
    sim_rom_answer(sim, 0, NULL, 0);
}

static void check_ram_block(esp_sim_t *sim, size_t size)
{
    const sim_ram_write_t *ram = &sim->rom.ram;
    if (size > ram->size - ram->written) {
        sim_misuse(sim, "MEM_DATA beyond the announced %u bytes", (unsigned)ram->size);
    } else if (size < ram->block_size && size != ram->size - ram->written) {
        sim_misuse(sim, "MEM_DATA of %zu bytes, blocks have %u", size, (unsigned)ram->block_size);
    }
}

void sim_rom_mem_data(esp_sim_t *sim, const sim_request_t *request)
{
    sim_ram_write_t *ram = &sim->rom.ram;
    if (!ram->is_open) {
        sim_misuse(sim, "MEM_DATA without MEM_BEGIN");
        sim_rom_refuse(sim, SIM_REASON_RESULT);
        return;
    }
    if (!sim_rom_check_block(sim, request, "MEM_DATA", ram->block_size, &ram->blocks_taken)) {
        return;
    }
    uint32_t size = (uint32_t)(request->size - 16);
    check_ram_block(sim, size);
    if (!sim_rom_is_ram(sim, ram->addr + ram->written, size)) {
        sim_rom_refuse(sim, SIM_REASON_RAM_ADDRESS);
        return;
    }
    sim_memory_write(&sim->memory, ram->addr + ram->written, request->data + 16, size);
    ram->written += size;
    sim_rom_answer(sim, 0, NULL, 0);
}

void sim_rom_mem_end(esp_sim_t *sim, const sim_request_t *request)
{
    uint32_t is_staying = sim_request_word(request, 0);
    uint32_t entry = sim_request_word(request, 1);
    if (is_staying > 1 || (is_staying == 1) != (entry == 0)) {
        sim_misuse(sim, "MEM_END with flag %u and entry 0x%08X", (unsigned)is_staying, (unsigned)entry);
    }
    if (sim->rom.ram.is_open && sim->rom.ram.written < sim->rom.ram.size) {
        sim_misuse(sim, "MEM_END after %u of %u bytes", (unsigned)sim->rom.ram.written,
                   (unsigned)sim->rom.ram.size);
    }
    sim->rom.ram.is_open = false;
    sim_rom_answer(sim, 0, NULL, 0);
    if (is_staying == 0) {
        if (!sim_rom_is_ram(sim, entry, 4)) {
            sim_misuse(sim, "MEM_END: entry 0x%08X is outside RAM", (unsigned)entry);
        }
        if (sim_efuse_forbids_jump(sim)) {
            sim_trace(sim, "rom: no jump into RAM with secure boot");
            return;
        }
        sim->rom.then = SIM_THEN_JUMP;
        sim->rom.then_value = entry;
    }
}
