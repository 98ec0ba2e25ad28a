/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * From the ELF file to the ROM's bytes. The file holds the initial values of variables at their place in RAM; a ROM has
 * them in itself and copies them at its start, by a table that the file does have: they go to where that says.
 */
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "rom/code_state.h"
#include "state/model.h"

enum { OLD_ENTRY = 16, NEW_ENTRY = 12 /* start, end, source; the old form has a core number after them */ };

static size_t region_of(const sim_code_t *code, uint32_t address)
{
    const sim_code_region_t *memory = code->chip->memory;
    size_t i = 0;
    while (i < SIM_CODE_REGIONS && memory[i].size != 0 && address - memory[i].address >= memory[i].size) {
        i++;
    }
    return i < SIM_CODE_REGIONS && memory[i].size != 0 ? i : SIM_CODE_REGIONS;
}

uint8_t *sim_code_bytes(const sim_code_t *code, uint32_t address, size_t *left)
{
    const sim_code_region_t *memory = code->chip->memory;
    size_t region = region_of(code, address);
    if (region == SIM_CODE_REGIONS) {
        return NULL;
    }
    uint32_t at = address - memory[region].address;
    *left = memory[region].size - at;
    if (memory[region].alias_of != 0) { /* of one that is none itself */
        address = memory[region].alias_of + at;
        region = region_of(code, address);
        at = address - memory[region].address;
    }
    return code->memory[region] + at;
}

static void put(sim_code_t *code, uint32_t address, const uint8_t *bytes, size_t size)
{
    size_t left;
    uint8_t *to = sim_code_bytes(code, address, &left);
    if (to != NULL) {
        memcpy(to, bytes, size < left ? size : left);
    }
}

bool sim_code_is_rom(const sim_code_t *code, uint32_t address)
{
    size_t region = region_of(code, address);
    return region != SIM_CODE_REGIONS && code->chip->memory[region].is_rom;
}

/* What the sections hold of RAM from start to end goes to the ROM at source. */
static void store_range(sim_code_t *code, uint32_t start, uint32_t end, uint32_t source)
{
    sim_elf_section_t section;
    for (size_t i = 0; i < code->elf.section_count && sim_code_is_rom(code, source); i++) {
        if (!sim_elf_section(&code->elf, i, &section) || section.bytes == NULL) {
            continue;
        }
        uint32_t from = section.address > start ? section.address : start;
        uint32_t section_end = section.address + section.size;
        uint32_t to = section_end < end ? section_end : end;
        if (from < to) {
            put(code, source + (from - start), section.bytes + (from - section.address), to - from);
        }
    }
}

static bool store_initial_values(sim_code_t *code, char *error, size_t error_size)
{
    uint32_t at, end;
    size_t left, entry = NEW_ENTRY;
    if (!sim_elf_find(&code->elf, "_data_table_start", &at) ||
        !sim_elf_find(&code->elf, "_data_table_end", &end)) {
        entry = OLD_ENTRY;
        if (!sim_elf_find(&code->elf, "_rom_store_table", &at) ||
            !sim_elf_find(&code->elf, "_bss_start", &end)) {
            return sim_error(error, error_size, "the ROM's ELF file has no table of initial values");
        }
    }
    const uint8_t *table = sim_code_bytes(code, at, &left);
    if (table == NULL || end < at || end - at > left || !sim_code_is_rom(code, at)) {
        return sim_error(error, error_size, "the table of initial values is not in the ROM");
    }
    for (size_t i = 0; i + entry <= end - at; i += entry) {
        store_range(code, sim_get32(table + i), sim_get32(table + i + 4), sim_get32(table + i + 8));
    }
    return true;
}

bool sim_code_load(sim_code_t *code, char *error, size_t error_size)
{
    sim_elf_section_t section;
    uint32_t address;
    size_t left = 0;
    for (size_t i = 0; i < code->elf.section_count; i++) {
        if (!sim_elf_section(&code->elf, i, &section)) {
            return sim_error(error, error_size, "section %zu of the ROM's ELF file is cut off", i);
        }
        if (section.is_allocated && section.bytes != NULL && sim_code_is_rom(code, section.address)) {
            put(code, section.address, section.bytes, section.size);
        }
    }
    const uint8_t *id =
        sim_elf_find(&code->elf, "_rom_chip_id", &address) ? sim_code_bytes(code, address, &left) : NULL;
    if (id != NULL && left >= 4 && sim_get32(id) != code->sim->chip->image_chip_id) {
        return sim_error(error, error_size, "the ROM is of another chip: its id is %u, that of %s is %u",
                         (unsigned)sim_get32(id), code->sim->chip->title,
                         (unsigned)code->sim->chip->image_chip_id);
    }
    return store_initial_values(code, error, error_size);
}
