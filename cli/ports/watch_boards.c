/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "ports/watch_boards.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 16 };

watch_board_t *watch_boards_add(watch_boards_t *boards)
{
    if (boards->count == boards->capacity) {
        const size_t capacity = boards->capacity == 0 ? FIRST_CAPACITY : 2 * boards->capacity;
        watch_board_t *list = reallocarray(boards->list, capacity, sizeof(*list));

        if (list == NULL) {
            return NULL;
        }
        boards->list = list;
        boards->capacity = capacity;
    }
    watch_board_t *board = &boards->list[boards->count++];
    *board = (watch_board_t){0};
    return board;
}

void watch_boards_free(watch_boards_t *boards)
{
    free(boards->list);
    *boards = (watch_boards_t){0};
}
