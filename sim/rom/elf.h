/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * An ELF file of a 32-bit little endian processor: sections and symbols. The file may hold anything: every offset in it is
 * checked where it is used. Source: System V Application Binary Interface, chapter 4, "Object Files".
 */
#ifndef SIM_ELF_H
#define SIM_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_ELF_XTENSA = 94, SIM_ELF_RISCV = 243 };

typedef struct {
    const uint8_t *bytes;
    size_t size;
    uint16_t machine; /**< e_machine */
    uint32_t entry;
    size_t sections, section_count; /**< offset of the section headers */
    size_t symbols, symbol_count;   /**< offset of the symbol table; count 0 = the file has none */
    const char *names;              /**< of symbols */
    size_t names_size;
} sim_elf_t;

typedef struct {
    uint32_t address, size;
    bool is_allocated; /**< SHF_ALLOC */
    const uint8_t
        *bytes; /**< size of them; NULL = the file holds none (NOBITS, or not a section with content) */
} sim_elf_section_t;

/** Reads the headers of @p bytes, which the caller keeps. false and a sentence when it is not such a file. */
bool sim_elf_open(sim_elf_t *elf, const uint8_t *bytes, size_t size, char *error, size_t error_size);
/** A section by index below section_count; false when its header says what cannot be. */
bool sim_elf_section(const sim_elf_t *elf, size_t index, sim_elf_section_t *out);
/** A symbol by index below symbol_count: name and value; NULL when it names no place in the program. */
const char *sim_elf_symbol(const sim_elf_t *elf, size_t index, uint32_t *value);
/** The value of a symbol; false when there is none of that name. */
bool sim_elf_find(const sim_elf_t *elf, const char *name, uint32_t *value);
/** The name of the function that @p address is in or after, and how far; NULL when none is there. */
const char *sim_elf_name(const sim_elf_t *elf, uint32_t address, uint32_t *distance);

#endif
