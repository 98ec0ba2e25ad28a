/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A list between two threads.
 */
#define _GNU_SOURCE
#include "monitor/pieces.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

bool pieces_begin(pieces_t *pieces, size_t max)
{
    *pieces = (pieces_t){.max = max, .wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    pieces->last = &pieces->first;
    return pieces->wake_fd >= 0 && pthread_mutex_init(&pieces->lock, NULL) == 0 &&
           pthread_cond_init(&pieces->has_room, NULL) == 0;
}

void pieces_free(pieces_t *pieces)
{
    piece_t *piece;

    while ((piece = pieces_take(pieces)) != NULL) {
        free(piece);
    }
    close(pieces->wake_fd);
    pthread_cond_destroy(&pieces->has_room);
    pthread_mutex_destroy(&pieces->lock);
}

/** Without memory there is no room either, until something has been taken. */
static piece_t *allocate(const pieces_t *pieces, size_t size)
{
    if (size > pieces->max - pieces->held && pieces->first != NULL) {
        return NULL;
    }
    return malloc(sizeof(piece_t) + size);
}

void pieces_put(pieces_t *pieces, bool is_remark, const void *bytes, size_t size)
{
    struct timespec at = {0};
    piece_t *piece = NULL;

    clock_gettime(CLOCK_REALTIME, &at);
    pthread_mutex_lock(&pieces->lock);
    while (!pieces->is_ended && (piece = allocate(pieces, size)) == NULL) {
        pthread_cond_wait(&pieces->has_room, &pieces->lock);
    }
    if (piece != NULL) {
        *piece = (piece_t){.is_remark = is_remark, .at = at, .size = size};
        memcpy(piece->bytes, bytes, size);
        *pieces->last = piece;
        pieces->last = &piece->next;
        pieces->held += size;
    }
    pthread_mutex_unlock(&pieces->lock);
    (void)eventfd_write(pieces->wake_fd, 1);
}

void pieces_end(pieces_t *pieces)
{
    pthread_mutex_lock(&pieces->lock);
    pieces->is_ended = true;
    pthread_cond_broadcast(&pieces->has_room);
    pthread_mutex_unlock(&pieces->lock);
}

piece_t *pieces_take(pieces_t *pieces)
{
    pthread_mutex_lock(&pieces->lock);
    piece_t *piece = pieces->first;
    if (piece != NULL) {
        pieces->first = piece->next;
        pieces->last = pieces->first == NULL ? &pieces->first : pieces->last;
        pieces->held -= piece->size;
        pthread_cond_signal(&pieces->has_room);
    }
    pthread_mutex_unlock(&pieces->lock);
    return piece;
}
