/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The boards that are being flashed, as a table on a terminal: one row each, and a sum.
 */
#ifndef CLI_WATCH_TABLE_H
#define CLI_WATCH_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "report/bar.h"
#include "report/tally.h"

enum { WATCH_TABLE_ROWS = 64 }; /**< boards that are shown at most */

typedef struct {
    const char *place;
    const char *image; /**< the one that is being flashed */
    tally_t tally;     /**< zeros until the plan runs */
} watch_row_t;

typedef struct {
    size_t busy;
    unsigned flashed;
    unsigned failed;
} watch_sum_t;

/** Draws the table over the one before, as many rows as the terminal has room for.
 *  @param rows    of the first WATCH_TABLE_ROWS of sum->busy boards
 *  @param style   what the terminal can
 *  @param height  its rows */
void watch_table_draw(FILE *out, const bar_style_t *style, unsigned height, const watch_row_t *rows,
                      const watch_sum_t *sum);

#endif
