/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The choices that the plan's estimates lead to, not the estimates themselves.
 */
#include "plan/cost.h"
#include "test.h"

#define MIB  (1024u * 1024u)
#define UART true
#define USB  false

static eli_cost_t cost_of(bool is_uart, uint32_t rate_baud, bool is_stub)
{
    const eli_cost_link_t link = {.is_uart = is_uart, .rate_baud = rate_baud, .is_stub = is_stub};
    return eli_cost_of(&link);
}

TEST(what_was_measured_counts_instead_of_what_is_assumed)
{
    eli_cost_link_t link = {.is_uart = UART, .is_stub = true, .wire_kib_us = 1400};

    eli_cost_t cost = eli_cost_of(&link);
    assert_false(eli_cost_deflate_pays(&cost, MIB, MIB / 2)); /* the flash is slower */
    assert_in_range(eli_cost_rewrite_us(&cost, MIB) / 1000, 6000, 6400);
    link.wire_kib_us = 11200;
    link.is_uart = USB;
    cost = eli_cost_of(&link);
    assert_true(eli_cost_deflate_pays(&cost, MIB, MIB / 2));
    link.round_trip_ms = 50; /* was in what was measured */
    assert_int_equal(eli_cost_of(&link).wire_kib_us, cost.wire_kib_us);
    assert_true(eli_cost_of(&link).round_trip_us > cost.round_trip_us + 40000);
}

static const struct {
    bool is_uart;
    uint32_t rate_baud;
    bool is_stub;
    uint32_t least_ms, most_ms;
} mebibytes[] = {
    {USB, 0, true, 6000, 6400},    {USB, 0, false, 10400, 11300},        {UART, 115200, true, 92000, 96000},
    {UART, 0, true, 92000, 96000}, {UART, 115200, false, 99000, 109000}, {UART, 921600, true, 12500, 14500},
};

TEST_ROWS(writing_a_mebibyte_takes_what_the_timing_model_says, mebibytes)
{
    eli_cost_t cost = cost_of(row->is_uart, row->rate_baud, row->is_stub);
    assert_in_range(eli_cost_rewrite_us(&cost, MIB) / 1000, row->least_ms, row->most_ms);
}

TEST(a_hash_is_far_cheaper_than_a_write)
{
    for (int stub = 0; stub < 2; stub++) {
        eli_cost_t cost = cost_of(USB, 0, stub != 0);
        assert_true(12 * eli_cost_hash_us(&cost, MIB) < eli_cost_rewrite_us(&cost, MIB));
        assert_true(eli_cost_hash_us(&cost, 4096) * 10 < eli_cost_sectors_us(&cost, 1, 1, 1));
    }
}

TEST(few_changed_sectors_are_written_alone_and_many_as_a_block)
{
    for (int stub = 0; stub < 2; stub++) {
        eli_cost_t cost = cost_of(USB, 0, stub != 0);
        assert_true(eli_cost_sectors_us(&cost, 3, 3, 3) < eli_cost_block_us(&cost));
        assert_true(eli_cost_sectors_us(&cost, 10, 10, 1) > eli_cost_block_us(&cost));
        assert_true(eli_cost_sectors_us(&cost, 16, 0, 1) < eli_cost_block_us(&cost)); /* nothing to erase */
    }
    eli_cost_t slow = cost_of(UART, 115200, true); /* here bytes are dear, not erases */
    assert_true(eli_cost_sectors_us(&slow, 9, 9, 1) < eli_cost_block_us(&slow));
}

TEST(compression_pays_on_a_wire_that_is_slower_than_the_flash)
{
    eli_cost_t usb = cost_of(USB, 0, true);
    eli_cost_t slow = cost_of(UART, 115200, true);
    eli_cost_t fast = cost_of(UART, 921600, true);

    assert_false(eli_cost_deflate_pays(&usb, MIB, 1));
    assert_true(eli_cost_deflate_pays(&slow, MIB, MIB * 6 / 10));
    assert_true(eli_cost_deflate_pays(&fast, MIB, MIB * 6 / 10));
    assert_true(eli_cost_deflate_pays(&slow, MIB, MIB - MIB / 100));
    assert_false(eli_cost_deflate_pays(&slow, MIB, MIB));
    assert_false(eli_cost_deflate_pays(&slow, MIB, MIB + 11));
}

/* The erase is hidden behind the next whole block where a shorter one makes that possible, and only there. */
static const struct {
    bool is_uart;
    uint32_t rate_baud;
    bool is_stub, is_shorter;
} erasing_blocks[] = {{UART, 921600, true, true},   {UART, 460800, true, false},  {UART, 115200, true, false},
                      {UART, 2000000, true, false}, {UART, 921600, false, false}, {USB, 0, true, false}};

TEST_ROWS(the_block_that_makes_a_stub_erase_is_shortened_where_that_helps, erasing_blocks)
{
    eli_cost_t cost = cost_of(row->is_uart, row->rate_baud, row->is_stub);
    uint32_t size = eli_cost_erasing_block(&cost, 16384);
    assert_int_equal(size < 16384, row->is_shorter);
    assert_true(size >= 1024 && size % 4 == 0);
    if (row->is_shorter) {
        assert_true(cost.erase_block_us + size / 1024 * cost.program_kib_us <= 16 * cost.wire_kib_us);
    }
}

/* As many blocks as erases; no longer ones than it takes to hide the programming, where that matters. */
static const struct {
    uint32_t rate_baud, offset, size, round_trip_ms;
    uint32_t first_kib, next_kib;
} inflating_blocks[] = {
    {921600, 0x10000, MIB, 0, 14, 12},  /* flash and wire are about as fast */
    {921600, 0x10000, MIB, 22, 16, 16}, /* but each block has to be answered from afar */
    {115200, 0x10000, MIB, 0, 16, 16},  /* everything is hidden behind the wire */
    {2000000, 0x10000, MIB, 0, 16, 16}, /* nothing can be */
    {921600, 0, 20 * 1024, 0, 4, 4},    /* five sectors */
    {115200, 0, 20 * 1024, 0, 3, 3},
    {115200, 0x8000, 3 * 1024, 0, 2, 2},  /* one sector, one block: it is all there is */
    {921600, 0x1000, 60 * 1024, 0, 4, 4}, /* sectors up to the next 64 KiB */
};

TEST_ROWS(blocks_of_a_compressed_stream_leave_time_to_erase, inflating_blocks)
{
    const eli_cost_link_t link = {
        .is_uart = true, .rate_baud = row->rate_baud, .is_stub = true, .round_trip_ms = row->round_trip_ms};
    eli_cost_t cost = eli_cost_of(&link);
    const eli_cost_stream_t stream = {row->size, row->size / 10 * 6, eli_cost_erases(row->offset, row->size)};
    eli_cost_blocks_t blocks = eli_cost_inflating_blocks(&cost, &stream, 16384);
    assert_int_equal(blocks.first, row->first_kib * 1024);
    assert_int_equal(blocks.next, row->next_kib * 1024);
    blocks = eli_cost_inflating_blocks(&cost, &stream, 512); /* what the buffer holds is the limit */
    assert_int_equal(blocks.first, 512);
    assert_int_equal(blocks.next, 512);
}

TEST(erases_are_of_64_kib_where_they_lie_in_the_range)
{
    assert_int_equal(eli_cost_erases(0x10000, MIB), 16);
    assert_int_equal(eli_cost_erases(0x10000, 0x10001), 2);
    assert_int_equal(eli_cost_erases(0x10000, 0xF001), 1); /* the last sector is erased whole */
    assert_int_equal(eli_cost_erases(0x10000, 0xF000), 15);
    assert_int_equal(eli_cost_erases(0xF000, 0x12000), 3);
    assert_int_equal(eli_cost_erases(0xFFC, 8), 2);
}

TEST(a_long_round_trip_makes_questions_and_blocks_dearer)
{
    static const uint32_t trips_ms[] = {0, 2, 20, 100, 5000, UINT32_MAX};
    uint32_t hash_us = 0;
    uint32_t write_us = 0;

    for (int stub = 0; stub < 2; stub++) {
        for (size_t i = 0; i < sizeof(trips_ms) / sizeof(trips_ms[0]); i++) {
            const eli_cost_link_t link = {.is_stub = stub != 0, .round_trip_ms = trips_ms[i]};
            eli_cost_t cost = eli_cost_of(&link);
            bool is_longer = trips_ms[i] > 2 && trips_ms[i] <= 100;
            assert_true(!is_longer || eli_cost_hash_us(&cost, 4096) > hash_us);
            assert_true(!is_longer || cost.wire_kib_us > write_us);
            assert_true(eli_cost_rewrite_us(&cost, 4 * MIB) < (1u << 30) + (1u << 29));
            hash_us = eli_cost_hash_us(&cost, 4096);
            write_us = cost.wire_kib_us;
        }
    }
}

/* 4 MiB are the most that is added up at once, in 31 bits with room for what is saved. */
static const uint32_t extreme_rates[] = {1, 300, 9600, 74880, 3000000, UINT32_MAX};

TEST_ROWS(no_rate_makes_the_sums_overflow, extreme_rates)
{
    for (int stub = 0; stub < 2; stub++) {
        eli_cost_t cost = cost_of(UART, *row, stub != 0);
        assert_true(eli_cost_rewrite_us(&cost, 4 * MIB) < (1u << 30) + (1u << 29));
        assert_true(eli_cost_write_us(&cost, 4096) < eli_cost_write_us(&cost, 8192));
    }
}
