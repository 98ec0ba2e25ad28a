/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Numbers on the command line.
 */
#include "text/number.h"
#include "test.h"

static const struct {
    const char *text;
    uint32_t value;
} numbers[] = {
    {"0", 0},
    {"0x0", 0},
    {"4096", 4096},
    {"0x10000", 0x10000},
    {"0XfF", 255},
    {"010", 10},
    {"4k", 4096},
    {"4K", 4096},
    {"1M", 1048576},
    {"0x10k", 16384},
    {"4095M", 4293918720u},
    {"4294967295", UINT32_MAX},
    {"0xFFFFFFFF", UINT32_MAX},
    {"00000000000000000001", 1},
};

TEST_ROWS(decimal_hexadecimal_and_suffixes_are_read, numbers)
{
    uint32_t value = 99;

    assert_true(number_parse(row->text, &value));
    assert_int_equal(value, row->value);
}

TEST(anything_else_is_refused_and_changes_nothing)
{
    static const char *const cases[] = {
        "",      "0x",  "k",          "M",
        "-1",    "+1",  " 1",         "1 ",
        "1kk",   "1kB", "1.5k",       "12a",
        "0xg",   "1e3", "4294967296", "0x100000000",
        "4096M", "4M ", "0x M",       "99999999999999999999999",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t value = 99;

        if (number_parse(cases[i], &value)) {
            fail_msg("accepted: '%s'", cases[i]);
        }
        assert_int_equal(value, 99);
    }
}
