/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Completion for bash. It needs bash alone, not the package bash-completion.
 */
#include <string.h>

#include "pages/pages.h"

static const char head[] =
    "# Completion of esp-loader for bash. Made of the tables in cli/options.\n"
    "\n"
    "_esp_loader_ports() {\n"
    "    echo auto\n"
    "    esp-loader ports --tsv 2>/dev/null | tail -n +2 | cut -f 1\n"
    "}\n"
    "\n"
    "_esp_loader() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= i\n"
    "    COMPREPLY=()\n"
    "    # bash makes --name=VALUE three words\n"
    "    [ \"$cur\" = = ] && cur=\n"
    "    [ \"$prev\" = = ] && prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        case ${COMP_WORDS[i]} in\n";

static const char middle[] = "        -* | =) ;;\n"
                             "        *)\n"
                             "            command=${COMP_WORDS[i]//_/-}\n"
                             "            break\n"
                             "            ;;\n"
                             "        esac\n"
                             "    done\n"
                             "    case $prev in\n";

/** "-p|--port"; needs_equals rows never occur alone. */
static void print_names(FILE *out, const option_t *option, const char *between)
{
    if (option->short_name != 0) {
        fprintf(out, "-%c%s", option->short_name, between);
    }
    fprintf(out, "--%s", option->name);
}

/** Names of options mean one thing: the first row speaks for those of other commands. */
static bool is_first(size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(option_table[i].name, option_table[index].name) == 0) {
            return false;
        }
    }
    return true;
}

static void print_skipping(FILE *out)
{
    const char *between = "        ";

    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if (option->kind != VALUE_NONE && !option->needs_equals && is_first(i)) {
            fputs(between, out);
            print_names(out, option, " | ");
            between = " | ";
        }
    }
    fputs(")\n"
          "            [ \"${COMP_WORDS[i + 1]-}\" = = ] && ((i++))\n"
          "            ((i++))\n"
          "            ;;\n",
          out);
}

static void print_value(FILE *out, const option_t *option)
{
    char room[512];

    fputs("    ", out);
    print_names(out, option, " | ");
    fputs(")\n        ", out);
    switch (option->kind) {
    case VALUE_FILE:
        fputs("compopt -o filenames 2>/dev/null\n"
              "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n",
              out);
        break;
    case VALUE_FOLDER:
        fputs("compopt -o filenames 2>/dev/null\n"
              "        mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n",
              out);
        break;
    case VALUE_PORT:
        fputs("mapfile -t COMPREPLY < <(compgen -W \"$(_esp_loader_ports)\" -- \"$cur\")\n", out);
        break;
    default:
        fprintf(out, "mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n",
                words_of(option, room, sizeof(room)));
        break;
    }
    fputs("        return\n        ;;\n", out);
}

static void print_options(FILE *out, command_set_t commands)
{
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        if ((option->commands & commands) != 0 && !option->needs_equals &&
            (commands != ~(command_set_t)0 || is_first(i))) {
            print_names(out, option, " ");
            fputc(' ', out);
        }
    }
}

static void print_command(FILE *out, command_id_t id)
{
    const command_info_t *info = &command_table[id];

    fprintf(out, "    %s)\n        options='", info->name);
    print_options(out, COMMAND_BIT(id));
    fputs("'\n", out);
    if (info->operands == OPERANDS_FILES) {
        fputs("        files=1\n", out);
    } else if (info->operands == OPERANDS_WORDS) {
        fprintf(out, "        words='%s'\n", info->operand_words);
    }
    fputs("        ;;\n", out);
}

void bash_print(FILE *out)
{
    fputs(head, out);
    print_skipping(out);
    fputs(middle, out);
    for (size_t i = 0; i < option_table_count; i++) {
        if (option_table[i].kind != VALUE_NONE && !option_table[i].needs_equals && is_first(i)) {
            print_value(out, &option_table[i]);
        }
    }
    fputs("    esac\n"
          "    local options= words= files= commands='",
          out);
    for (int id = 0; id < COMMAND_COUNT; id++) {
        fprintf(out, "%s ", command_table[id].name);
    }
    fputs("'\n"
          "    case $command in\n"
          "    '')\n"
          "        words=\"$commands help\"\n"
          "        options='",
          out);
    print_options(out, ~(command_set_t)0);
    fputs("'\n"
          "        ;;\n"
          "    help) words=$commands ;;\n",
          out);
    for (int id = 0; id < COMMAND_COUNT; id++) {
        print_command(out, (command_id_t)id);
    }
    fputs("    esac\n"
          "    case $cur in\n"
          "    -*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\") ;;\n"
          "    *)\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
          "        if [ \"$files\" ]; then\n"
          "            compopt -o filenames 2>/dev/null\n"
          "            mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
          "        fi\n"
          "        ;;\n"
          "    esac\n"
          "}\n"
          "complete -F _esp_loader esp-loader\n",
          out);
}
