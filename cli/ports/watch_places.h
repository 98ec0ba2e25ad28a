/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where boards come and go: per physical port, whether there is a board, and whether it has had its turn.
 * Only bookkeeping: the caller finds boards and passes what is there and when, so time is any clock in
 * milliseconds.
 */
#ifndef CLI_WATCH_PLACES_H
#define CLI_WATCH_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ports/watch_boards.h"

/** A board is left alone for this long after it has appeared, and longer while it may not be opened; gone for
 * that long it counts as removed: shorter gaps are resets. Milliseconds. */
enum { WATCH_SETTLE_MS = 300, WATCH_ACCESS_MS = 3000, WATCH_REMOVED_MS = 1000 };

typedef enum {
    WATCH_EMPTY = 0,
    WATCH_NEW,  /**< has just appeared */
    WATCH_BUSY, /**< has its turn; watch_places_finish() ends it */
    WATCH_DONE, /**< has had its turn, and waits to be removed */
} watch_state_t;

typedef struct {
    watch_state_t state;
    watch_board_t board;
    uint64_t since_ms; /**< WATCH_NEW: when it appeared */
    uint64_t seen_ms;  /**< last time it was there */
    void *turn;        /**< the caller's; NULL in a new place, kept from one board to the next */
} watch_place_t;

/** All zero = nothing has been seen. As many as there have been boards at a time. */
typedef struct {
    watch_place_t **list; /**< each stays where it is until watch_places_free() */
    size_t count;
    size_t capacity;
} watch_places_t;

/** Takes note of the @p count boards that are there now. A board in a place that has had its turn is another
 * one if its serial number differs. A board for whose place there is no memory is not taken. */
void watch_places_see(watch_places_t *places, const watch_board_t *boards, size_t count, uint64_t now_ms);

/** A board whose turn it is, from now on BUSY; NULL = none. */
watch_place_t *watch_places_take(watch_places_t *places, uint64_t now_ms);

/** The board is finished. */
void watch_places_finish(watch_place_t *place);

/** A board that has had its turn and is gone, from now on EMPTY (its `board` can still be read); NULL = none.
 */
watch_place_t *watch_places_remove(watch_places_t *places, uint64_t now_ms);

/** Frees the places, but not what the caller has put into them. */
void watch_places_free(watch_places_t *places);

#endif
