/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ELF files as linkers for bare metal write them. Nothing in the file is trusted before it has been compared
 * with the file's size. Source: System V ABI, chapter 4 (object files) and 5 (program header); elf.h has the
 * structures.
 */
#define _DEFAULT_SOURCE /* endian.h */
#include "program.h"

#include <elf.h>
#include <endian.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SEGMENTS = 16, MAX_RAM = 1024 * 1024 };

/* A loadable segment, its place in the file checked. */
typedef struct {
    uint32_t addr;
    uint32_t offset, size;
} load_t;

typedef struct {
    uint32_t entry;
    load_t loads[MAX_SEGMENTS];
    size_t count;
    size_t padded_size; /* of all */
} program_t;

static size_t padded(size_t size)
{
    return (size + 3) & ~(size_t)3;
}

/* NULL, or what is wrong. */
static const char *check_header(const Elf32_Ehdr *header)
{
    uint16_t machine = le16toh(header->e_machine);
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        return "it is no ELF file";
    }
    if (header->e_ident[EI_CLASS] != ELFCLASS32 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
        (machine != EM_RISCV && machine != EM_XTENSA)) {
        return "it is not for a 32-bit RISC-V or Xtensa processor";
    }
    if (le16toh(header->e_type) != ET_EXEC || le16toh(header->e_phentsize) != sizeof(Elf32_Phdr)) {
        return "it is not a linked program";
    }
    return NULL;
}

static bool is_mapped(const mkimage_chip_t *chip, uint32_t addr)
{
    return addr - chip->drom_addr < MKIMAGE_MAX_APP || addr - chip->irom_addr < MKIMAGE_MAX_APP;
}

static const char *add_load(program_t *program, const mkimage_chip_t *chip, const Elf32_Phdr *header,
                            size_t file_size)
{
    load_t load = {le32toh(header->p_paddr), le32toh(header->p_offset), le32toh(header->p_filesz)};
    if (le32toh(header->p_type) != PT_LOAD || load.size == 0) {
        return NULL;
    }
    if (load.offset > file_size || load.size > file_size - load.offset) {
        return "it is cut off";
    }
    if (is_mapped(chip, load.addr)) {
        return "a segment is mapped from flash; only programs in RAM are supported";
    }
    if (program->count == MAX_SEGMENTS || load.size > MAX_RAM || load.addr % 4 != 0) {
        return "its segments are too many, too large, or not at whole words";
    }
    size_t at = program->count++;
    for (; at > 0 && program->loads[at - 1].addr > load.addr; at--) {
        program->loads[at] = program->loads[at - 1];
    }
    program->loads[at] = load;
    program->padded_size += padded(load.size);
    return NULL;
}

static const char *read_program(program_t *program, const mkimage_chip_t *chip, const uint8_t *elf,
                                size_t size)
{
    Elf32_Ehdr header;
    if (size < sizeof(header)) {
        return "it is no ELF file";
    }
    memcpy(&header, elf, sizeof(header));
    const char *error = check_header(&header);
    size_t table = le32toh(header.e_phoff);
    size_t count = le16toh(header.e_phnum);
    if (error == NULL && (table > size || count > (size - table) / sizeof(Elf32_Phdr))) {
        error = "it is cut off";
    }
    program->entry = le32toh(header.e_entry);
    for (size_t i = 0; error == NULL && i < count; i++) {
        Elf32_Phdr segment;
        memcpy(&segment, elf + table + i * sizeof(segment), sizeof(segment));
        error = add_load(program, chip, &segment, size);
    }
    return error == NULL && program->count == 0 ? "it has nothing to load" : error;
}

uint8_t *mkimage_elf(const mkimage_options_t *options, const uint8_t *elf, size_t size, size_t *out_size,
                     const char **out_error)
{
    program_t program = {0};
    mkimage_segment_t segments[MAX_SEGMENTS];
    size_t count = 0;

    *out_error = read_program(&program, options->chip, elf, size);
    if (*out_error != NULL) {
        return NULL;
    }
    uint8_t *data = calloc(1, program.padded_size);
    *out_error = "out of memory";
    if (data == NULL) {
        return NULL;
    }
    uint8_t *at = data;
    for (size_t i = 0; i < program.count; i++) {
        const load_t *load = &program.loads[i];
        mkimage_segment_t *last = count > 0 ? &segments[count - 1] : NULL;
        memcpy(at, elf + load->offset, load->size);
        if (last != NULL && last->addr + last->size == load->addr) {
            last->size += padded(load->size);
        } else {
            segments[count++] = (mkimage_segment_t){load->addr, padded(load->size), at};
        }
        at += padded(load->size);
    }
    uint8_t *image = mkimage_segments(options, program.entry, segments, count, out_size);
    free(data);
    return image;
}
