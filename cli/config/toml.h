/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The part of TOML that a list of options needs: comments, tables with plain names, plain keys, texts of one line in
 * either kind of quotes, numbers, true and false. The rest of TOML is refused in a sentence, never misread.
 */
#ifndef CLI_TOML_H
#define CLI_TOML_H

#include <stddef.h>

#include "config/config_entry.h"

/** Reads @p size bytes, which @p text has and changes; text[size] is 0. false: *error says where and why. */
bool toml_read(char *text, size_t size, const config_taker_t *taker, config_error_t *error);

#endif
