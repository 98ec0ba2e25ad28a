/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Man pages.
 */
#include <ctype.h>
#include <string.h>

#include "pages/pages.h"

/** What roff would take for its own is escaped; `words` are bold. */
static void print_text(FILE *out, const char *text)
{
    bool is_bold = false;
    bool is_line_start = true;

    for (const char *c = text; *c != '\0'; c++) {
        if (is_line_start && (*c == '.' || *c == '\'')) {
            fputs("\\&", out);
        }
        is_line_start = *c == '\n';
        if (*c == '`') {
            is_bold = !is_bold;
            fputs(is_bold ? "\\fB" : "\\fR", out);
        } else if (*c == '\n' && c[1] == '\n') {
            fputs("\n.PP\n", out);
            c++;
        } else if (*c == '-') {
            fputs("\\-", out);
        } else if (*c == '\\') {
            fputs("\\e", out);
        } else {
            fputc(*c, out);
        }
    }
}

static void print_title(FILE *out, const char *name, const char *version)
{
    char title[64];
    size_t i = 0;

    for (; name[i] != '\0' && i + 1 < sizeof(title); i++) {
        title[i] = (char)toupper((unsigned char)name[i]);
    }
    title[i] = '\0';
    fputs(".\\\" Made of the tables in cli/options.\n.TH ", out);
    print_text(out, title);
    fprintf(out, " 1 \"\" \"esp\\-loader %s\"\n.SH NAME\n", version);
    print_text(out, name);
    fputs(" \\- ", out);
}

static void print_option(FILE *out, const option_t *option)
{
    char text[OPTION_TEXT_SIZE];

    fputs(".TP\n", out);
    if (option->short_name != 0) {
        fprintf(out, "\\fB\\-%c\\fR, ", option->short_name);
    }
    snprintf(text, sizeof(text), "`--%s`", option->name);
    print_text(out, text);
    if (option->kind != VALUE_NONE) {
        fprintf(out, "%s\\fI%s\\fR", option->needs_equals ? "=" : " ", option->value);
    }
    fputc('\n', out);
    print_text(out, option_text(option, true, text));
    fputc('\n', out);
}

static void print_options(FILE *out, command_id_t id)
{
    fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; i < option_table_count; i++) {
        if (option_is_of(&option_table[i], id)) {
            print_option(out, &option_table[i]);
        }
    }
}

static void print_exit_status(FILE *out)
{
    fputs(".SH EXIT STATUS\n", out);
    for (int code = 0; code < EXIT_CODE_COUNT; code++) {
        fprintf(out, ".TP\n\\fB%d\\fR\n", code);
        print_text(out, exit_code_texts[code]);
        fputs(".\n", out);
    }
}

void man_print_program(FILE *out, const char *version)
{
    print_title(out, "esp-loader", version);
    fputs("flashes Espressif chips\n"
          ".SH SYNOPSIS\n"
          "\\fBesp\\-loader\\fR [\\fIoptions\\fR] \\fICOMMAND\\fR [\\fIoptions\\fR] ...\n"
          ".br\n"
          "\\fBesp\\-loader help\\fR \\fICOMMAND\\fR\n"
          ".SH DESCRIPTION\n"
          "Flashes, reads, compares, erases and identifies Espressif chips over a serial port, USB or a "
          "network\n"
          "connection. Options may be before or after the command, in any order. \\fB\\-\\-name=VALUE\\fR "
          "is the\n"
          "same as \\fB\\-\\-name VALUE\\fR; after \\fB\\-\\-\\fR everything is an operand.\n"
          ".SH COMMANDS\n",
          out);
    for (int id = 0; id < COMMAND_COUNT; id++) {
        fputs(".TP\n\\fB", out);
        print_text(out, command_table[id].name);
        fputs("\\fR\n", out);
        print_text(out, command_table[id].summary);
        fputs("; see \\fBesp\\-loader\\-", out);
        print_text(out, command_table[id].name);
        fputs("\\fR(1).\n", out);
    }
    print_options(out, COMMAND_NONE);
    fputs(".SH ENVIRONMENT\n"
          "Variables give the defaults of options. What the command line says wins against them, the first "
          "one of an\n"
          "option against its others.\n",
          out);
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if (option->environment != NULL && (i == 0 || option[-1].id != option->id)) {
            fputs(".TP\n\\fB\\-\\-", out);
            print_text(out, option->name);
            fputs("\\fR\n", out);
            print_text(out, option->environment);
            fputc('\n', out);
        }
    }
    print_exit_status(out);
}

void man_print_command(FILE *out, command_id_t id, const char *version)
{
    const command_info_t *info = &command_table[id];
    char name[64];

    snprintf(name, sizeof(name), "esp-loader-%s", info->name);
    print_title(out, name, version);
    print_text(out, info->summary);
    fputs("\n.SH SYNOPSIS\n", out);
    for (const char *form = info->usage; *form != '\0';) {
        const size_t size = strcspn(form, "\n");
        char line[200];

        snprintf(line, sizeof(line), "`esp-loader %s` %.*s\n", info->name, (int)size, form);
        fputs(form != info->usage ? ".br\n" : "", out);
        print_text(out, line);
        form += size + (form[size] == '\n' ? 1 : 0);
    }
    fputs(".SH DESCRIPTION\n", out);
    print_text(out, info->text);
    fputc('\n', out);
    if (info->aliases != NULL) {
        fputs(".PP\nIn esptool's words: ", out);
        print_text(out, info->aliases);
        fputc('\n', out);
    }
    print_options(out, id);
    print_exit_status(out);
    fputs(".SH SEE ALSO\n\\fBesp\\-loader\\fR(1)\n", out);
}
