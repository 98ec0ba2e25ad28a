/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * States of the places.
 */
#define _GNU_SOURCE
#include "ports/watch_places.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

/** A place more; NULL when there is no memory. */
static watch_place_t *add_place(watch_places_t *places)
{
    if (places->count == places->capacity) {
        const size_t capacity = places->capacity == 0 ? FIRST_CAPACITY : 2 * places->capacity;
        watch_place_t **list = reallocarray(places->list, capacity, sizeof(watch_place_t *));

        if (list == NULL) {
            return NULL;
        }
        places->list = list;
        places->capacity = capacity;
    }
    watch_place_t *place = calloc(1, sizeof(*place));
    if (place != NULL) {
        places->list[places->count++] = place;
    }
    return place;
}

/** Its own, an empty or a new one. Boards are mostly found in the order of their places: the search begins at
 * @p likely. */
static watch_place_t *place_of(watch_places_t *places, const watch_board_t *board, size_t likely)
{
    watch_place_t *empty = NULL;

    for (size_t i = 0; i < places->count; i++) {
        watch_place_t *place = places->list[(likely + i) % places->count];

        if (place->state == WATCH_EMPTY) {
            empty = empty == NULL ? place : empty;
        } else if (strcmp(place->board.place, board->place) == 0) {
            return place;
        }
    }
    return empty != NULL ? empty : add_place(places);
}

/** An application may show a serial number of its own, but under its own ids. */
static bool is_another(const watch_board_t *before, const watch_board_t *now)
{
    return before->usb_vid == now->usb_vid && before->usb_pid == now->usb_pid && before->serial[0] != '\0' &&
           now->serial[0] != '\0' && strcmp(before->serial, now->serial) != 0;
}

static void see(watch_place_t *place, const watch_board_t *board, uint64_t now_ms)
{
    const bool is_new =
        place->state == WATCH_EMPTY || (place->state != WATCH_BUSY && is_another(&place->board, board));

    if (is_new) {
        place->state = WATCH_NEW;
        place->since_ms = now_ms;
    }
    if (is_new || place->state == WATCH_NEW) {
        place->board = *board;
    }
    place->seen_ms = now_ms;
}

void watch_places_see(watch_places_t *places, const watch_board_t *boards, size_t count, uint64_t now_ms)
{
    for (size_t i = 0; i < count; i++) {
        watch_place_t *place = place_of(places, &boards[i], i);

        if (place != NULL) {
            see(place, &boards[i], now_ms);
        }
    }
    for (size_t i = 0; i < places->count; i++) {
        watch_place_t *place = places->list[i];

        if (place->state == WATCH_NEW && place->seen_ms != now_ms) {
            place->state = WATCH_EMPTY; /* a loose contact */
        }
    }
}

static bool is_ready(const watch_place_t *place, uint64_t now_ms)
{
    const uint64_t age_ms = now_ms - place->since_ms;

    return place->state == WATCH_NEW && age_ms >= WATCH_SETTLE_MS &&
           (place->board.is_accessible || age_ms >= WATCH_ACCESS_MS);
}

watch_place_t *watch_places_take(watch_places_t *places, uint64_t now_ms)
{
    for (size_t i = 0; i < places->count; i++) {
        watch_place_t *place = places->list[i];

        if (is_ready(place, now_ms)) {
            place->state = WATCH_BUSY;
            return place;
        }
    }
    return NULL;
}

void watch_places_finish(watch_place_t *place)
{
    place->state = WATCH_DONE;
}

watch_place_t *watch_places_remove(watch_places_t *places, uint64_t now_ms)
{
    for (size_t i = 0; i < places->count; i++) {
        watch_place_t *place = places->list[i];

        if (place->state == WATCH_DONE && now_ms - place->seen_ms >= WATCH_REMOVED_MS) {
            place->state = WATCH_EMPTY;
            return place;
        }
    }
    return NULL;
}

void watch_places_free(watch_places_t *places)
{
    for (size_t i = 0; i < places->count; i++) {
        free(places->list[i]);
    }
    free(places->list);
    *places = (watch_places_t){0};
}
