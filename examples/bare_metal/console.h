/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Text on the board's first UART, without printf, which would be larger than the program.
 */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdint.h>

/** Sends one byte; the board's file has it. */
void console_put(char c);

void console_text(const char *text);

/** Decimal, without leading zeros. */
void console_number(uint32_t value);

/** Hexadecimal with 0x, without leading zeros. */
void console_hex(uint32_t value);

#endif
