/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Parsing of numbers: no sign, no blanks, no octal.
 */
#include "text/number.h"

#include <stddef.h>

/** Value of a digit, or @p base when it is none. */
static uint32_t digit_value(char c, uint32_t base)
{
    uint32_t value = base;

    if (c >= '0' && c <= '9') {
        value = (uint32_t)(c - '0');
    } else if (c >= 'a' && c <= 'f') {
        value = (uint32_t)(c - 'a') + 10u;
    } else if (c >= 'A' && c <= 'F') {
        value = (uint32_t)(c - 'A') + 10u;
    }
    return value < base ? value : base;
}

static uint32_t suffix_factor(char c)
{
    switch (c) {
    case '\0':
        return 1;
    case 'k':
    case 'K':
        return 1024;
    case 'm':
    case 'M':
        return 1024u * 1024u;
    default:
        return 0;
    }
}

bool number_parse(const char *text, uint32_t *out_value)
{
    const bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const uint32_t base = is_hex ? 16 : 10;
    const char *digits = is_hex ? text + 2 : text;
    uint64_t value = 0;
    size_t count = 0;

    for (; digit_value(digits[count], base) < base; count++) {
        value = value * base + digit_value(digits[count], base);
        if (value > UINT32_MAX) {
            return false;
        }
    }
    uint32_t factor = suffix_factor(digits[count]);
    if (count == 0 || factor == 0 || (factor != 1 && digits[count + 1] != '\0') ||
        value > UINT32_MAX / factor) {
        return false;
    }
    *out_value = (uint32_t)value * factor;
    return true;
}
