/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Hexadecimal text to bytes.
 */
#include "hex.h"

#include <stdio.h>
#include <stdlib.h>

hex_t hex_parse(const char *text)
{
    hex_t hex = {0};

    while (*text != '\0') {
        unsigned byte = 0;

        if (*text == ' ') {
            text++;
            continue;
        }
        if (hex.size == HEX_MAX || sscanf(text, "%2x", &byte) != 1 || text[1] == '\0') {
            fprintf(stderr, "malformed hexadecimal text: %s\n", text);
            abort();
        }
        hex.bytes[hex.size++] = (uint8_t)byte;
        text += 2;
    }
    return hex;
}
