/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Bytes on their way to a client that takes them when it can: grows as needed, for answers that must not be
 * lost or held back. Whoever fills it keeps its size within reason.
 */
#ifndef FE_OUTBOX_H
#define FE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Zero-initialised is empty. */
typedef struct {
    uint8_t *bytes;
    size_t first; /**< index of the oldest byte */
    size_t end;
    size_t capacity;
} fe_outbox_t;

/** Makes room for @p size bytes at the end and returns where they go; NULL when memory is short. They count
 * as there. */
uint8_t *fe_outbox_append(fe_outbox_t *outbox, size_t size);

/** Bytes that wait. */
size_t fe_outbox_size(const fe_outbox_t *outbox);

/** Forgets the oldest @p size bytes; at most those that wait. */
void fe_outbox_drop(fe_outbox_t *outbox, size_t size);

/** Forgets everything and gives its memory back. */
void fe_outbox_free(fe_outbox_t *outbox);

#endif
