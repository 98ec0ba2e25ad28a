/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Completion for fish.
 */
#include <string.h>

#include "pages/pages.h"

static void print_text(FILE *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '`') {
            continue;
        }
        if (*c == '\'' || *c == '\\') {
            fputc('\\', out);
        }
        fputc(*c, out);
    }
}

/** -n 'after one of these commands, or before any' */
static void print_condition(FILE *out, command_set_t commands)
{
    fputs(" -n '__esp_loader_may_have", out);
    for (int id = 0; id < COMMAND_COUNT; id++) {
        if ((commands & COMMAND_BIT(id)) != 0) {
            fprintf(out, " %s", command_table[id].name);
        }
    }
    fputc('\'', out);
}

static void print_option(FILE *out, const option_t *option)
{
    char room[512];

    fputs("complete -c esp-loader", out);
    print_condition(out, option->commands);
    fprintf(out, " -l %s", option->name);
    if (option->short_name != 0) {
        fprintf(out, " -s %c", option->short_name);
    }
    switch (option->kind) {
    case VALUE_NONE:
        break;
    case VALUE_FILE:
        fputs(" -r -F", out);
        break;
    case VALUE_FOLDER:
        fputs(" -x -a '(__fish_complete_directories)'", out);
        break;
    case VALUE_PORT:
        fputs(" -x -a '(__esp_loader_ports)'", out);
        break;
    default:
        fprintf(out, " -x -a '%s'", words_of(option, room, sizeof(room)));
        break;
    }
    fputs(" -d '", out);
    print_text(out, option->help);
    fputs("'\n", out);
}

static void print_options_with_value(FILE *out)
{
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if (option->kind != VALUE_NONE && !option->needs_equals) {
            fprintf(out, " --%s", option->name);
            if (option->short_name != 0) {
                fprintf(out, " -%c", option->short_name);
            }
        }
    }
}

void fish_print(FILE *out)
{
    fputs("# Completion of esp-loader for fish. Made of the tables in cli/options.\n"
          "\n"
          "function __esp_loader_ports\n"
          "    echo auto\n"
          "    esp-loader ports --tsv 2>/dev/null | tail -n +2 | cut -f 1\n"
          "end\n"
          "\n"
          "# The command, if the command line has one yet.\n"
          "function __esp_loader_command\n"
          "    set -l words (commandline -opc)\n"
          "    set -e words[1]\n"
          "    set -l is_value 0\n"
          "    for word in $words\n"
          "        if test $is_value = 1\n"
          "            set is_value 0\n"
          "            continue\n"
          "        end\n"
          "        switch $word\n"
          "            case",
          out);
    print_options_with_value(out);
    fputs("\n"
          "                set is_value 1\n"
          "            case '-*'\n"
          "            case '*'\n"
          "                string replace -a _ - -- $word\n"
          "                return\n"
          "        end\n"
          "    end\n"
          "end\n"
          "\n"
          "function __esp_loader_has_none\n"
          "    test -z (__esp_loader_command)\n"
          "end\n"
          "\n"
          "function __esp_loader_has\n"
          "    contains -- (__esp_loader_command) $argv\n"
          "end\n"
          "\n"
          "# For options, which may precede the command.\n"
          "function __esp_loader_may_have\n"
          "    __esp_loader_has_none; or __esp_loader_has $argv\n"
          "end\n"
          "\n"
          "complete -c esp-loader -f\n",
          out);
    for (int id = 0; id < COMMAND_COUNT; id++) {
        const command_info_t *info = &command_table[id];

        fprintf(out, "complete -c esp-loader -n __esp_loader_has_none -a %s -d '", info->name);
        print_text(out, info->summary);
        fputs("'\n", out);
        fprintf(out, "complete -c esp-loader -n '__esp_loader_has help' -a %s\n", info->name);
        if (info->operands == OPERANDS_FILES) {
            fprintf(out, "complete -c esp-loader -n '__esp_loader_has %s' -F\n", info->name);
        } else if (info->operands == OPERANDS_WORDS) {
            fprintf(out, "complete -c esp-loader -n '__esp_loader_has %s' -a '%s'\n", info->name,
                    info->operand_words);
        }
    }
    fputs(
        "complete -c esp-loader -n __esp_loader_has_none -a help -d 'what a command does and its options'\n",
        out);
    for (size_t i = 0; i < option_table_count; i++) {
        if (!option_table[i].needs_equals) {
            print_option(out, &option_table[i]);
        }
    }
}
