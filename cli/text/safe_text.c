/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * UTF-8 by the table of RFC 3629, and the characters that do more than to be shown.
 */
#include "text/safe_text.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Length of the valid character at @p bytes, which a NUL ends; 0 = it is none. */
static size_t decode(const unsigned char *bytes, uint32_t *out_character)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char first = bytes[0];
    const size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    uint32_t character = length == 1 ? first : first & (0x7Fu >> length);

    if ((first >= 0x80 && first < 0xC0) || first >= 0xF8) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0u) != 0x80) {
            return 0;
        }
        character = character << 6 | (bytes[i] & 0x3Fu);
    }
    *out_character = character;
    return character < smallest[length] || character > 0x10FFFF ||
                   (character >= 0xD800 && character <= 0xDFFF)
               ? 0
               : length;
}

static bool is_safe(uint32_t character)
{
    const bool is_control = character < 0x20 || (character >= 0x7F && character <= 0x9F);
    const bool is_separator = character == 0x2028 || character == 0x2029;
    const bool is_direction = character == 0x061C || character == 0x200E || character == 0x200F ||
                              (character >= 0x202A && character <= 0x202E) ||
                              (character >= 0x2066 && character <= 0x2069);

    return !is_control && !is_separator && !is_direction;
}

/** Replaces what is not valid and, if @p is_shown, what is not safe. The text gets no longer. */
static void replace(char *text, bool is_shown)
{
    const unsigned char *from = (const unsigned char *)text;
    char *to = text;

    while (*from != '\0') {
        uint32_t character = 0;
        const size_t length = decode(from, &character);

        if (length == 0 || (is_shown && !is_safe(character))) {
            *to++ = '?';
        } else {
            memmove(to, from, length);
            to += length;
        }
        from += length != 0 ? length : 1;
    }
    *to = '\0';
}

size_t safe_text_character(const char *text)
{
    uint32_t character = 0;
    const size_t length = decode((const unsigned char *)text, &character);

    return length != 0 && is_safe(character) ? length : 0;
}

void safe_text_clean(char *line)
{
    replace(line, true);
}

void safe_text_make_utf8(char *text)
{
    replace(text, false);
}

const char *safe_text(const char *text, char out[SAFE_TEXT_SIZE])
{
    const size_t length = strlen(text);
    const size_t size = length < SAFE_TEXT_SIZE ? length : SAFE_TEXT_SIZE - 1;

    memcpy(out, text, size);
    out[size] = '\0';
    safe_text_clean(out);
    return out;
}
