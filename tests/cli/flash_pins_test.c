/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where a flash chip is connected, as users write it.
 */
#include "test.h"
#include "text/flash_pins.h"

static const struct {
    const char *text;
    uint32_t pins;
} good[] = {
    {"SPI", 0},
    {"spi", 0},
    {"HSPI", 1},
    {"14,12,13,2,15", 14 | 12 << 6 | 13 << 12 | 15 << 18 | 2 << 24},
    {"6,17,8,11,16", 6 | 17 << 6 | 8 << 12 | 16 << 18 | 11 << 24},
    {"63,0,1,2,3", 63 | 0 << 6 | 1 << 12 | 3 << 18 | 2 << 24},
};

TEST_ROWS(pins_are_packed, good)
{
    uint32_t pins = 0xdead;

    assert_true(flash_pins_parse(row->text, &pins));
    assert_int_equal(pins, row->pins);
}

static const char *const bad[] = {
    "",          "VSPI",       "1,2,3,4",     "1,2,3,4,5,6", "1,2,3,4,64",
    "1,2,3,4,1", "1,2,3,4,",   "1,2,,4,5",    " 1,2,3,4,5",  "1,2,3,4,5 ",
    "0,0,0,0,0", "1,2,3,4,-5", "1,2,3,4,0x5", "SPI,1",       "4294967297,2,3,4,5"};

TEST_ROWS(what_is_no_five_pins_is_refused, bad)
{
    uint32_t pins = 0xdead;

    assert_false(flash_pins_parse(*row, &pins));
}
