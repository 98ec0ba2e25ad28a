/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Completion for zsh.
 */
#include <string.h>

#include "pages/pages.h"

/** Text of a specification in single quotes: what _arguments takes for its own is escaped. */
static void print_text(FILE *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '`') {
            continue;
        }
        if (*c == '\'') {
            fputs("'\\''", out);
            continue;
        }
        if (strchr("[]:\\", *c) != NULL) {
            fputc('\\', out);
        }
        fputc(*c, out);
    }
}

static void print_value(FILE *out, const option_t *option)
{
    char room[512];

    fprintf(out, ":%s:", option->value);
    switch (option->kind) {
    case VALUE_FILE:
        fputs("_files", out);
        break;
    case VALUE_FOLDER:
        fputs("_files -/", out);
        break;
    case VALUE_PORT:
        fputs("_esp_loader_ports", out);
        break;
    default:
        fprintf(out, "(%s)", words_of(option, room, sizeof(room)));
        break;
    }
}

/** One option; a row with two names is two specifications that exclude each other. */
static void print_option(FILE *out, const option_t *option, bool is_repeatable, const char *line_end)
{
    for (int is_long = option->short_name == 0 ? 1 : 0; is_long < 2; is_long++) {
        fputs("        '", out);
        if (is_repeatable) {
            fputc('*', out);
        } else if (option->short_name != 0) {
            fprintf(out, "(-%c --%s)", option->short_name, option->name);
        }
        if (is_long != 0) {
            fprintf(out, "--%s%s[", option->name, option->kind != VALUE_NONE ? "=" : "");
        } else {
            fprintf(out, "-%c%s[", option->short_name, option->kind != VALUE_NONE ? "+" : "");
        }
        print_text(out, option->help);
        fputc(']', out);
        if (option->kind != VALUE_NONE) {
            print_value(out, option);
        }
        fprintf(out, "'%s\n", line_end);
    }
}

static void print_command(FILE *out, command_id_t id)
{
    const command_info_t *info = &command_table[id];

    fprintf(out, "    %s)\n        specs=(\n", info->name);
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        /* --force-raw and --force-raw=OFFSET: _arguments knows one of a name */
        if (option_is_of(option, id) && !option->needs_equals) {
            print_option(out, option, option->id == OPTION_PORT && id == COMMAND_WATCH, "");
        }
    }
    if (info->operands == OPERANDS_FILES) {
        fputs("        '*:file:_files'\n", out);
    } else if (info->operands == OPERANDS_WORDS) {
        fprintf(out, "        '1:access:(%s)'\n", info->operand_words);
    }
    fputs("        )\n        ;;\n", out);
}

void zsh_print(FILE *out)
{
    fputs("#compdef esp-loader\n"
          "# Completion of esp-loader for zsh. Made of the tables in cli/options.\n"
          "\n"
          "_esp_loader_ports() {\n"
          "    local -a ports\n"
          "    # One process, no pipeline: with several zsh 5.9 may wait for one that has ended.\n"
          "    ports=(${(f)\"$(esp-loader ports --tsv 2>/dev/null)\"})\n"
          "    ports=(auto ${ports[2,-1]%%$'\\t'*})\n"
          "    compadd -a ports\n"
          "}\n"
          "\n"
          "_esp_loader_commands() {\n"
          "    local -a commands\n"
          "    commands=(\n",
          out);
    for (int id = 0; id < COMMAND_COUNT; id++) {
        fprintf(out, "        '%s:", command_table[id].name);
        print_text(out, command_table[id].summary);
        fputs("'\n", out);
    }
    fputs("        'help:what a command does and its options'\n"
          "    )\n"
          "    _describe -t commands command commands\n"
          "}\n"
          "\n"
          "_esp_loader_command() {\n"
          "    local -a specs\n"
          "    case ${words[1]//_/-} in\n",
          out);
    for (int id = 0; id < COMMAND_COUNT; id++) {
        print_command(out, (command_id_t)id);
    }
    fputs("    help) specs=('1:command:_esp_loader_commands') ;;\n"
          "    esac\n"
          "    _arguments $specs\n"
          "}\n"
          "\n"
          "_esp_loader() {\n"
          "    _arguments -C \\\n",
          out);
    for (size_t i = 0; i < option_table_count; i++) { /* those of most commands may precede them */
        const option_t *option = &option_table[i];

        if ((option->commands & (COMMAND_BIT(COMMAND_RESET) | COMMAND_BIT(COMMAND_NONE))) != 0) {
            print_option(out, option, false, " \\");
        }
    }
    fputs("        '1:command:_esp_loader_commands' \\\n"
          "        '*::word:_esp_loader_command'\n"
          "}\n"
          "\n"
          "_esp_loader \"$@\"\n",
          out);
}
