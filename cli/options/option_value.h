/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Values of options: what the row says they may be, and where they came from.
 */
#ifndef CLI_OPTION_VALUE_H
#define CLI_OPTION_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "options/option.h"

enum { OPTION_ERROR_SIZE = 256 };

/** An option that was given. */
typedef struct {
    const option_t *option;
    const char *source; /**< the environment variable or file that gave it; NULL = the command line */
    const char *text;   /**< as given; NULL when it takes none */
    uint32_t number;    /**< of a VALUE_NUMBER; milliseconds of VALUE_SECONDS; index of a VALUE_CHOICE */
} option_value_t;

/** Reads @p text as the row says. false and one sentence in @p error when it is not such a value. */
bool option_value_parse(option_value_t *value, const option_t *option, const char *text,
                        char error[OPTION_ERROR_SIZE]);

/** Is @p text yes (1, yes, true, on) or no (0, no, false, off)? false when it is neither. */
bool option_value_switch(const char *text, bool *out_is_on);

/** The variable of @p names that is set, and not to nothing, first; NULL when none is. Its value in *out_text. */
const char *option_value_find_variable(const char *names, char out_name[64], const char **out_text);

#endif
