/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Layout of help.
 */
#include "options/help.h"

#include <string.h>

#include "options/option.h"

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

/** "before the rest", for a list of words of a string. */
static void print_list(layout_t *layout, const char *title, const char *words, const char *prefix)
{
    char item[96];

    print_text(layout, title);
    while (*words != '\0') {
        const size_t size = strcspn(words, " ");
        const char *next = words + size + strspn(words + size, " ");

        snprintf(item, sizeof(item), "%s%.*s%s", prefix, (int)size, words, *next != '\0' ? "," : ".");
        print_text(layout, item);
        words = next;
    }
}

static void print_other_words(layout_t *layout, const char *const *choices)
{
    for (size_t i = 0; choices[i] != NULL; i++) {
        const size_t size = strcspn(choices[i], " ");
        char title[64];

        if (choices[i][size] != '\0') {
            snprintf(title, sizeof(title), "Also understood as %.*s:", (int)size, choices[i]);
            print_list(layout, title, choices[i] + size + 1, "");
        }
    }
}

static void print_more(layout_t *layout, const option_t *option)
{
    if (option->more != NULL) {
        print_text(layout, option->more);
    }
    if (option->aliases != NULL) {
        print_list(layout, "Also", option->aliases, "--");
    }
    if (option->kind == VALUE_CHOICE) {
        print_other_words(layout, option->choices);
    }
    if (option->environment != NULL) {
        print_list(layout, "Environment:", option->environment, "");
    }
}

static void print_option(FILE *out, const option_t *option, bool is_all)
{
    layout_t layout = {.out = out, .indent = OPTION_COLUMN, .column = OPTION_COLUMN};
    char name[64];
    char help[512];

    const char short_name[] = {'-', option->short_name, ',', '\0'};
    snprintf(name, sizeof(name), "  %3s --%s%s%s", option->short_name != 0 ? short_name : "", option->name,
             option->kind == VALUE_NONE ? ""
             : option->needs_equals     ? "="
                                        : " ",
             option->kind != VALUE_NONE ? option->value : "");
    if (strlen(name) + 2 > OPTION_COLUMN) {
        fputs(name, out);
        begin_line(&layout);
    } else {
        fprintf(out, "%-*s", OPTION_COLUMN, name);
    }
    const char *stop = is_all ? "." : "";
    snprintf(help, sizeof(help), "%s%s", option->help, option->fallback == NULL ? stop : "");
    print_text(&layout, help);
    if (option->fallback != NULL) {
        snprintf(help, sizeof(help), "(default: %s)%s", option->fallback, stop);
        print_text(&layout, help);
    }
    if (is_all) {
        print_more(&layout, option);
    }
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
        fputs("\n\n", out);
        layout.column = 0;
        print_list(&layout, "Other names:", info->aliases, "");
    }
    fputs("\n\noptions:\n", out);
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if (option_is_of(option, id) && (option->is_everyday || is_all)) {
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
        fprintf(out, "  %-8s %s\n", command_table[id].name, command_table[id].summary);
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
