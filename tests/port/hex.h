/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Bytes written as hexadecimal text, for tests that state exact bytes.
 */
#ifndef TEST_HEX_H
#define TEST_HEX_H

#include <stddef.h>
#include <stdint.h>

enum { HEX_MAX = 8192 };

/** Bytes of a hexadecimal text; blanks are allowed between them. */
typedef struct {
    size_t size;
    uint8_t bytes[HEX_MAX];
} hex_t;

/** Ends the program on malformed text: a test that is wrong must not pass. */
hex_t hex_parse(const char *text);

#endif
