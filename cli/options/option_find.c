/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finding a row of the table of options.
 */
#include "options/name.h"
#include "options/option.h"

const option_t *option_find(command_set_t commands, const char *name, size_t length, bool has_equals)
{
    const option_t *found = NULL;

    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if ((option->commands & commands) != 0 &&
            (name_is(option->name, name, length) || name_is_among(option->aliases, name, length)) &&
            (found == NULL || option->needs_equals == has_equals)) {
            found = option;
        }
    }
    return found;
}

const option_t *option_find_short(command_set_t commands, char name)
{
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if ((option->commands & commands) != 0 && name != '\0' && option->short_name == name) {
            return option;
        }
    }
    return NULL;
}
