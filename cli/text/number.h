/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as people type them. Pure functions on text.
 */
#ifndef CLI_NUMBER_H
#define CLI_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/** Reads a whole number: decimal or 0x hexadecimal, with an optional suffix k or M (1024, 1024 * 1024; any
 * letter case). false when @p text is anything else or exceeds 32 bits; *out_value is untouched then. */
bool number_parse(const char *text, uint32_t *out_value);

#endif
