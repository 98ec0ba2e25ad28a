/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of docs/esptool.md.
 */
#include "esptool/esptool_table.h"
#include "pages/pages.h"

static const char *const verdicts[] = {[VERDICT_DONE] = "yes",
                                       [VERDICT_ALWAYS] = "always so",
                                       [VERDICT_WORDS] = "in other words",
                                       [VERDICT_NO] = "**no**"};

void esptool_print_commands(FILE *out)
{
    fputs("| esptool | esp-loader | |\n|---|---|---|\n", out);
    for (int id = 0; id < ESPTOOL_COMMAND_COUNT; id++) {
        const esptool_command_t *command = &esptool_commands[id];

        fprintf(out, "| `%s` |", command->name);
        if (command->verdict == VERDICT_DONE) {
            const char *name = command->command != COMMAND_NONE ? command_table[command->command].name : "";

            fprintf(out, " `%s%s%s`", name, command->words != NULL && *name != '\0' ? " " : "",
                    command->words != NULL ? command->words : "");
        }
        fprintf(out, " | %s%s%s |\n", verdicts[command->verdict], command->sentence != NULL ? ": " : "",
                command->sentence != NULL ? command->sentence : "");
    }
}

/** "write-flash, read-flash", or "any". */
static void print_commands(FILE *out, unsigned set)
{
    const char *between = "";

    if ((set & (1u << ESPTOOL_ANY)) != 0) {
        fputs("any", out);
        return;
    }
    for (int id = 0; id < ESPTOOL_COMMAND_COUNT; id++) {
        if ((set & (1u << id)) != 0) {
            fprintf(out, "%s`%s`", between, esptool_commands[id].name);
            between = ", ";
        }
    }
}

static void print_option(FILE *out, const esptool_option_t *option)
{
    fputs("| ", out);
    print_commands(out, option->commands);
    fputs(" | ", out);
    if (option->letters != NULL) {
        fprintf(out, "`-%s`, ", option->letters);
    }
    fprintf(out, "`--%s` | ", option->name);
    if (option->option != NULL) {
        fprintf(out, "`%s`", option->option);
    }
    fprintf(out, " | %s", verdicts[option->verdict]);
    if (option->left_out != NULL) {
        fprintf(out, "; `%s` is accepted", option->left_out);
    }
    if (option->sentence != NULL) {
        fprintf(out, ": %s", option->sentence);
    }
    fputs(" |\n", out);
}

void esptool_print_options(FILE *out)
{
    fputs("| command | esptool | esp-loader | |\n|---|---|---|---|\n", out);
    for (size_t i = 0; i < esptool_option_count; i++) {
        const esptool_option_t *option = &esptool_options[i];
        const bool is_said = i > 0 && option->commands != (1u << ESPTOOL_ANY) && option->option != NULL &&
                             option[-1].option == option->option; /* the same after the command */

        if (!is_said) {
            print_option(out, option);
        }
    }
}

void esptool_print_list(FILE *out)
{
    for (int id = 0; id < ESPTOOL_COMMAND_COUNT; id++) {
        const esptool_command_t *command = &esptool_commands[id];

        fprintf(out, "command\t%s\t%s\t%s\n", command->name, verdicts[command->verdict],
                command->sentence != NULL ? command->sentence : "");
    }
    for (size_t i = 0; i < esptool_option_count; i++) {
        const esptool_option_t *option = &esptool_options[i];

        for (int id = 0; id <= ESPTOOL_ANY; id++) {
            if ((option->commands & (1u << id)) != 0) {
                fprintf(out, "option\t%s\t--%s\t%s\t%d\t%s\t%s\n",
                        id == ESPTOOL_ANY ? "" : esptool_commands[id].name, option->name,
                        option->letters != NULL ? option->letters : "", (int)option->arity,
                        verdicts[option->verdict], option->sentence != NULL ? option->sentence : "");
            }
        }
    }
}
