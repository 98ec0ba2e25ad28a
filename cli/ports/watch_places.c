/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * States of the places.
 */
#include "ports/watch_places.h"

#include <string.h>

static watch_place_t *place_of(watch_places_t *places, const watch_board_t *board)
{
    watch_place_t *empty = NULL;

    for (size_t i = 0; i < WATCH_PLACES_MAX; i++) {
        watch_place_t *place = &places->places[i];

        if (place->state == WATCH_EMPTY) {
            empty = empty == NULL ? place : empty;
        } else if (strcmp(place->board.place, board->place) == 0) {
            return place;
        }
    }
    return empty;
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
        watch_place_t *place = place_of(places, &boards[i]);

        if (place != NULL) {
            see(place, &boards[i], now_ms);
        }
    }
    for (size_t i = 0; i < WATCH_PLACES_MAX; i++) {
        watch_place_t *place = &places->places[i];

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
    for (size_t i = 0; i < WATCH_PLACES_MAX; i++) {
        if (is_ready(&places->places[i], now_ms)) {
            places->places[i].state = WATCH_BUSY;
            return &places->places[i];
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
    for (size_t i = 0; i < WATCH_PLACES_MAX; i++) {
        watch_place_t *place = &places->places[i];

        if (place->state == WATCH_DONE && now_ms - place->seen_ms >= WATCH_REMOVED_MS) {
            place->state = WATCH_EMPTY;
            return place;
        }
    }
    return NULL;
}
