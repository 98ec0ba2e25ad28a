/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The choices that the plan's estimates lead to, not the estimates themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/cost.h"

#define MIB (1024u * 1024u)

static void writing_a_mebibyte_takes_what_the_timing_model_says(void **state)
{
    static const struct {
        bool is_uart;
        uint32_t rate_baud;
        bool is_stub;
        uint32_t least_ms, most_ms;
    } cases[] = {
        {ELI_COST_USB, 0, true, 6000, 6400},           {ELI_COST_USB, 0, false, 10400, 11300},
        {ELI_COST_UART, 115200, true, 92000, 96000},   {ELI_COST_UART, 0, true, 92000, 96000},
        {ELI_COST_UART, 115200, false, 99000, 109000}, {ELI_COST_UART, 921600, true, 12500, 14500},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        eli_cost_t cost = eli_cost_of(cases[i].is_uart, cases[i].rate_baud, cases[i].is_stub);
        assert_in_range(eli_cost_rewrite_us(&cost, MIB) / 1000, cases[i].least_ms, cases[i].most_ms);
    }
}

static void a_hash_is_far_cheaper_than_a_write(void **state)
{
    (void)state;
    for (int stub = 0; stub < 2; stub++) {
        eli_cost_t cost = eli_cost_of(ELI_COST_USB, 0, stub != 0);
        assert_true(15 * eli_cost_hash_us(&cost, MIB) < eli_cost_rewrite_us(&cost, MIB));
        assert_true(eli_cost_hash_us(&cost, 4096) * 10 < eli_cost_sectors_us(&cost, 1, 1, 1));
    }
}

static void few_changed_sectors_are_written_alone_and_many_as_a_block(void **state)
{
    (void)state;
    for (int stub = 0; stub < 2; stub++) {
        eli_cost_t cost = eli_cost_of(ELI_COST_USB, 0, stub != 0);
        assert_true(eli_cost_sectors_us(&cost, 3, 3, 3) < eli_cost_block_us(&cost));
        assert_true(eli_cost_sectors_us(&cost, 9, 9, 1) > eli_cost_block_us(&cost));
        assert_true(eli_cost_sectors_us(&cost, 16, 0, 1) < eli_cost_block_us(&cost)); /* nothing to erase */
    }
    eli_cost_t slow = eli_cost_of(ELI_COST_UART, 115200, true); /* here bytes are dear, not erases */
    assert_true(eli_cost_sectors_us(&slow, 9, 9, 1) < eli_cost_block_us(&slow));
}

static void compression_pays_on_a_wire_that_is_slower_than_the_flash(void **state)
{
    eli_cost_t usb = eli_cost_of(ELI_COST_USB, 0, true);
    eli_cost_t slow = eli_cost_of(ELI_COST_UART, 115200, true);
    eli_cost_t fast = eli_cost_of(ELI_COST_UART, 921600, true);

    (void)state;
    assert_false(eli_cost_deflate_pays(&usb, MIB, 1));
    assert_true(eli_cost_deflate_pays(&slow, MIB, MIB * 6 / 10));
    assert_true(eli_cost_deflate_pays(&fast, MIB, MIB * 6 / 10));
    assert_true(eli_cost_deflate_pays(&slow, MIB, MIB - MIB / 100));
    assert_false(eli_cost_deflate_pays(&slow, MIB, MIB));
    assert_false(eli_cost_deflate_pays(&slow, MIB, MIB + 11));
}

/* The erase is hidden behind the next whole block where a shorter one makes that possible, and only there. */
static void the_block_that_makes_a_stub_erase_is_shortened_where_that_helps(void **state)
{
    static const struct {
        bool is_uart;
        uint32_t rate_baud;
        bool is_stub, is_shorter;
    } cases[] = {{ELI_COST_UART, 921600, true, true},   {ELI_COST_UART, 460800, true, false},
                 {ELI_COST_UART, 115200, true, false},  {ELI_COST_UART, 2000000, true, false},
                 {ELI_COST_UART, 921600, false, false}, {ELI_COST_USB, 0, true, false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        eli_cost_t cost = eli_cost_of(cases[i].is_uart, cases[i].rate_baud, cases[i].is_stub);
        uint32_t size = eli_cost_erasing_block(&cost, 16384);
        assert_int_equal(size < 16384, cases[i].is_shorter);
        assert_true(size >= 1024 && size % 4 == 0);
        if (cases[i].is_shorter) {
            assert_true(cost.erase_block_us + size / 1024 * cost.program_kib_us <= 16 * cost.wire_kib_us);
        }
    }
}

/* 4 MiB are the most that is added up at once, in 31 bits with room for what is saved. */
static void no_rate_makes_the_sums_overflow(void **state)
{
    static const uint32_t rates[] = {1, 300, 9600, 74880, 3000000, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        for (int stub = 0; stub < 2; stub++) {
            eli_cost_t cost = eli_cost_of(ELI_COST_UART, rates[i], stub != 0);
            assert_true(eli_cost_rewrite_us(&cost, 4 * MIB) < (1u << 30) + (1u << 29));
            assert_true(eli_cost_write_us(&cost, 4096) < eli_cost_write_us(&cost, 8192));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing_a_mebibyte_takes_what_the_timing_model_says),
        cmocka_unit_test(a_hash_is_far_cheaper_than_a_write),
        cmocka_unit_test(few_changed_sectors_are_written_alone_and_many_as_a_block),
        cmocka_unit_test(compression_pays_on_a_wire_that_is_slower_than_the_flash),
        cmocka_unit_test(the_block_that_makes_a_stub_erase_is_shortened_where_that_helps),
        cmocka_unit_test(no_rate_makes_the_sums_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
