/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rows of boards.
 */
#define _GNU_SOURCE
#include "commands/watch_table.h"

#include "report/progress.h"
#include "report/screen.h"
#include "text/safe_text.h"

enum { LINES_MAX = WATCH_TABLE_ROWS };

static unsigned render_row(const watch_row_t *row, const bar_style_t *style, char out[BAR_SIZE])
{
    const tally_t *tally = &row->tally;
    char place[SAFE_TEXT_SIZE];
    char image[SAFE_TEXT_SIZE];
    char state[BAR_TEXT_SIZE];
    char left[PROGRESS_LEFT_SIZE];

    return bar_render(
        &(bar_t){.name = safe_text(row->place, place),
                 .name_width = 8,
                 .percent = tally->is_begun ? tally_all_percent(tally) : 0,
                 .state = tally->is_begun ? progress_state(tally, "writing", state) : "connecting",
                 .time = progress_left(tally, left),
                 .total = tally->is_begun ? safe_text(row->image, image) : ""},
        style, out);
}

/** A line of text, as much of it as fits. */
static unsigned render_sum(const watch_sum_t *sum, size_t hidden, const bar_style_t *style,
                           char out[BAR_SIZE])
{
    char text[128];

    int length = snprintf(text, sizeof(text), "%zu in work, %u flashed, %u failed", sum->busy, sum->flashed,
                          sum->failed);
    if (hidden != 0) {
        snprintf(text + length, sizeof(text) - (size_t)length, "; %zu not shown", hidden);
    }
    const unsigned room = style->columns > 1 ? style->columns - 1 : 0;
    length = snprintf(out, BAR_SIZE, "%.*s", (int)room, text);
    return (unsigned)length;
}

void watch_table_draw(FILE *out, const bar_style_t *style, unsigned height, const watch_row_t *rows,
                      const watch_sum_t *sum)
{
    static char lines[LINES_MAX][BAR_SIZE]; /* one thread draws */
    unsigned widths[LINES_MAX];
    const size_t most = height < LINES_MAX ? height : LINES_MAX;
    const size_t room = most > 2 ? most - 2 : 0; /* for the sum, and a line of what was there before */
    const size_t shown = sum->busy < room ? sum->busy : room;

    for (size_t i = 0; i < shown; i++) {
        widths[i] = render_row(&rows[i], style, lines[i]);
    }
    widths[shown] = render_sum(sum, sum->busy - shown, style, lines[shown]);
    screen_draw(out, lines, widths, shown + 1);
}
