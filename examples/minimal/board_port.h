/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port made of the five functions of board.h. There is one board, so it needs no more than the table.
 */
#ifndef BOARD_PORT_H
#define BOARD_PORT_H

#include "esp_loader_io.h"

/** Everything that board.h serves; the baud rate stays as board_init() sets it. */
extern const esp_loader_port_ops_t board_port_ops;

#endif
