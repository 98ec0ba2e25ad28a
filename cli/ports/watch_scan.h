/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Looking for boards: which are there now.
 */
#ifndef CLI_WATCH_SCAN_H
#define CLI_WATCH_SCAN_H

#include <stddef.h>

#include "ports/watch_boards.h"

/** Adds to @p boards those on the @p ports that are of this machine, or, when @p port_count is 0, on every port where
 * a board can be flashed. */
void watch_scan(const char *const *ports, size_t port_count, watch_boards_t *boards);

#endif
