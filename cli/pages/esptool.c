/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of docs/esptool.md.
 */
#include <string.h>

#include "esptool/esptool_config.h"
#include "options/name.h"
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

static void print_verdict(FILE *out, verdict_t verdict, const char *sentence)
{
    fprintf(out, " | %s%s", verdicts[verdict], sentence != NULL ? ": " : "");
    if (sentence != NULL) {
        manual_print_cell(out, sentence, strlen(sentence));
    }
    fputs(" |\n", out);
}

void esptool_print_keys(FILE *out)
{
    fputs("| key | esp-loader | |\n|---|---|---|\n", out);
    for (size_t i = 0; i < esptool_key_count; i++) {
        const esptool_key_t *key = &esptool_keys[i];

        fprintf(out, "| `%s` | %s%s%s", key->name, key->option != NULL ? "`--" : "",
                key->option != NULL ? key->option : "", key->option != NULL ? "`" : "");
        if (key->verdict == VERDICT_ALWAYS && key->usual > 0) {
            fprintf(out, " | up to %g always so, a larger one has no effect: %s |\n", key->usual,
                    key->sentence);
        } else {
            print_verdict(out, key->verdict, key->sentence);
        }
    }
}

/** Calls @p tell for each of esptool's variables that gives an option its default, once. */
static void for_each_variable(FILE *out,
                              void (*tell)(FILE *out, const char *name, size_t size, const char *option))
{
    const char *said[32];
    size_t count = 0;

    for (size_t i = 0; i < option_table_count; i++) {
        const char *names = option_table[i].environment;
        size_t size;

        for (const char *name; (name = name_next(&names, &size)) != NULL;) {
            size_t k = 0;

            while (k < count && (strncmp(said[k], name, size) != 0 || said[k][size] > ' ')) {
                k++;
            }
            if (k == count && count < sizeof(said) / sizeof(said[0]) && strncmp(name, "ESPTOOL_", 8) == 0) {
                said[count++] = name;
                tell(out, name, size, option_table[i].name);
            }
        }
    }
}

static void print_variable(FILE *out, const char *name, size_t size, const char *option)
{
    fprintf(out, "| `%.*s` | `--%s`", (int)size, name, option);
    print_verdict(out, VERDICT_DONE, NULL);
}

static void list_variable(FILE *out, const char *name, size_t size, const char *option)
{
    (void)option;
    fprintf(out, "variable\t%.*s\t%s\n", (int)size, name, verdicts[VERDICT_DONE]);
}

void esptool_print_variables(FILE *out)
{
    fputs("| variable | esp-loader | |\n|---|---|---|\n", out);
    for_each_variable(out, print_variable);
    for (size_t i = 0; i < esptool_variable_count; i++) {
        fprintf(out, "| `%s` | ", esptool_variables[i].name);
        print_verdict(out, esptool_variables[i].verdict, esptool_variables[i].sentence);
    }
}

void esptool_print_list(FILE *out)
{
    for (size_t i = 0; i < esptool_key_count; i++) {
        fprintf(out, "key\t%s\t%s\n", esptool_keys[i].name, verdicts[esptool_keys[i].verdict]);
    }
    for_each_variable(out, list_variable);
    for (size_t i = 0; i < esptool_variable_count; i++) {
        fprintf(out, "variable\t%s\t%s\n", esptool_variables[i].name, verdicts[esptool_variables[i].verdict]);
    }
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
