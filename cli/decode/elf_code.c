/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "decode/elf_code.h"

#include <elf.h>
#include <string.h>
#include <unistd.h>

static bool read_at(int fd, void *out, size_t size, uint64_t offset)
{
    return pread(fd, out, size, (off_t)offset) == (ssize_t)size;
}

const char *elf_code_read(int fd, elf_code_t *out_code)
{
    Elf32_Ehdr header;

    memset(out_code, 0, sizeof(*out_code));
    if (!read_at(fd, &header, sizeof(header), 0) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        return "not an ELF file";
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS32 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        (header.e_machine != EM_XTENSA && header.e_machine != EM_RISCV)) {
        return "not an ELF file of an Espressif chip";
    }
    if (header.e_type != ET_EXEC) {
        return "not a linked program";
    }
    if (header.e_shentsize != sizeof(Elf32_Shdr)) {
        return "invalid section headers";
    }
    for (unsigned i = 0; i < header.e_shnum && out_code->count < ELF_CODE_RANGES; i++) {
        Elf32_Shdr section;

        if (!read_at(fd, &section, sizeof(section),
                     (uint64_t)header.e_shoff + (uint64_t)i * sizeof(section))) {
            return "the file ends within its section headers";
        }
        if ((section.sh_flags & (SHF_ALLOC | SHF_EXECINSTR)) == (SHF_ALLOC | SHF_EXECINSTR) &&
            section.sh_size != 0 && section.sh_size <= UINT32_MAX - section.sh_addr) {
            out_code->ranges[out_code->count].start = section.sh_addr;
            out_code->ranges[out_code->count++].end = section.sh_addr + section.sh_size;
        }
    }
    return out_code->count == 0 ? "no code in it" : NULL;
}

bool elf_code_has(const elf_code_t *code, uint32_t address)
{
    for (size_t i = 0; i < code->count; i++) {
        if (address >= code->ranges[i].start && address < code->ranges[i].end) {
            return true;
        }
    }
    return false;
}
