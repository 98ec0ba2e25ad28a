/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Faults do what their script says, when it says so, and nothing else; no fault is blamed on the host.
 */
#include "host.h"

/* Bytes come, but no frame: the delimiter that opens it is gone. */
static void expect_no_frame(esp_sim_t *sim)
{
    host_ask(sim);
    frame_t frame;
    assert_false(host_receive(sim, &frame, 500000));
}

TEST_FAULTS(dropped_byte_out_loses_one_request, FAST, "at byte 13 out: drop")
{
    host_expect_no_answer(sim); /* the end of the address is missing */
    assert_int_equal(esp_sim_stats(sim)->bad_frames, 1);
    host_expect_answer(sim);
}

TEST_FAULTS(corrupted_byte_out_changes_the_request, FAST, "at byte 13 out: corrupt 0x20")
{
    host_ask(sim); /* for 0x60001000 now */
    assert_int_equal(host_expect_ok(sim, 0x0A), 0);
    host_expect_answer(sim);
}

TEST_FAULTS(corrupted_block_is_a_checksum_error_and_not_misuse, FAST, "at command 2: corrupt")
{
    host_flash_begin(sim, 0, 1024);
    host_fill_block(sim, 0x03, 0, 0, 1024, 0x07);
}

TEST_FAULTS(duplicated_byte_out_makes_the_frame_longer, FAST, "at byte 3 out: duplicate")
{
    host_ask(sim); /* length field 0x040A now: data missing */
    host_expect_silence(sim);
    host_expect_answer(sim);
}

TEST_FAULTS(delayed_byte_out_holds_back_what_follows, FAST, "at byte 5 out: delay 250 ms")
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_ask(sim);
    assert_int_equal(esp_sim_host_write(sim, "x", 1), 0);
    host_await_answer(sim);
    assert_int_equal(esp_sim_now_us(sim) - start_us, 250000);
}

static const struct {
    const char *script;
    size_t size;
    uint8_t third;
    uint64_t us;
} BYTES_IN[] = {
    {"at byte 3 in: drop", 13, 4, 0},
    {"at byte 3 in: corrupt 0x80", 14, 0x8A, 0},
    {"at byte 3 in: duplicate", 15, 0x0A, 0},
    {"at byte 3 in: delay 80 ms", 14, 0x0A, 80000},
};

TEST_ROWS(faults_on_bytes_in, BYTES_IN)
{
    esp_sim_t *sim = host_start_faulty(&(esp_sim_config_t){FAST, .faults = row->script});
    uint64_t start_us = esp_sim_now_us(sim);
    host_ask(sim);
    uint8_t bytes[32];
    size_t size = 0;
    while (size < row->size) {
        size_t n = esp_sim_host_read(sim, bytes + size, sizeof(bytes) - size);
        size += n;
        if (n == 0) {
            assert_true(esp_sim_next_event_us(sim) != UINT64_MAX);
            esp_sim_run_until(sim, esp_sim_next_event_us(sim));
        }
    }
    assert_int_equal(size, row->size);
    assert_int_equal(bytes[2], row->third);
    assert_int_equal(esp_sim_now_us(sim) - start_us, row->us);
    assert_int_equal(esp_sim_host_read(sim, bytes, sizeof(bytes)), 0);
    host_end(sim);
}

TEST_FAULTS(dropped_transfer_out_loses_a_packet, TIMED, "at transfer 2 out: drop")
{
    host_flash_begin(sim, 0, 1024); /* one packet */
    uint8_t data[1024] = {0};
    host_send_block(sim, 0x03, 0, data, sizeof(data));
    host_expect_silence(sim);
    assert_int_equal(esp_sim_flash(sim)[0], 0xFF);
}

TEST_FAULTS(duplicated_transfer_out_arrives_twice, TIMED, "at transfer 1 out: duplicate")
{
    host_expect_answer(sim);
    host_await_answer(sim);
}

TEST_FAULTS(delayed_transfer_out_is_accepted_and_arrives_late, FAST, "at transfer 1 out: delay 30 ms")
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_ask(sim);
    assert_int_equal(esp_sim_now_us(sim), start_us);
    host_await_answer(sim);
    assert_int_equal(esp_sim_now_us(sim), start_us + 30000);
}

TEST_FAULTS(faults_on_transfers_in, TIMED,
            "at transfer 1 in: drop; at transfer 2 in: duplicate;"
            "at transfer 3 in: corrupt 0xC0")
{
    host_expect_no_answer(sim);
    host_expect_answer(sim);
    host_await_answer(sim);
    expect_no_frame(sim); /* its opening delimiter is a 0 now */
}

TEST_FAULTS(dropped_command_is_not_carried_out, FAST, "at command 1: drop")
{
    host_send_words(sim, 0x09, WORDS(0x60008000, 1, 0xFFFFFFFF, 0));
    host_expect_silence(sim);
    assert_int_equal(esp_sim_peek(sim, 0x60008000), 0);
}

TEST_FAULTS(lost_reply_belongs_to_a_command_that_was_carried_out, FAST, "at reply 1: drop")
{
    host_send_words(sim, 0x09, WORDS(0x60008000, 1, 0xFFFFFFFF, 0));
    host_expect_silence(sim);
    assert_int_equal(esp_sim_peek(sim, 0x60008000), 1);
    host_expect_answer(sim);
}

TEST_FAULTS(replies_can_be_doubled_late_or_damaged, FAST,
            "at reply 1: duplicate\nat reply 2: delay 2 s\nat reply 3: corrupt 0x02")
{
    host_expect_answer(sim);
    host_await_answer(sim);
    uint64_t start_us = esp_sim_now_us(sim);
    host_expect_answer(sim);
    assert_int_equal(esp_sim_now_us(sim) - start_us, 2000000);
    host_ask(sim);
    frame_t frame;
    assert_true(host_receive(sim, &frame, 1000));
    assert_memory_not_equal(frame.bytes, "\x01\x0A\x04\x00\x09\x00\x00\x00\x00\x00\x00\x00", 12);
}

TEST_FAULTS(command_is_refused_with_the_reason_asked_for, FAST, "at command 2: error 0x08")
{
    host_flash_begin(sim, 0, 1024);
    host_fill_block(sim, 0x03, 0, 0, 1024, 0x08);
    assert_int_equal(esp_sim_flash(sim)[0], 0xFF);
}

TEST_FAULTS(commands_can_be_counted_by_opcode, FAST, "at command 2 of 0x13: wrong md5")
{
    for (unsigned i = 1; i <= 3; i++) {
        host_expect_answer(sim);
        host_send_words(sim, 0x13, WORDS(0, 0, 0, 0));
        frame_t frame;
        assert_true(host_receive(sim, &frame, 1000));
        const char *expected = i == 2 ? "d51d8cd9" : "d41d8cd9"; /* MD5 of nothing: RFC 1321, A.5 */
        assert_memory_equal(frame.bytes + 8, expected, 8);
    }
}

TEST_FAULTS(from_acts_on_all_later_ones_too, FAST, "from command 2: drop")
{
    host_expect_answer(sim);
    for (unsigned i = 0; i < 3; i++) {
        host_expect_no_answer(sim);
    }
}

TEST_FAULTS(stall_stops_both_directions_for_its_time, FAST, "at command 1: stall 700 ms")
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_ask(sim); /* the command itself is lost with what the chip was doing */
    host_expect_answer(sim);
    assert_in_range(esp_sim_now_us(sim) - start_us, 700000, 700001);
}

TEST_FAULTS(stall_without_time_lasts_until_the_cable_is_pulled, FAST, "at byte 1 out: stall")
{
    host_expect_no_answer(sim);
    assert_int_equal(esp_sim_host_write(sim, "x", 1), 0);
    assert_true(esp_sim_is_attached(sim));
    esp_sim_plug(sim, true);
    host_skip(sim, 1000);
    host_sync(sim);
}

static const struct {
    const char *script;
    size_t size; /* of what comes */
} DISCONNECTS[] = {
    {"at byte 7 out: disconnect", 0},     {"at byte 7 in: disconnect", 6},
    {"at transfer 1 out: disconnect", 0}, {"at transfer 1 in: disconnect", 0},
    {"at command 1: disconnect", 0},      {"at reply 1: disconnect", 0},
};

TEST_ROWS(disconnect_at_any_place, DISCONNECTS)
{
    esp_sim_t *sim = host_start_faulty(&(esp_sim_config_t){TIMED, .faults = row->script});
    esp_sim_host_write(sim, "\xC0\x00\x0A\x04\x00\x00\x00\x00\x00\x00\x10\x00\x40\xC0", 14);
    host_wait_us(sim, 10000);
    uint8_t bytes[64];
    size_t size = esp_sim_host_read(sim, bytes, sizeof(bytes));
    assert_int_equal(size, row->size);
    assert_false(esp_sim_is_attached(sim));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_OFF);
    host_end(sim);
}

TEST_FAULTS(timed_disconnect_powers_the_board_again, TIMED, "at command 1: disconnect 2 s")
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_ask(sim);
    host_wait_us(sim, 1000);
    assert_false(esp_sim_is_attached(sim));
    esp_sim_run_until(sim, start_us + 2690000);
    assert_false(esp_sim_is_attached(sim));
    esp_sim_run_until(sim, start_us + 2710000);
    assert_true(esp_sim_is_attached(sim));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST_NEW(faults_at_a_time, FAST, .faults = "at time 5 s: disconnect 100ms; at time 3000000us: reset")
{
    esp_sim_run_until(sim, 2999999);
    assert_int_equal(esp_sim_stats(sim)->resets, 0);
    esp_sim_run_until(sim, 3000000);
    assert_int_equal(esp_sim_stats(sim)->resets, 1);
    esp_sim_run_until(sim, 5000000);
    assert_false(esp_sim_is_attached(sim));
    esp_sim_run_until(sim, 5100000);
    assert_true(esp_sim_is_attached(sim));
}

TEST_FAULTS(reset_in_the_middle_of_a_command_ends_the_session, FAST, "at command 1: reset")
{
    host_ask(sim);
    host_wait_us(sim, 1000);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST_ROM(faults_work_on_a_uart_too, TIMED, .wiring = ESP_SIM_WIRING_NONE)
{
    char error[200];
    assert_true(esp_sim_add_faults(sim, "at byte 13 out: drop; at transfer 2 out: drop; at byte 15 in: drop",
                                   error, sizeof(error)));
    host_expect_no_answer(sim);
    host_expect_no_answer(sim);
    host_expect_answer(sim);
    expect_no_frame(sim);
}

/* Begins to write 32 KiB over zeros; what is at @p at afterwards. */
static const uint8_t *after_a_cut(esp_sim_t *sim, uint32_t at, bool has_block)
{
    const uint32_t begin[] = {32768, 32, 1024, 0x10000, 0};
    const uint8_t block[1024] = {0};

    memset(esp_sim_flash(sim), 0, 0x20000);
    host_attach_flash(sim);
    host_send_words(sim, 0x02, begin, 5);
    if (has_block) {
        (void)host_expect_ok(sim, 0x02);
        host_send_block(sim, 0x03, 0, block, sizeof(block));
    }
    host_wait_us(sim, 1000000);
    assert_int_not_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    return esp_sim_flash(sim) + at;
}

/* The third of eight sectors. */
TEST_FAULTS(an_erase_that_is_cut_off_leaves_neither_the_old_nor_a_blank_sector, TIMED,
            "at flash 3: disconnect 10ms")
{
    const uint8_t *sector = after_a_cut(sim, 0x12000, false);

    assert_int_equal(sector[-1], 0xFF);
    assert_int_equal(sector[0x3FF], 0xFF);
    assert_int_equal(sector[0x401], 0x35); /* 0x401 * 0x35 */
    assert_int_equal(sector[0x1000], 0);
    assert_int_equal(esp_sim_stats(sim)->sector_erases, 3);
}

/* The second program operation. */
TEST_FAULTS(a_program_that_is_cut_off_is_there_in_part, TIMED, "at flash 10: reset")
{
    const uint8_t *block = after_a_cut(sim, 0x10000, true);

    assert_int_equal(block[32 + 15], 0);
    assert_int_equal(block[32 + 16], 0x0F);
    assert_int_equal(block[32 + 17], 0xFF);
    assert_int_equal(esp_sim_stats(sim)->programs, 2);
}
