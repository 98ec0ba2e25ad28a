/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ring of queue.h.
 */
#include "queue.h"

#include <string.h>

size_t fe_queue_space(const fe_queue_t *queue)
{
    return FE_QUEUE_CAPACITY - queue->count;
}

size_t fe_queue_push(fe_queue_t *queue, const uint8_t *data, size_t size)
{
    const size_t space = fe_queue_space(queue);
    const size_t taken = size < space ? size : space;
    const size_t end = (queue->first + queue->count) % FE_QUEUE_CAPACITY;
    const size_t to_wrap = FE_QUEUE_CAPACITY - end;
    const size_t straight = taken < to_wrap ? taken : to_wrap;

    memcpy(queue->bytes + end, data, straight);
    memcpy(queue->bytes, data + straight, taken - straight);
    queue->count += taken;
    return taken;
}

const uint8_t *fe_queue_peek(const fe_queue_t *queue, size_t *out_size)
{
    const size_t to_wrap = FE_QUEUE_CAPACITY - queue->first;
    *out_size = queue->count < to_wrap ? queue->count : to_wrap;
    return queue->bytes + queue->first;
}

void fe_queue_drop(fe_queue_t *queue, size_t size)
{
    const size_t dropped = size < queue->count ? size : queue->count;
    queue->first = (queue->first + dropped) % FE_QUEUE_CAPACITY;
    queue->count -= dropped;
}

void fe_queue_clear(fe_queue_t *queue)
{
    queue->first = 0;
    queue->count = 0;
}
