/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Bytes on their way, oldest first, in a buffer of a fixed size. What is in it is in one piece, and so is the room.
 */
#ifndef CLI_BYTE_QUEUE_H
#define CLI_BYTE_QUEUE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    uint8_t *bytes;
    size_t capacity;
    size_t begin, end; /**< of what is in it */
} byte_queue_t;

static inline size_t byte_queue_size(const byte_queue_t *queue)
{
    return queue->end - queue->begin;
}

static inline const uint8_t *byte_queue_first(const byte_queue_t *queue)
{
    return queue->bytes + queue->begin;
}

/** Takes @p size bytes off, which must be there. */
static inline void byte_queue_drop(byte_queue_t *queue, size_t size)
{
    queue->begin += size;
    if (queue->begin == queue->end) {
        queue->begin = 0;
        queue->end = 0;
    }
}

static inline void byte_queue_clear(byte_queue_t *queue)
{
    byte_queue_drop(queue, byte_queue_size(queue));
}

/** Bytes that can be put in. */
static inline size_t byte_queue_room(const byte_queue_t *queue)
{
    return queue->capacity - byte_queue_size(queue);
}

/** Where the next bytes go, byte_queue_room() of them; byte_queue_added() says how many have been put there. */
static inline uint8_t *byte_queue_space(byte_queue_t *queue)
{
    if (queue->begin > 0) {
        memmove(queue->bytes, queue->bytes + queue->begin, byte_queue_size(queue));
        queue->end -= queue->begin;
        queue->begin = 0;
    }
    return queue->bytes + queue->end;
}

static inline void byte_queue_added(byte_queue_t *queue, size_t size)
{
    queue->end += size;
}

#endif
