/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A bounded queue of bytes, the only buffer between a client and the chip. It hands out spans, so bytes are
 * copied once on their way in and once on their way out. Who fills it, and when, is decided by wire.c and the
 * front ends.
 */
#ifndef FE_QUEUE_H
#define FE_QUEUE_H

#include <stddef.h>
#include <stdint.h>

/** Bytes a queue can hold: about what a kernel's tty buffers between a program and a serial device. */
#define FE_QUEUE_CAPACITY 4096u

/** Zero-initialised is empty. */
typedef struct {
    uint8_t bytes[FE_QUEUE_CAPACITY];
    size_t first; /**< index of the oldest byte */
    size_t count;
} fe_queue_t;

/** Free bytes. */
size_t fe_queue_space(const fe_queue_t *queue);

/** Appends as many bytes of @p data as fit; returns how many. */
size_t fe_queue_push(fe_queue_t *queue, const uint8_t *data, size_t size);

/** The oldest bytes that lie in one piece; the result is valid until the next call that changes the queue.
 *  @param out_size  their number, 0 when the queue is empty. */
const uint8_t *fe_queue_peek(const fe_queue_t *queue, size_t *out_size);

/** Forgets the oldest @p size bytes; at most `count`. */
void fe_queue_drop(fe_queue_t *queue, size_t size);

/** Forgets everything. */
void fe_queue_clear(fe_queue_t *queue);

#endif
