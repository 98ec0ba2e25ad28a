/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of docs/cli.md.
 */
#include <string.h>

#include "pages/pages.h"

void manual_print_usage(FILE *out, command_id_t id)
{
    const command_info_t *info = &command_table[id];

    fputs("```text\n", out);
    for (const char *form = info->usage; *form != '\0';) {
        const size_t size = strcspn(form, "\n");

        fprintf(out, "esp-loader %s %.*s\n", info->name, (int)size, form);
        form += size + (form[size] == '\n' ? 1 : 0);
    }
    fputs("```\n", out);
}

void manual_print_cell(FILE *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        fputs(text[i] == '|' ? "\\" : "", out);
        fputc(text[i], out);
    }
}

static void print_option(FILE *out, const option_t *option)
{
    char name[OPTION_NAME_SIZE];
    char text[OPTION_TEXT_SIZE];

    fputs("| ", out);
    if (option->short_name != 0) {
        fprintf(out, "`-%c`, ", option->short_name);
    }
    option_text(option, true, text);
    fprintf(out, "`%s` | ", option_name_text(option, name));
    manual_print_cell(out, text, strlen(text) - 1); /* no full stop */
    fputs(" |\n", out);
}

void manual_print_options(FILE *out, command_id_t id, command_id_t but)
{
    fputs("| option | meaning |\n|---|---|\n", out);
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if (option_is_of(option, id) && (but == COMMAND_NONE || !option_is_of(option, but))) {
            print_option(out, option);
        }
    }
}
