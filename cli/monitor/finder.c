/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * After a byte that does not go on with the text, the longest beginning that still may is looked for again.
 */
#include "monitor/finder.h"

#include <string.h>

/** The longest beginning of the text that its first @p size bytes and then @p byte end with. */
static size_t match_again(const finder_t *finder, size_t size, uint8_t byte)
{
    const char *text = finder->text;

    for (size_t length = size; length > 0; length--) {
        if ((uint8_t)text[length - 1] == byte && memcmp(text, text + size - (length - 1), length - 1) == 0) {
            return length;
        }
    }
    return 0;
}

bool finder_take(finder_t *finder, const uint8_t *bytes, size_t size)
{
    const size_t length = strlen(finder->text);

    for (size_t i = 0; i < size && finder->matched < length; i++) {
        const bool goes_on = (uint8_t)finder->text[finder->matched] == bytes[i];

        finder->matched = goes_on ? finder->matched + 1 : match_again(finder, finder->matched, bytes[i]);
    }
    return finder->matched == length;
}
