/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * libdw of elfutils, loaded when a file is decoded first: the tool starts on machines that do not have it.
 */
#ifndef CLI_DWARF_LIBRARY_H
#define CLI_DWARF_LIBRARY_H

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdbool.h>

/** The functions that are called. */
#define DWARF_LIBRARY_FUNCTIONS(X)                                                                           \
    X(dwfl_version)                                                                                          \
    X(dwfl_begin)                                                                                            \
    X(dwfl_report_offline)                                                                                   \
    X(dwfl_report_end)                                                                                       \
    X(dwfl_offline_section_address)                                                                          \
    X(dwfl_module_addrinfo)                                                                                  \
    X(dwfl_module_getsrc)                                                                                    \
    X(dwfl_lineinfo)                                                                                         \
    X(dwfl_module_addrdie)                                                                                   \
    X(dwfl_module_dwarf_cfi)                                                                                 \
    X(dwfl_module_eh_cfi)                                                                                    \
    X(dwarf_getscopes)                                                                                       \
    X(dwarf_getscopes_die)                                                                                   \
    X(dwarf_tag)                                                                                             \
    X(dwarf_attr)                                                                                            \
    X(dwarf_attr_integrate)                                                                                  \
    X(dwarf_formstring)                                                                                      \
    X(dwarf_formudata)                                                                                       \
    X(dwarf_diename)                                                                                         \
    X(dwarf_getsrcfiles)                                                                                     \
    X(dwarf_filesrc)                                                                                         \
    X(dwarf_cfi_addrframe)                                                                                   \
    X(dwarf_frame_cfa)                                                                                       \
    X(dwarf_frame_register)

/* A member cannot be named in parentheses. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define DWARF_LIBRARY_MEMBER(name) __typeof__(name) *name;

typedef struct {
    DWARF_LIBRARY_FUNCTIONS(DWARF_LIBRARY_MEMBER)

    /** Of the C++ run-time library, where this machine has it: names as they are written. Or NULL. */
    char *(*demangle)(const char *mangled, char *buffer, size_t *length, int *status);
} dwarf_library_t;

/** Loads libdw, which then stays loaded.
 *  @return false when this machine does not have it, or one that lacks a function */
bool dwarf_library_load(dwarf_library_t *out_library);

#endif
