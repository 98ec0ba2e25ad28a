/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What has come from the target and is not shown yet, in its order, with remarks in between. One thread puts, another
 * takes: a terminal that is slow, or held, does not keep anybody from reading the port.
 */
#ifndef CLI_MONITOR_PIECES_H
#define CLI_MONITOR_PIECES_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/** So many bytes wait at most; then the thread that reads waits, too. At 3 Mbaud they are three minutes. */
enum { PIECES_BYTES_MAX = 64 * 1024 * 1024 };

typedef struct piece {
    struct piece *next;
    bool is_remark;     /**< a sentence about the port, not of the target */
    struct timespec at; /**< when it came, by the clock on the wall */
    size_t size;
    uint8_t bytes[];
} piece_t;

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t has_room;
    piece_t *first;
    piece_t **last;
    size_t held; /**< bytes */
    size_t max;
    bool is_ended;
    int wake_fd; /**< readable when something may have come */
} pieces_t;

/** @param max  PIECES_BYTES_MAX but for tests
 *  @return false without memory or descriptors */
bool pieces_begin(pieces_t *pieces, size_t max);

/** Frees what is left. */
void pieces_free(pieces_t *pieces);

/** Adds a copy; waits for room, and for memory, until pieces_end(). */
void pieces_put(pieces_t *pieces, bool is_remark, const void *bytes, size_t size);

/** Nobody waits for room any more; what is put from now on is dropped. */
void pieces_end(pieces_t *pieces);

/** The next one, for free(); NULL = there is none now. */
piece_t *pieces_take(pieces_t *pieces);

#endif
