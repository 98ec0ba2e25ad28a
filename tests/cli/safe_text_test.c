/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What names may do to a terminal, and to JSON: nothing.
 */
#include <string.h>

#include "text/safe_text.h"
#include "test.h"

static void assert_shown(const char *text, const char *expected)
{
    char out[SAFE_TEXT_SIZE];

    assert_string_equal(safe_text(text, out), expected);
}

static void assert_utf8(const char *text, const char *expected)
{
    char out[64];

    strcpy(out, text);
    safe_text_make_utf8(out);
    assert_string_equal(out, expected);
}

TEST(ordinary_text_stays_whatever_its_script)
{
    assert_shown("", "");
    assert_shown("app 1.bin", "app 1.bin");
    assert_shown("\xC3\xBC\xE2\x82\xAC\xF0\x9F\x99\x82\xC2\xA0",
                 "\xC3\xBC\xE2\x82\xAC\xF0\x9F\x99\x82\xC2\xA0");
    assert_utf8("\xC3\xBC\x1B\xC2\x9B", "\xC3\xBC\x1B\xC2\x9B"); /* JSON escapes it */
}

TEST(what_acts_on_a_terminal_becomes_a_question_mark)
{
    assert_shown("\x1B[31mred\x07\n\r\t\x7F", "?[31mred?????");
    assert_shown("a\xC2\x80\xC2\x9B\xC2\x9Fz", "a???z");             /* C1, among them CSI */
    assert_shown("a\xE2\x80\xA8\xE2\x80\xA9z", "a??z");              /* line and paragraph separators */
    assert_shown("a\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\x8Fz", "a???z"); /* text from right to left */
}

TEST(what_is_not_utf8_becomes_a_question_mark_for_each_byte)
{
    static const char *const cases[][2] = {
        {"\xFF.bin", "?.bin"},
        {"\x9B[31m", "?[31m"}, /* C1 as one byte */
        {"a\xC3", "a?"},       /* cut short */
        {"a\xE2\x82z", "a??z"},
        {"a\xC0\xAFz", "a??z"}, /* longer than it need be */
        {"a\xE0\x80\xAFz", "a???z"},
        {"a\xED\xA0\x80z", "a???z"},      /* half of a pair */
        {"a\xF4\x90\x80\x80z", "a????z"}, /* beyond Unicode */
        {"a\xF8\x88\x80\x80\x80z", "a?????z"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_shown(cases[i][0], cases[i][1]);
        assert_utf8(cases[i][0], cases[i][1]);
    }
}

TEST(text_that_is_too_long_is_shortened_and_stays_valid)
{
    char text[2 * SAFE_TEXT_SIZE];
    char out[SAFE_TEXT_SIZE];

    memset(text, 'a', sizeof(text));
    memcpy(text + SAFE_TEXT_SIZE - 2, "\xC3\xBC", 2); /* would be cut in two */
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(strlen(safe_text(text, out)), SAFE_TEXT_SIZE - 1);
    assert_int_equal(out[SAFE_TEXT_SIZE - 2], '?');
}
