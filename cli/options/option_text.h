/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The text about an option, the same in help, man pages and manual.
 */
#ifndef CLI_OPTION_TEXT_H
#define CLI_OPTION_TEXT_H

#include <stdbool.h>

#include "options/option.h"

enum { OPTION_TEXT_SIZE = 2048, OPTION_NAME_SIZE = 64 };

/** "--port PORT", or "--force-raw=OFFSET". */
const char *option_name_text(const option_t *option, char room[OPTION_NAME_SIZE]);

/** What it does and its default; `words` are literal.
 *  @param is_all  sentences, with other spellings and the environment variables, too */
const char *option_text(const option_t *option, bool is_all, char room[OPTION_TEXT_SIZE]);

#endif
