/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Walks through a command line: options in any place, their values, operands.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "options/option.h"

typedef enum { ARGS_END, ARGS_OPTION, ARGS_OPERAND, ARGS_ERROR } args_result_t;

enum { ARGS_ERROR_SIZE = 256 };

/** One walk. Set the first three fields, zero the rest. */
typedef struct {
    command_set_t commands; /**< whose options are understood */
    int argc;
    const char *const *argv; /**< the first word to look at is argv[0] */
    int index;
    bool is_operands_only;       /**< "--" has been seen */
    const option_t *option;      /**< after ARGS_OPTION */
    const char *value;           /**< of the option or operand just returned, else NULL */
    char error[ARGS_ERROR_SIZE]; /**< a sentence after ARGS_ERROR */
} args_t;

args_result_t args_next(args_t *args);

#endif
