/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Layout of help.
 */
#include "options/help.h"

#include <string.h>

#include "options/option_text.h"

enum { WIDTH = 80, OPTION_COLUMN = 24 };

/** Text that goes on where it fits. */
typedef struct {
    FILE *out;
    size_t indent;
    size_t column;
} layout_t;

static void begin_line(layout_t *layout)
{
    fprintf(layout->out, "\n%*s", (int)layout->indent, "");
    layout->column = layout->indent;
}

/** Without the marks of literal words. */
static void print_word(FILE *out, const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (word[i] != '`') {
            fputc(word[i], out);
        }
    }
}

static size_t shown_size(const char *word, size_t size)
{
    size_t shown = 0;

    for (size_t i = 0; i < size; i++) {
        shown += word[i] != '`' ? 1u : 0u;
    }
    return shown;
}

static void print_text(layout_t *layout, const char *text)
{
    while (*text != '\0') {
        const size_t size = strcspn(text, " \n");
        const size_t shown = shown_size(text, size);
        const bool is_first = layout->column == layout->indent;

        if (!is_first && layout->column + 1 + shown > WIDTH) {
            begin_line(layout);
        } else if (!is_first && size > 0) {
            fputc(' ', layout->out);
            layout->column++;
        }
        print_word(layout->out, text, size);
        layout->column += shown;
        text += size;
        if (*text == '\n') { /* a paragraph ends */
            fputc('\n', layout->out);
            begin_line(layout);
            text++;
        }
        text += strspn(text, " \n");
    }
}

static void print_option(FILE *out, const option_t *option, bool is_all)
{
    const char short_name[] = {'-', option->short_name, ',', '\0'};
    layout_t layout = {.out = out, .indent = OPTION_COLUMN, .column = OPTION_COLUMN};
    char name[OPTION_NAME_SIZE];
    char text[OPTION_TEXT_SIZE];

    const int size =
        fprintf(out, "  %3s %s", option->short_name != 0 ? short_name : "", option_name_text(option, name));
    if (size + 2 > OPTION_COLUMN) {
        begin_line(&layout);
    } else {
        fprintf(out, "%*s", OPTION_COLUMN - size, "");
    }
    print_text(&layout, option_text(option, is_all, text));
    fputc('\n', out);
}

static void print_usage(FILE *out, const command_info_t *info)
{
    const char *title = "usage:";

    for (const char *form = info->usage; *form != '\0';) {
        const size_t size = strcspn(form, "\n");
        layout_t layout = {.out = out, .indent = 18 + strlen(info->name) + 1};
        char line[160];

        fprintf(out, "%-6s esp-loader %s ", title, info->name);
        layout.column = layout.indent;
        snprintf(line, sizeof(line), "%.*s", (int)size, form);
        print_text(&layout, line);
        fputc('\n', out);
        title = "";
        form += size + (form[size] == '\n' ? 1 : 0);
    }
}

void help_print_command(FILE *out, command_id_t id, bool is_all)
{
    const command_info_t *info = &command_table[id];
    layout_t layout = {.out = out};

    print_usage(out, info);
    fputc('\n', out);
    print_text(&layout, info->text);
    if (is_all && info->aliases != NULL) {
        fputs("\n\nIn esptool's words:", out);
        layout.column = 19;
        print_text(&layout, info->aliases);
    }
    fputs("\n\noptions:\n", out);
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        const bool is_everyday = option->is_everyday && (option->aside & COMMAND_BIT(id)) == 0;

        if (option_is_of(option, id) && (is_everyday || is_all)) {
            print_option(out, option, is_all);
        }
    }
}

void help_print_program(FILE *out)
{
    fputs("usage: esp-loader [options] COMMAND [options] ...\n"
          "       esp-loader help COMMAND | COMMAND --help | --help | --version\n"
          "\n"
          "Flashes Espressif chips over a serial port, USB or a network connection.\n"
          "\n"
          "commands:\n",
          out);
    for (int id = 0; id < COMMAND_COUNT; id++) {
        fprintf(out, "  %-13s %s\n", command_table[id].name, command_table[id].summary);
    }
    fputs("\n"
          "exit codes:\n",
          out);
    for (int code = 0; code < EXIT_CODE_COUNT; code++) {
        layout_t layout = {.out = out, .indent = 5, .column = 5};

        fprintf(out, "  %d  ", code);
        print_text(&layout, exit_code_texts[code]);
        fputc('\n', out);
    }
}
