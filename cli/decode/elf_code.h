/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where the code of an ELF file lies: the one thing about it that this process reads itself. Source: the ELF
 * specification (System V ABI, gabi 4.1), 32 bits, little-endian.
 */
#ifndef CLI_ELF_CODE_H
#define CLI_ELF_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ELF_CODE_RANGES = 64 };

/** Addresses of code. */
typedef struct {
    struct {
        uint32_t start;
        uint32_t end; /**< first address after it */
    } ranges[ELF_CODE_RANGES];
    size_t count;
} elf_code_t;

/** Reads the section headers of an executable; the file may be hostile.
 *  @return NULL, or what is wrong with it */
const char *elf_code_read(int fd, elf_code_t *out_code);

bool elf_code_has(const elf_code_t *code, uint32_t address);

#endif
