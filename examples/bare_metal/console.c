/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The text of console.h.
 */
#include "console.h"

static void put_digits(uint32_t value, uint32_t base)
{
    char digits[10]; /* of 2^32 - 1 */
    int count = 0;

    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value > 0);
    while (count > 0) {
        console_put(digits[--count]);
    }
}

void console_text(const char *text)
{
    while (*text != '\0') {
        console_put(*text++);
    }
}

void console_number(uint32_t value)
{
    put_digits(value, 10);
}

void console_hex(uint32_t value)
{
    console_text("0x");
    put_digits(value, 16);
}
