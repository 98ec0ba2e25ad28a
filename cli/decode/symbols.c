/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sources: the headers of elfutils; DWARF 5, sections 3.3 (subroutines) and 6.4 (call frames).
 */
#include "decode/symbols.h"

#include <dwarf.h>
#include <stdlib.h>

/** Debug information that is not in the file itself is not looked for. */
static int find_nothing(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base,
                        const char *file, const char *link, GElf_Word crc, char **out_file)
{
    (void)module, (void)userdata, (void)name, (void)base, (void)file, (void)link, (void)crc, (void)out_file;
    return -1;
}

bool symbols_open(symbols_t *symbols, const dwarf_library_t *library, const char *name, int fd)
{
    static Dwfl_Callbacks callbacks; /* libdwfl keeps a pointer */
    Dwfl *dwfl = NULL;

    callbacks.find_debuginfo = find_nothing;
    callbacks.section_address = library->dwfl_offline_section_address;
    symbols->library = library;
    dwfl = library->dwfl_begin(&callbacks);
    if (dwfl == NULL) {
        return false;
    }
    symbols->module = library->dwfl_report_offline(dwfl, name, name, fd);
    return symbols->module != NULL && library->dwfl_report_end(dwfl, NULL, NULL) == 0;
}

static void print_name(const dwarf_library_t *library, const char *name, FILE *out)
{
    int status = 0;
    char *readable = library->demangle == NULL ? NULL : library->demangle(name, NULL, NULL, &status);

    fputs(readable != NULL ? readable : name, out);
    free(readable);
}

/** The name of a function: the linker's, which says the class too, or the one in the source. */
static void print_function(const dwarf_library_t *library, Dwarf_Die *die, FILE *out)
{
    Dwarf_Attribute attribute;
    const char *name = NULL;

    if (library->dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute) != NULL) {
        name = library->dwarf_formstring(&attribute);
    }
    if (name == NULL) {
        name = library->dwarf_diename(die);
    }
    print_name(library, name == NULL ? "?" : name, out);
}

static bool attribute_number(const dwarf_library_t *library, Dwarf_Die *die, unsigned which,
                             Dwarf_Word *out_value)
{
    Dwarf_Attribute attribute;

    return library->dwarf_attr(die, which, &attribute) != NULL &&
           library->dwarf_formudata(&attribute, out_value) == 0;
}

/** Prints where an inlined function was called. */
static void print_call(const dwarf_library_t *library, Dwarf_Die *unit, Dwarf_Die *inlined, FILE *out)
{
    Dwarf_Files *files = NULL;
    size_t count = 0;
    Dwarf_Word file = 0;
    Dwarf_Word line = 0;
    const char *name = NULL;

    if (attribute_number(library, inlined, DW_AT_call_file, &file) &&
        library->dwarf_getsrcfiles(unit, &files, &count) == 0 && file < count) {
        name = library->dwarf_filesrc(files, (size_t)file, NULL, NULL);
    }
    if (name != NULL && attribute_number(library, inlined, DW_AT_call_line, &line)) {
        fprintf(out, " at %s:%lu", name, (unsigned long)line);
    }
}

/** Prints the innermost function, its place, and the functions that it was inlined into. */
static bool print_scopes(const symbols_t *symbols, uint32_t address, const char *place, FILE *out)
{
    const dwarf_library_t *library = symbols->library;
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = library->dwfl_module_addrdie(symbols->module, address, &bias);
    Dwarf_Die *innermost = NULL;
    Dwarf_Die *scopes = NULL;
    Dwarf_Die *inner = NULL;
    int count = 0;

    /* The scopes of an inlined function are those where it was written; those of its place are where it runs. */
    if (unit != NULL && library->dwarf_getscopes(unit, address - bias, &innermost) > 0) {
        count = library->dwarf_getscopes_die(&innermost[0], &scopes);
    }

    for (int i = 0; i < count; i++) {
        const int tag = library->dwarf_tag(&scopes[i]);

        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) {
            continue;
        }
        if (inner != NULL) {
            fputs("\n(inlined by) ", out);
        }
        print_function(library, &scopes[i], out);
        if (inner == NULL) {
            fputs(place, out);
        } else {
            print_call(library, unit, inner, out);
        }
        inner = &scopes[i];
        if (tag == DW_TAG_subprogram) {
            break;
        }
    }
    free(innermost);
    free(scopes);
    return inner != NULL;
}

bool symbols_print(const symbols_t *symbols, uint32_t address_of_line, FILE *out)
{
    const dwarf_library_t *library = symbols->library;
    Dwfl_Line *line = library->dwfl_module_getsrc(symbols->module, address_of_line);
    char place[4096] = "";
    GElf_Off offset = 0;
    GElf_Sym symbol;
    int number = 0;
    const char *file = line == NULL ? NULL : library->dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL);
    const char *name = NULL;

    if (file != NULL) {
        (void)snprintf(place, sizeof(place), " at %s:%d", file, number);
    }
    if (print_scopes(symbols, address_of_line, place, out)) {
        return true;
    }
    name =
        library->dwfl_module_addrinfo(symbols->module, address_of_line, &offset, &symbol, NULL, NULL, NULL);
    if (name == NULL || name[0] == '\0') {
        return false;
    }
    print_name(library, name, out);
    if (file != NULL) {
        fputs(place, out);
    } else {
        fprintf(out, "+0x%lx", (unsigned long)offset);
    }
    return true;
}

Dwarf_Frame *symbols_frame(const symbols_t *symbols, uint32_t address)
{
    const dwarf_library_t *library = symbols->library;
    Dwarf_CFI *(*const kinds[])(Dwfl_Module *, Dwarf_Addr *) = {library->dwfl_module_dwarf_cfi,
                                                                library->dwfl_module_eh_cfi};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        Dwarf_Addr bias = 0;
        Dwarf_CFI *cfi = kinds[i](symbols->module, &bias);
        Dwarf_Frame *frame = NULL;

        if (cfi != NULL && library->dwarf_cfi_addrframe(cfi, address - bias, &frame) == 0) {
            return frame;
        }
    }
    return NULL;
}
