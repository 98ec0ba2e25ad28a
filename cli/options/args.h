/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Walks through a command line: options in any place, their values, operands. Knows no particular option.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

/** One option a command understands. One that stands in the table twice, first without and then with a value,
 * has it only as "--name=VALUE". */
typedef struct {
    const char *name; /**< without dashes, e.g. "port" */
    char short_name;  /**< 0 = none */
    bool has_value;   /**< "--port P", "--port=P" or "-p P" */
    int id;           /**< what the walk returns, 0 or more */
} args_option_t;

/** Results of args_next() that are not ids. */
enum { ARGS_END = -1, ARGS_OPERAND = -2, ARGS_ERROR = -3 };

enum { ARGS_ERROR_SIZE = 128 };

/** One walk. Set the first four fields, zero the rest. */
typedef struct {
    const args_option_t *options;
    size_t option_count;
    int argc;
    char *const *argv; /**< the first word to look at is argv[0] */
    int index;
    bool is_operands_only;       /**< "--" has been seen */
    const char *value;           /**< of the option or operand just returned, else NULL */
    char error[ARGS_ERROR_SIZE]; /**< a sentence after ARGS_ERROR */
} args_t;

/** Next option's id, ARGS_OPERAND, ARGS_END or ARGS_ERROR. */
int args_next(args_t *args);

#endif
