/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The buffer of outbox.h.
 */
#include "outbox.h"

#include <stdlib.h>
#include <string.h>

enum { CAPACITY_MIN = 1024 };

size_t fe_outbox_size(const fe_outbox_t *outbox)
{
    return outbox->end - outbox->first;
}

uint8_t *fe_outbox_append(fe_outbox_t *outbox, size_t size)
{
    if (outbox->first > 0 && size > outbox->capacity - outbox->end) {
        memmove(outbox->bytes, outbox->bytes + outbox->first, fe_outbox_size(outbox));
        outbox->end -= outbox->first;
        outbox->first = 0;
    }
    if (size > outbox->capacity - outbox->end) {
        if (size > SIZE_MAX / 2 - CAPACITY_MIN - outbox->end) {
            return NULL;
        }
        const size_t capacity = (outbox->end + size) * 2 + CAPACITY_MIN;
        uint8_t *bytes = realloc(outbox->bytes, capacity);
        if (bytes == NULL) {
            return NULL;
        }
        outbox->bytes = bytes;
        outbox->capacity = capacity;
    }
    uint8_t *place = outbox->bytes + outbox->end;
    outbox->end += size;
    return place;
}

void fe_outbox_drop(fe_outbox_t *outbox, size_t size)
{
    outbox->first += size;
    if (outbox->first == outbox->end) {
        outbox->first = outbox->end = 0;
    }
}

void fe_outbox_free(fe_outbox_t *outbox)
{
    free(outbox->bytes);
    *outbox = (fe_outbox_t){0};
}
