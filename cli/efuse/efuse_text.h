/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Values of eFuses in words.
 */
#ifndef CLI_EFUSE_TEXT_H
#define CLI_EFUSE_TEXT_H

#include "efuse/efuse_contents.h"

enum { EFUSE_TEXT_SIZE = 2 * EFUSE_BYTES_MAX + 32 };

/** All bytes of it as digits, the first one at the lowest bits. Returns @p text. */
const char *efuse_hex(const efuse_contents_t *contents, const efuse_field_t *field,
                      char text[EFUSE_TEXT_SIZE]);

/** Value and name; or why the value is not there. Returns @p text. */
const char *efuse_value_text(const efuse_contents_t *contents, const efuse_field_t *field,
                             char text[EFUSE_TEXT_SIZE]);

/** "rw", "r-", "-w" or "--". */
const char *efuse_access(const efuse_contents_t *contents, const efuse_field_t *field);

#endif
