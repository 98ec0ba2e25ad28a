/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Command-line walk. Not getopt: that keeps its place in globals, prints by itself and moves the words
 * around.
 */
#include "options/args.h"

#include <stdio.h>
#include <string.h>

/** Of two rows with the same name it is the one that wants a value, or that wants none. */
static const args_option_t *find_long(const args_t *args, const char *name, size_t length, bool has_value)
{
    const args_option_t *found = NULL;

    for (size_t i = 0; i < args->option_count; i++) {
        const args_option_t *option = &args->options[i];

        if (strncmp(option->name, name, length) == 0 && option->name[length] == '\0' &&
            (found == NULL || option->has_value == has_value)) {
            found = option;
        }
    }
    return found;
}

static const args_option_t *find_short(const args_t *args, const char *word)
{
    for (size_t i = 0; i < args->option_count; i++) {
        if (word[1] == args->options[i].short_name && word[2] == '\0') {
            return &args->options[i];
        }
    }
    return NULL;
}

__attribute__((format(printf, 2, 0))) static int fail(args_t *args, const char *format, const char *word)
{
    snprintf(args->error, sizeof(args->error), format, word);
    return ARGS_ERROR;
}

int args_next(args_t *args)
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
    const bool is_long = word[1] == '-';
    const char *equals = is_long ? strchr(word, '=') : NULL;
    const size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    const args_option_t *option =
        is_long ? find_long(args, word + 2, length - 2, equals != NULL) : find_short(args, word);

    if (option == NULL) {
        const bool is_number = word[1] >= '0' && word[1] <= '9';
        return fail(args,
                    is_number ? "invalid number '%.80s': offsets and sizes are not negative"
                              : "unknown option '%.80s'",
                    word);
    }
    if (!option->has_value && equals != NULL) {
        return fail(args, "option '--%.80s' takes no value", option->name);
    }
    if (!option->has_value) {
        return option->id;
    }
    if (equals != NULL) {
        args->value = equals + 1;
    } else if (args->index < args->argc) {
        args->value = args->argv[args->index++];
    } else {
        return fail(args, "option '--%.80s' needs a value", option->name);
    }
    return option->id;
}
