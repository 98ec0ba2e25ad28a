/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rom/elf.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum {
    HEADER_SIZE = 52,
    SECTION_SIZE = 40,
    SYMBOL_SIZE = 16,
    PROGBITS = 1,
    SYMTAB = 2,
    ALLOC = 2,
    FUNCTION = 2, /* types above are sections and files */
};

static uint16_t get16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

/* Is [offset, offset + count * unit) in the file? */
static bool is_inside(const sim_elf_t *elf, size_t offset, size_t count, size_t unit)
{
    return offset <= elf->size && count <= (elf->size - offset) / unit;
}

static void find_symbols(sim_elf_t *elf)
{
    for (size_t i = 0; i < elf->section_count; i++) {
        const uint8_t *header = elf->bytes + elf->sections + i * SECTION_SIZE;
        size_t offset = sim_get32(header + 16), size = sim_get32(header + 20), link = sim_get32(header + 24);
        if (sim_get32(header + 4) != SYMTAB || link >= elf->section_count ||
            !is_inside(elf, offset, size / SYMBOL_SIZE, SYMBOL_SIZE)) {
            continue;
        }
        const uint8_t *strings = elf->bytes + elf->sections + link * SECTION_SIZE;
        size_t names = sim_get32(strings + 16), names_size = sim_get32(strings + 20);
        if (is_inside(elf, names, names_size, 1)) {
            elf->symbols = offset;
            elf->symbol_count = size / SYMBOL_SIZE;
            elf->names = (const char *)elf->bytes + names;
            elf->names_size = names_size;
            return;
        }
    }
}

bool sim_elf_open(sim_elf_t *elf, const uint8_t *bytes, size_t size, char *error, size_t error_size)
{
    static const uint8_t IDENTITY[] = {0x7F, 'E', 'L', 'F', 1, 1}; /* 32 bits, little endian */
    *elf = (sim_elf_t){.bytes = bytes, .size = size};
    if (size < HEADER_SIZE || memcmp(bytes, IDENTITY, sizeof(IDENTITY)) != 0) {
        return sim_error(error, error_size, "not an ELF file of a 32-bit little endian processor");
    }
    elf->machine = get16(bytes + 18);
    elf->entry = sim_get32(bytes + 24);
    elf->sections = sim_get32(bytes + 32);
    elf->section_count = get16(bytes + 48);
    if (get16(bytes + 46) != SECTION_SIZE ||
        !is_inside(elf, elf->sections, elf->section_count, SECTION_SIZE)) {
        return sim_error(error, error_size, "ELF file without its section headers: cut off?");
    }
    find_symbols(elf);
    return true;
}

bool sim_elf_section(const sim_elf_t *elf, size_t index, sim_elf_section_t *out)
{
    const uint8_t *header = elf->bytes + elf->sections + index * SECTION_SIZE;
    size_t offset = sim_get32(header + 16);
    *out = (sim_elf_section_t){.address = sim_get32(header + 12),
                               .size = sim_get32(header + 20),
                               .is_allocated = (sim_get32(header + 8) & ALLOC) != 0};
    if (sim_get32(header + 4) == PROGBITS) {
        if (!is_inside(elf, offset, out->size, 1) || out->size > UINT32_MAX - out->address) {
            return false;
        }
        out->bytes = elf->bytes + offset;
    }
    return true;
}

const char *sim_elf_symbol(const sim_elf_t *elf, size_t index, uint32_t *value)
{
    const uint8_t *symbol = elf->bytes + elf->symbols + index * SYMBOL_SIZE;
    size_t name = sim_get32(symbol);
    bool is_place = get16(symbol + 14) != 0 && (symbol[12] & 0xF) <= FUNCTION;
    *value = sim_get32(symbol + 4);
    if (!is_place || name >= elf->names_size ||
        memchr(elf->names + name, 0, elf->names_size - name) == NULL) {
        return NULL;
    }
    const char first = elf->names[name];
    return first == 0 || first == '.' || first == '$' ? NULL : elf->names + name; /* the assembler's own */
}

bool sim_elf_find(const sim_elf_t *elf, const char *name, uint32_t *value)
{
    for (size_t i = 0; i < elf->symbol_count; i++) {
        const char *found = sim_elf_symbol(elf, i, value);
        if (found != NULL && strcmp(found, name) == 0) {
            return true;
        }
    }
    return false;
}

const char *sim_elf_name(const sim_elf_t *elf, uint32_t address, uint32_t *distance)
{
    const char *best = NULL;
    *distance = UINT32_MAX;
    for (size_t i = 0; i < elf->symbol_count; i++) {
        uint32_t value;
        const char *name = sim_elf_symbol(elf, i, &value);
        if (name != NULL && value <= address && address - value < *distance) {
            best = name;
            *distance = address - value;
        }
    }
    return best;
}
