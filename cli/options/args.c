/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Command-line walk. Not getopt: that keeps its place in globals, prints by itself and moves the words
 * around.
 */
#include "options/args.h"

#include <stdio.h>
#include <string.h>

#include "options/name.h"

/** Says that there is no such option, and which one may have been meant. */
static args_result_t fail_unknown(args_t *args, const char *word)
{
    const char *name = word + strspn(word, "-");
    name_guess_t guess = {.word = name, .length = strcspn(name, "=")};

    if (word[1] >= '0' && word[1] <= '9') {
        snprintf(args->error, sizeof(args->error),
                 "invalid number '%.80s': offsets and sizes are not negative", word);
        return ARGS_ERROR;
    }
    for (size_t i = 0; i < option_table_count && guess.length > 1; i++) {
        if ((option_table[i].commands & args->commands) != 0) {
            name_guess(&guess, option_table[i].name);
        }
    }
    if (guess.name != NULL) {
        snprintf(args->error, sizeof(args->error), "unknown option '%.80s': did you mean '--%s'?", word,
                 guess.name);
    } else {
        snprintf(args->error, sizeof(args->error), "unknown option '%.80s'", word);
    }
    return ARGS_ERROR;
}

/** Its value is the next word. */
static args_result_t take_value(args_t *args)
{
    if (args->index >= args->argc) {
        snprintf(args->error, sizeof(args->error), "option '--%s' needs a value", args->option->name);
        return ARGS_ERROR;
    }
    args->value = args->argv[args->index++];
    return ARGS_OPTION;
}

static args_result_t take_long(args_t *args, const char *word)
{
    const char *equals = strchr(word, '=');
    const size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);

    args->option = option_find(args->commands, word + 2, length - 2, equals != NULL);
    if (args->option == NULL) {
        return fail_unknown(args, word);
    }
    if (args->option->kind == VALUE_NONE && equals != NULL) {
        snprintf(args->error, sizeof(args->error), "option '--%s' takes no value", args->option->name);
        return ARGS_ERROR;
    }
    if (args->option->kind == VALUE_NONE) {
        return ARGS_OPTION;
    }
    if (equals != NULL) {
        args->value = equals + 1;
        return ARGS_OPTION;
    }
    return take_value(args);
}

static args_result_t take_short(args_t *args, const char *word)
{
    const char *rest = word + 2;

    args->option = option_find_short(args->commands, word[1]);
    if (args->option == NULL || (args->option->kind == VALUE_NONE && *rest != '\0')) {
        return fail_unknown(args, word);
    }
    if (args->option->kind == VALUE_NONE) {
        return ARGS_OPTION;
    }
    if (*rest != '\0') {
        args->value = rest + (*rest == '=' ? 1 : 0);
        return ARGS_OPTION;
    }
    return take_value(args);
}

/** The long name after one dash is a slip, not letters. */
static bool is_long_name(const args_t *args, const char *word)
{
    return word[2] != '\0' &&
           option_find(args->commands, word + 1, strcspn(word + 1, "="), strchr(word, '=') != NULL) != NULL;
}

args_result_t args_next(args_t *args)
{
    args->value = NULL;
    if (args->index >= args->argc) {
        return ARGS_END;
    }
    const char *word = args->argv[args->index++];
    if (!args->is_operands_only && strcmp(word, "--") == 0) {
        args->is_operands_only = true;
        if (args->index >= args->argc) {
            return ARGS_END;
        }
        word = args->argv[args->index++];
    }
    if (args->is_operands_only || word[0] != '-' || word[1] == '\0') {
        args->value = word;
        return ARGS_OPERAND;
    }
    if (word[1] == '-') {
        return take_long(args, word);
    }
    return is_long_name(args, word) ? fail_unknown(args, word) : take_short(args, word);
}
