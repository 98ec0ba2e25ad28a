/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Values as short texts for people.
 */
#include "text/short_text.h"

#include <stdio.h>

const char *short_text_of_size(uint32_t size, char out[SHORT_TEXT_SIZE])
{
    if (size != 0 && size % (1024u * 1024u) == 0) {
        snprintf(out, SHORT_TEXT_SIZE, "%u MB", (unsigned)(size / (1024u * 1024u)));
    } else if (size != 0 && size % 1024u == 0) {
        snprintf(out, SHORT_TEXT_SIZE, "%u KB", (unsigned)(size / 1024u));
    } else {
        snprintf(out, SHORT_TEXT_SIZE, "%u bytes", (unsigned)size);
    }
    return out;
}

const char *short_text_of_revision(uint32_t revision, char out[SHORT_TEXT_SIZE])
{
    snprintf(out, SHORT_TEXT_SIZE, "v%u.%u", (unsigned)(revision / 100), (unsigned)(revision % 100));
    return out;
}
