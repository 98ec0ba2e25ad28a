/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of docs/configuration.md.
 */
#include <string.h>

#include "pages/pages.h"

/** Is there a row of that name above? */
static bool is_said(size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (option_table[i].file != FILE_NEVER &&
            strcmp(option_table[i].name, option_table[index].name) == 0) {
            return true;
        }
    }
    return false;
}

static const char *value_of(const option_t *option)
{
    switch (option->kind) {
    case VALUE_NONE:
        return "`true`, `false`";
    case VALUE_NUMBER:
        return option->choices != NULL ? "number, or a text as on the command line" : "number";
    case VALUE_SECONDS:
        return "seconds";
    case VALUE_TEXT:
    case VALUE_CHOICE:
    case VALUE_FILE:
    case VALUE_FOLDER:
    case VALUE_PORT:
    case VALUE_CHIP:
    default:
        return "text";
    }
}

void config_print_keys(FILE *out)
{
    fputs("| key | value | in the working folder |\n|---|---|---|\n", out);
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if (option->file == FILE_NEVER || is_said(i)) {
            continue;
        }
        fprintf(out, "| `%s` | %s%s | %s |\n", option->name, value_of(option),
                option->id == OPTION_WAIT ? ", or seconds" : "",
                option->file != FILE_ANY    ? "**no**"
                : option->id == OPTION_PORT ? "yes, a port of this machine"
                                            : "yes");
    }
}
