/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Boards as a search finds them: a list that grows with them.
 */
#ifndef CLI_WATCH_BOARDS_H
#define CLI_WATCH_BOARDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ports/port_list.h"

/** A board as it is seen. */
typedef struct {
    char place[PORT_TEXT_SIZE]; /**< what stays the same: "1-2", or the port as the user named it */
    char port[PORT_TEXT_SIZE];
    char serial[LINUX_DEVICE_TEXT_SIZE];
    uint16_t usb_vid;
    uint16_t usb_pid;
    bool is_accessible;
} watch_board_t;

/** All zero = none. What was allocated is used again for the next look: set `count` to 0. */
typedef struct {
    watch_board_t *list;
    size_t count;
    size_t capacity;
} watch_boards_t;

/** One more, all zero; NULL when there is no memory. */
watch_board_t *watch_boards_add(watch_boards_t *boards);

void watch_boards_free(watch_boards_t *boards);

#endif
