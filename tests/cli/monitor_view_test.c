/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What of a target's output is shown, and how: any bytes, in pieces of any size.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/timestamp.h"
#include "monitor/view.h"
#include "test.h"

enum { SHOWN_SIZE = 3 * 65536 };

static char shown[SHOWN_SIZE];
static size_t shown_size;

static void put(void *ctx, const char *text, size_t size)
{
    (void)ctx;
    assert_true(size < SHOWN_SIZE - shown_size);
    memcpy(shown + shown_size, text, size);
    shown_size += size;
    shown[shown_size] = '\0';
}

static const struct timespec noon = {.tv_sec = 12 * 3600, .tv_nsec = 1234000};

static monitor_view_t *new_view(monitor_mode_t mode, const char *rules)
{
    monitor_view_t *view = calloc(1, sizeof(*view));
    char error[MONITOR_FILTER_ERROR_SIZE];

    assert_non_null(view);
    view->mode = mode;
    view->out.put = put;
    assert_true(monitor_filter_parse(&view->filter, rules, error));
    shown_size = 0;
    shown[0] = '\0';
    return view;
}

static void take(monitor_view_t *view, const char *text)
{
    monitor_view_take(view, (const uint8_t *)text, strlen(text), &noon);
}

static const struct {
    const char *bytes;
    const char *text;
} texts[] = {
    {"plain\n", "plain\n"},
    {"a\r\nb\r\n", "a\nb\n"},
    {"50%\r60%\n", "50%\r60%\n"}, /* a target may write over its own line */
    {"a\b \b\tb\n", "a\b \b\tb\n"},
    {"\033[0;32mgreen\033[0m\n", "\033[0;32mgreen\033[0m\n"},
    {"\033[38;5;1m\033[m\033[38:5:1m\n", "\033[38;5;1m\033[m\033[38:5:1m\n"},
    {"\033[2J\n", "\\x1b[2J\n"},
    {"\033]0;title\007\n", "\\x1b]0;title\\x07\n"},
    {"\033[?25l\n", "\\x1b[?25l\n"},
    {"\033\033[0m\n", "\\x1b\033[0m\n"},
    {"\033c\n", "\\x1bc\n"},
    {"\033[111111111111111111111111111111m\n",
     "\\x1b[111111111111111111111111111111m\n"}, /* too long for a colour */
    {"\033[11111111111111111111111111111m\n", "\033[11111111111111111111111111111m\n"},
    {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\n", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\n"},
    {"\xC2\x9B"
     "2J\n",
     "\\xc2\\x9b2J\n"},                      /* CSI of C1 */
    {"\xE2\x80\xAE\n", "\\xe2\\x80\\xae\n"}, /* text from right to left */
    {"\xC3(\n", "\\xc3(\n"},
    {"\xC3\xC3\xA4\n", "\\xc3\xC3\xA4\n"},
    {"\xE2\x82\n", "\\xe2\\x82\n"},
    {"\xFF\xFE\x80\n", "\\xff\\xfe\\x80\n"},
    {"\xED\xA0\x80\n", "\\xed\\xa0\\x80\n"},
    {"\x7F\x01\n", "\\x7f\\x01\n"},
};

TEST_ROWS(colours_act_and_nothing_else_does, texts)
{
    monitor_view_t *view = new_view(MONITOR_LINE, "");

    take(view, row->bytes);
    assert_string_equal(shown, row->text);
    free(view);
}

TEST_ROWS(it_does_not_matter_how_bytes_come, texts)
{
    monitor_view_t *view = new_view(MONITOR_LINE, "");

    for (const char *byte = row->bytes; *byte != '\0'; byte++) {
        monitor_view_take(view, (const uint8_t *)byte, 1, &noon);
    }
    assert_string_equal(shown, row->text);
    free(view);
}

TEST(a_zero_byte_is_shown)
{
    monitor_view_t *view = new_view(MONITOR_LINE, "");

    monitor_view_take(view, (const uint8_t *)"a\0b\xE2\0\n", 6, &noon);
    assert_string_equal(shown, "a\\x00b\\xe2\\x00\n");
    free(view);
}

TEST(what_is_incomplete_is_shown_when_nothing_more_comes)
{
    monitor_view_t *view = new_view(MONITOR_LINE, "");

    take(view, "esp> \033[3");
    assert_string_equal(shown, "esp> ");
    monitor_view_idle(view, &noon);
    assert_string_equal(shown, "esp> \\x1b[3");
    take(view, "\xE2\x82");
    monitor_view_idle(view, &noon);
    take(view, "x\r");
    monitor_view_idle(view, &noon);
    take(view, "\n");
    assert_string_equal(shown, "esp> \\x1b[3\\xe2\\x82x\r\n");
    free(view);
}

TEST(each_line_begins_with_the_time)
{
    monitor_view_t *view = new_view(MONITOR_LINE, "");

    view->timestamps = "[%S.%f]";
    take(view, "a");
    take(view, "b\n");
    take(view, "\nc\r\n");
    assert_string_equal(shown, "[00.001234] ab\n[00.001234] \n[00.001234] c\n");
    free(view);
}

TEST(a_filter_waits_for_the_line_or_for_a_pause)
{
    monitor_view_t *view = new_view(MONITOR_LINE, "wifi:I *:E");

    view->timestamps = "%S";
    take(view, "I (1) wifi: one\nI (2) nvs: two\n");
    take(view, "W (3) wi");
    assert_string_equal(shown, "00 I (1) wifi: one\n");
    take(view, "fi: three\r\nno log\n");
    assert_string_equal(shown, "00 I (1) wifi: one\n00 W (3) wifi: three\n00 no log\n");
    take(view, "esp> ");
    monitor_view_idle(view, &noon);
    assert_string_equal(shown, "00 I (1) wifi: one\n00 W (3) wifi: three\n00 no log\n00 esp> ");
    take(view, "help\n");
    take(view, "I (4) nvs: ");
    monitor_view_idle(view, &noon);
    take(view, "four\nI (5) wifi: five\n");
    assert_string_equal(shown, "00 I (1) wifi: one\n00 W (3) wifi: three\n00 no log\n00 esp> help\n"
                               "00 I (5) wifi: five\n");
    free(view);
}

TEST(a_line_without_end_is_shown_as_it_comes)
{
    monitor_view_t *view = new_view(MONITOR_LINE, "a:N *:V");
    char *bytes = malloc(3 * MONITOR_LINE_MAX);

    assert_non_null(bytes);
    memset(bytes, 'x', 3 * MONITOR_LINE_MAX);
    monitor_view_take(view, (const uint8_t *)bytes, MONITOR_LINE_MAX - 1, &noon);
    assert_int_equal(shown_size, 0);
    monitor_view_take(view, (const uint8_t *)bytes, 2, &noon);
    assert_int_equal(shown_size, MONITOR_LINE_MAX + 1);
    monitor_view_take(view, (const uint8_t *)bytes, 3 * MONITOR_LINE_MAX, &noon);
    assert_int_equal(shown_size, 4 * MONITOR_LINE_MAX + 1);
    take(view, "\nE (1) a: no\n");
    assert_int_equal(shown_size, 4 * MONITOR_LINE_MAX + 2);
    free(bytes);
    free(view);
}

static char explained[MONITOR_LINE_MAX + 64];
static size_t explained_size;

static void explain(void *ctx, const char *line, size_t size, const monitor_out_t *out)
{
    (void)ctx;
    memcpy(explained, line, size);
    explained[size] = '\0';
    explained_size = size;
    if (size > 0 && line[0] == '!') {
        out->put(out->ctx, "--- really\n", 11);
    }
}

TEST(lines_that_are_shown_are_explained)
{
    monitor_view_t *view = new_view(MONITOR_LINE, "a:E *:E");

    view->explain.line = explain;
    take(view, "!\033[1mx\033[m\r");
    assert_string_equal(explained, "");
    take(view, "\nI (1) a: no\n");
    assert_string_equal(explained, "!\033[1mx\033[m");
    assert_string_equal(shown, "!\033[1mx\033[m\n--- really\n");
    for (size_t i = 0; i < 2 * MONITOR_LINE_MAX; i++) {
        take(view, "y");
    }
    take(view, "\n");
    assert_int_equal(explained_size, MONITOR_LINE_MAX);
    free(view);
}

TEST(raw_bytes_are_not_touched)
{
    monitor_view_t *view = new_view(MONITOR_RAW, "");

    monitor_view_take(view, (const uint8_t *)"\033[2J\0\r\n\xFF", 8, &noon);
    monitor_view_idle(view, &noon);
    assert_int_equal(shown_size, 8);
    assert_memory_equal(shown, "\033[2J\0\r\n\xFF", 8);
    free(view);
}

TEST(rows_of_hexadecimal)
{
    monitor_view_t *view = new_view(MONITOR_HEX, "");

    take(view, "0123456789abcdef\n\033");
    assert_string_equal(shown,
                        "00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  |0123456789abcdef|\n");
    monitor_view_idle(view, &noon);
    monitor_view_idle(view, &noon);
    view->timestamps = "%S";
    take(view, "z");
    monitor_view_idle(view, &noon);
    assert_string_equal(shown,
                        "00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
                        "00000010  0a 1b                                            |..|\n"
                        "00 00000012  7a                                               |z|\n");
    free(view);
}

TEST(a_remark_finds_a_row_of_its_own_without_colour)
{
    monitor_view_t *view = new_view(MONITOR_LINE, "");

    view->timestamps = "%S";
    take(view, "\033[31mred");
    monitor_view_break(view, &noon);
    monitor_view_break(view, &noon);
    assert_string_equal(shown, "00 \033[31mred\033[m\n");
    take(view, "more\033[0m\n");
    monitor_view_break(view, &noon);
    assert_string_equal(shown, "00 \033[31mred\033[m\n00 more\033[0m\n");
    free(view);
}

TEST(formats_of_the_time)
{
    char text[TIMESTAMP_SIZE];
    char long_format[2 * TIMESTAMP_SIZE];

    memset(long_format, 'x', sizeof(long_format) - 1);
    long_format[sizeof(long_format) - 1] = '\0';
    assert_int_equal(timestamp_text("%%f %f%f", &noon, text), 15);
    assert_string_equal(text, "%f 001234001234");
    assert_true(timestamp_is_usable(TIMESTAMP_USUAL));
    assert_false(timestamp_is_usable(""));
    assert_false(timestamp_is_usable("%H\n"));
    assert_false(timestamp_is_usable("\033[2J"));
    assert_false(timestamp_is_usable(long_format));
    assert_int_equal(timestamp_text(long_format, &noon, text), 0);
}
