/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Lines of a target's output: which numbers in them are addresses, and what a panic dumps.
 */
#include <stdio.h>
#include <string.h>

#include "decode/panic.h"
#include "test.h"

static bool take(panic_reader_t *reader, const char *line)
{
    return panic_reader_line(reader, line, strlen(line));
}

static size_t find(const char *line, uint32_t out[PANIC_LINE_ADDRESSES])
{
    return panic_addresses(line, strlen(line), out);
}

TEST(addresses_are_words_of_eight_digits)
{
    uint32_t found[PANIC_LINE_ADDRESSES];

    assert_int_equal(find("Backtrace: 0x400D2f87:0x3ffb4560 0x400d2f9b:0x3ffb4580 |<-CORRUPTED", found), 4);
    assert_int_equal(found[0], 0x400D2F87);
    assert_int_equal(found[3], 0x3FFB4580);
    assert_int_equal(find("Backtrace:0x42001234", found), 1);
    assert_int_equal(find("(0x42001234)", found), 1);
    assert_int_equal(find("", found), 0);
    assert_int_equal(find("0x4200123", found), 0);
    assert_int_equal(find("0x420012345", found), 0);
    assert_int_equal(find("0x4200123g", found), 0);
    assert_int_equal(find("00x42001234", found), 0);
    assert_int_equal(find("x42001234 42001234 0x", found), 0);
    assert_int_equal(find("0x0x42001234", found), 0);
}

TEST(a_line_has_no_more_addresses_than_fit)
{
    uint32_t found[PANIC_LINE_ADDRESSES + 1];
    char line[PANIC_LINE_ADDRESSES * 11 + 12] = "";

    for (size_t i = 0; i < PANIC_LINE_ADDRESSES + 1; i++) {
        strcat(line, "0x42000000 ");
    }
    found[PANIC_LINE_ADDRESSES] = 7;
    assert_int_equal(find(line, found), PANIC_LINE_ADDRESSES);
    assert_int_equal(found[PANIC_LINE_ADDRESSES], 7);
}

TEST(a_dump_is_complete_at_the_first_line_after_the_stack)
{
    panic_reader_t reader = {0};
    const panic_t *panic = &reader.panic;

    assert_false(take(&reader, "Core  0 register dump:"));
    assert_false(
        take(&reader,
             "MEPC    : 0x42000022  RA      : 0x4200004a  SP      : 0x3fc8f000  GP      : 0x3fc8b200  \r"));
    assert_false(take(
        &reader, "S0/FP   : 0x00000005  S11     : 0x0000000b  T6      : 0x00000006  A0      : 0x00000007"));
    assert_false(take(&reader, "MSTATUS : 0x00001881  MTVEC   : 0x40380001"));
    assert_false(take(&reader, ""));
    assert_false(take(&reader, "Stack memory:\r"));
    assert_false(take(&reader, "3fc8f000: 0x03020100 0x07060504"));
    assert_false(take(&reader, "3fc8f008: 0x0b0a0908 \r"));
    assert_true(take(&reader, "\r"));
    assert_true(panic->pc == 0x42000022 && panic->registers[1] == 0x4200004A &&
                panic->registers[2] == 0x3FC8F000);
    assert_true(panic->registers[8] == 5 && panic->registers[27] == 11 && panic->registers[31] == 6);
    assert_int_equal(panic->known, 1U << 1 | 1U << 2 | 1U << 3 | 1U << 8 | 1U << 10 | 1U << 27 | 1U << 31);
    assert_true(panic->stack_start == 0x3FC8F000 && panic->stack_size == 12);
    for (uint8_t i = 0; i < 12; i++) {
        assert_int_equal(panic->stack[i], i);
    }
    assert_false(take(&reader, "Stack memory:")); /* there are no registers for this one */
    assert_false(take(&reader, "3fc8f000: 0x03020100"));
    assert_false(take(&reader, ""));
}

TEST(a_second_dump_begins_anew)
{
    panic_reader_t reader = {0};

    (void)take(&reader, "MEPC    : 0x42000022  A0      : 0x00000001");
    (void)take(&reader, "Stack memory:");
    (void)take(&reader, "3fc8f000: 0x03020100");
    assert_true(take(&reader, ""));
    (void)take(&reader, "MEPC    : 0x42000026  RA      : 0x00000001");
    (void)take(&reader, "Stack memory:");
    assert_false(take(&reader, "")); /* before the first row */
    (void)take(&reader, "3fc8e000: 0x00000001");
    assert_true(take(&reader, "ELF file SHA256: 1234"));
    assert_int_equal(reader.panic.known, 1U << 1);
    assert_true(reader.panic.stack_start == 0x3FC8E000 && reader.panic.stack_size == 4);
}

TEST(damaged_rows_end_the_stack)
{
    static const char *const rows[] = {
        "3fc8f00c: 0x00000000", /* a gap */
        "3fc8f004 0x00000000",   "3fc8f004: 0x0000000", "3fc8f004: 0x00000000 and more", "3fc8f00",
        "I (1234) app: started",
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        panic_reader_t reader = {0};

        (void)take(&reader, "MEPC    : 0x42000022");
        (void)take(&reader, "Stack memory:");
        (void)take(&reader, "3fc8f000: 0x03020100");
        assert_true(take(&reader, rows[i]));
        assert_in_range(reader.panic.stack_size, 4, 8);
    }
}

TEST(a_stack_does_not_outgrow_its_room)
{
    panic_reader_t reader = {0};
    unsigned rows = 0;
    char row[128];

    (void)take(&reader, "MEPC    : 0x42000022");
    (void)take(&reader, "Stack memory:");
    do {
        (void)snprintf(row, sizeof(row), "%08x: 0x%08x 0x%08x 0x%08x 0x%08x", 0x3FC80000U + 16 * rows, rows,
                       rows, rows, rows);
    } while (!take(&reader, row) && ++rows < PANIC_STACK_SIZE);
    assert_int_equal(rows, PANIC_STACK_SIZE / 16);
    assert_int_equal(reader.panic.stack_size, PANIC_STACK_SIZE);
}
