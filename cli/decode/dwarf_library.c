/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sources: dlopen(3), dlsym(3); Itanium C++ ABI 3.4 for the function that takes mangled names apart.
 */
#include "decode/dwarf_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} members[] = {
#define DWARF_LIBRARY_ROW(name) {#name, offsetof(dwarf_library_t, name)},
    DWARF_LIBRARY_FUNCTIONS(DWARF_LIBRARY_ROW)};

/** A function as data: C has no way from one to the other. @return false when the library lacks it */
static bool put_function(void *library, const char *name, void *out_member)
{
    void *function = dlsym(library, name);

    memcpy(out_member, &function, sizeof(function));
    return function != NULL;
}

bool dwarf_library_load(dwarf_library_t *out_library)
{
    void *library = dlopen("libdw.so.1", RTLD_NOW);
    void *cxx = dlopen("libstdc++.so.6", RTLD_NOW);

    if (library == NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (!put_function(library, members[i].name, (char *)out_library + members[i].offset)) {
            return false;
        }
    }
    out_library->demangle = NULL;
    if (cxx != NULL) {
        (void)put_function(cxx, "__cxa_demangle", &out_library->demangle);
    }
    return true;
}
