/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Names and source lines of addresses, and how frames of the stack lie on each other, from the debug information of one
 * ELF file. Only the process that decodes uses it: libdw reads a file that anybody may have made.
 */
#ifndef CLI_SYMBOLS_H
#define CLI_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "decode/dwarf_library.h"

/** One ELF file. */
typedef struct {
    const dwarf_library_t *library;
    Dwfl_Module *module;
} symbols_t;

/** Takes over @p fd, which stays open until the process ends. */
bool symbols_open(symbols_t *symbols, const dwarf_library_t *library, const char *name, int fd);

/** Prints what is at an address: `function at file:line`, then a line for each function that it was inlined into.
 *  @param address_of_line within the statement; differs from the address when that one is where a call returns to
 *  @return false, and nothing printed, when the file has no name for it */
bool symbols_print(const symbols_t *symbols, uint32_t address_of_line, FILE *out);

/** How the frame of the function at an address is laid out. @return NULL when the file does not say it; else to be freed */
Dwarf_Frame *symbols_frame(const symbols_t *symbols, uint32_t address);

#endif
