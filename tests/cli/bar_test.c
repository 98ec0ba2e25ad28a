/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rows of progress at given widths.
 */
#include <string.h>

#include "report/bar.h"
#include "test.h"

static const bar_t half = {
    .name = "app.bin", .percent = 50, .state = "312 KB/s", .time = "0:12 left", .total = "total 71%"};
static const bar_t ended = {.name = "app.bin",
                            .percent = 100,
                            .is_done = true,
                            .state = "verified",
                            .time = "1.2 s",
                            .total = "54 KB/s"};
static const bar_t foreign = {
    .name = "\u00e4\u00f6\u00fc.bin", .percent = 7, .state = "", .time = "", .total = ""};
static const bar_t aligned = {
    .name = "a", .name_width = 7, .percent = 50, .state = "comparing", .time = "", .total = ""};

static const struct {
    const bar_t *bar;
    bar_style_t style;
    const char *expected;
} rows[] = {
    {&half, {.columns = 100}, "app.bin  50% [##############--------------] 312 KB/s  0:12 left total 71%"},
    {&half, {.columns = 72}, "app.bin  50% [############-------------] 312 KB/s  0:12 left total 71%"},
    {&half, {.columns = 60}, "app.bin  50% [######-------] 312 KB/s  0:12 left total 71%"},
    {&half, {.columns = 50}, "app.bin  50% [#######-------] 312 KB/s  0:12 left"},
    {&half, {.columns = 40}, "app.bin  50% [#######-------] 312 KB/s"},
    {&half, {.columns = 24}, "app.bin  50% 312 KB/s"},
    {&half, {.columns = 20}, "app.  50% 312 KB/s"},
    {&half, {.columns = 19}, "app.bin  50%"},
    {&half, {.columns = 11}, "app.b  50%"},
    {&half, {.columns = 9}, " 50%"},
    {&half, {.columns = 4}, " 50"},
    {&half, {.columns = 1}, ""},
    {&half, {.columns = 0}, ""},
    {&ended, {.columns = 64}, "app.bin [######################] verified  1.2 s     54 KB/s"},
    {&ended, {.columns = 30}, "app.bin [#########] verified"},
    {&ended, {.columns = 20}, "app.bin verified"},
    {&ended, {.columns = 4}, "ver"},
    {&aligned, {.columns = 36}, "a        50% [#####-----] comparing"},
    {&half,
     {.columns = 40, .is_utf8 = true},
     "app.bin  50% "
     "\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591 312 "
     "KB/s"},
    {&half, {.columns = 40, .is_coloured = true}, "app.bin  50% [\033[32m#######\033[m-------] 312 KB/s"},
    {&foreign,
     {.columns = 12},
     "\u00e4\u00f6\u00fc   7%"}, /* no half of a character, and room for wide ones */
    {&foreign, {.columns = 11}, "\u00e4\u00f6    7%"},
};

TEST_ROWS(row_fits_its_columns, rows)
{
    char out[BAR_SIZE];

    const unsigned columns = bar_render(row->bar, &row->style, out);
    assert_string_equal(out, row->expected);
    assert_true(columns < row->style.columns || columns == 0);
}

TEST(no_row_is_wider_than_the_terminal)
{
    static const bar_t *const bars[] = {&half, &ended, &foreign, &aligned};
    char out[BAR_SIZE];

    for (size_t i = 0; i < sizeof(bars) / sizeof(bars[0]); i++) {
        for (unsigned columns = 0; columns < 300; columns++) {
            const unsigned width = bar_render(bars[i], &(bar_style_t){.columns = columns}, out);
            assert_true(width == 0 || width < columns);
            assert_true(strlen(out) <= width || bars[i] == &foreign);
        }
    }
}

TEST(long_name_of_many_bytes_is_cut)
{
    char name[5000];
    char out[BAR_SIZE];

    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    const bar_t bar = {.name = name, .state = "", .time = "", .total = ""};
    assert_int_equal(bar_render(&bar, &(bar_style_t){.columns = 60}, out), 59);
    assert_true(bar_render(&bar, &(bar_style_t){.columns = 60000}, out) < 60000);
    assert_true(strlen(out) < BAR_SIZE);
}

TEST(rates_and_times_are_short)
{
    char out[BAR_TEXT_SIZE];

    assert_string_equal(bar_rate(0, out), "");
    assert_string_equal(bar_rate(1023, out), "1023 B/s");
    assert_string_equal(bar_rate(1024, out), "1 KB/s");
    assert_string_equal(bar_rate(1024 * 1024 - 1, out), "1023 KB/s");
    assert_string_equal(bar_rate(1300 * 1024, out), "1.2 MB/s");
    assert_string_equal(bar_time(0, out), "0:00");
    assert_string_equal(bar_time(1, out), "0:01");
    assert_string_equal(bar_time(59001, out), "1:00");
    assert_string_equal(bar_time(3723000, out), "1:02:03");
    assert_string_equal(bar_seconds(0, out), "0.0 s");
    assert_string_equal(bar_seconds(1250, out), "1.3 s");
    assert_string_equal(bar_seconds(75000, out), "75.0 s");
}
