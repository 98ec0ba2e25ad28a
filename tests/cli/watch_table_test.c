/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of boards at given sizes.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "commands/watch_table.h"
#include "report/screen.h"
#include "test.h"

static const watch_row_t boards[] = {
    {.place = "1-2", .image = "app.bin"},
    {.place = "1-3.1",
     .image = "app.bin",
     .tally = {.is_begun = true,
               .step = ESP_LOADER_PLAN_WRITE,
               .written = 500,
               .total = 1000,
               .all_total = 1000,
               .rate = 100}},
    {.place = "1-4",
     .image = "boot.bin",
     .tally = {.is_begun = true,
               .step = ESP_LOADER_PLAN_VERIFY,
               .written = 3000,
               .total = 3000,
               .all_total = 4000}},
};

static void assert_draws(const bar_style_t *style, unsigned height, size_t busy, const char *expected)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    watch_table_draw(out, style, height, boards, &(watch_sum_t){.busy = busy, .flashed = 7, .failed = 1});
    screen_begin_text(); /* wiped, for the next one */
    screen_end_text();
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
}

TEST(one_row_a_board_and_a_sum)
{
    assert_draws(&(bar_style_t){.columns = 80}, 24, 3,
                 "1-2        0% [----------------------------] connecting\033[K\n"
                 "1-3.1     50% [##############--------------] 100 B/s   0:05 left app.bin\033[K\n"
                 "1-4       75% [#####################-------] verifying           boot.bin\033[K\n"
                 "3 in work, 7 flashed, 1 failed\033[J"
                 "\r\033[3A\033[J");
}

TEST(narrow_terminal)
{
    assert_draws(&(bar_style_t){.columns = 20}, 24, 2,
                 "1-2        0%\033[K\n"
                 "1-3.  50% 100 B/s\033[K\n"
                 "2 in work, 7 flashe\033[J"
                 "\r\033[2A\033[J");
}

TEST(low_terminal_says_what_it_has_no_room_for)
{
    assert_draws(&(bar_style_t){.columns = 80}, 3, 3,
                 "1-2        0% [----------------------------] connecting\033[K\n"
                 "3 in work, 7 flashed, 1 failed; 2 not shown\033[J"
                 "\r\033[1A\033[J");
    assert_draws(&(bar_style_t){.columns = 80}, 1, 3,
                 "3 in work, 7 flashed, 1 failed; 3 not shown\033[J\r\033[J");
}

TEST(no_board_has_no_row)
{
    assert_draws(&(bar_style_t){.columns = 80}, 24, 0, "0 in work, 7 flashed, 1 failed\033[J\r\033[J");
}
