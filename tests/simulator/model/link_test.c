/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The wire: packets, back-pressure, rates, and when bytes arrive.
 */
#include "host.h"

TEST_ROM(usj_takes_the_next_packet_when_the_last_is_read, TIMED)
{
    uint8_t bytes[200];
    memset(bytes, 'x', sizeof(bytes));
    uint64_t start_us = esp_sim_now_us(sim);
    assert_int_equal(esp_sim_host_write(sim, bytes, sizeof(bytes)), 64);
    assert_int_equal(esp_sim_host_write(sim, bytes, sizeof(bytes)), 0);
    assert_int_equal(esp_sim_next_event_us(sim),
                     start_us + 285); /* the transfer begins; 64 bytes at 2.5 us */
    esp_sim_run_until(sim, start_us + 284);
    assert_int_equal(esp_sim_host_write(sim, bytes, sizeof(bytes)), 0);
    esp_sim_run_until(sim, start_us + 285);
    assert_int_equal(esp_sim_host_write(sim, bytes, sizeof(bytes)), 64);
    assert_int_equal(esp_sim_stats(sim)->bytes_out % 64, (46 + 128) % 64);
}

/* A packet that is not full is the last one of a transfer. */
TEST_ROM(usj_transfer_takes_a_microframe_to_begin, TIMED)
{
    uint8_t bytes[64];
    memset(bytes, 'x', sizeof(bytes));
    static const struct {
        size_t size;
        uint64_t us;
    } PACKETS[] = {{64, 285}, {64, 160}, {10, 25}, {10, 150}, {64, 285}};
    for (size_t i = 0; i < sizeof(PACKETS) / sizeof(PACKETS[0]); i++) {
        uint64_t start_us = esp_sim_now_us(sim);
        assert_int_equal(esp_sim_host_write(sim, bytes, PACKETS[i].size), PACKETS[i].size);
        esp_sim_run_until(sim, start_us + PACKETS[i].us - 1);
        assert_int_equal(esp_sim_host_write(sim, bytes, 1), 0);
        esp_sim_run_until(sim, start_us + PACKETS[i].us);
    }
}

TEST_ROM(usj_takes_a_whole_frame_at_once_in_the_fast_set, FAST)
{
    uint8_t bytes[1000];
    memset(bytes, 'x', sizeof(bytes));
    assert_int_equal(esp_sim_host_write(sim, bytes, sizeof(bytes)), 1000);
}

TEST_FLASH(usj_refuses_packets_while_the_rom_erases, TIMED)
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_send_words(sim, 0x02, WORDS(0x3000, 12, 1024, 0, 0)); /* 3 sectors: 135 ms */
    uint8_t sync[46] = {0xC0};
    assert_int_equal(host_send_raw(sim, sync, 1), 1); /* one packet waits in the buffer */
    assert_int_equal(esp_sim_host_write(sim, sync, 1), 0);
    esp_sim_run_until(sim, start_us + 130000);
    assert_int_equal(esp_sim_host_write(sim, sync, 1), 0);
    esp_sim_run_until(sim, start_us + 137000);
    assert_int_equal(esp_sim_host_write(sim, sync, 1), 1);
    host_expect_ok(sim, 0x02);
}

TEST_NEW(usj_packet_survives_the_start_of_the_rom, TIMED, .start_in_download = true)
{
    uint8_t frame[] = "\xC0\x00\x08\x24\x00\x00\x00\x00\x00\x07\x07\x12\x20"
                      "UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU\xC0";
    assert_int_equal(esp_sim_host_write(sim, frame, 46), 46);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_STARTING);
    for (unsigned i = 0; i < 8; i++) {
        host_expect_ok(sim, 0x08);
    }
    assert_in_range(esp_sim_now_us(sim), 50000, 54000);
}

TEST_NEW(usj_delivers_packets_of_at_most_64_bytes_one_per_read, TIMED, .start_in_download = true)
{
    host_skip(sim, 100000);
    uint8_t frame[] = "\xC0\x00\x08\x24\x00\x00\x00\x00\x00\x07\x07\x12\x20"
                      "UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU\xC0";
    host_send_raw(sim, frame, 46);
    host_wait_us(sim, 10000);
    uint64_t reads = esp_sim_stats(sim)->host_reads;
    uint8_t buf[512];
    assert_int_equal(esp_sim_host_read(sim, buf, sizeof(buf)), 64); /* 8 replies of 14 bytes are 112 */
    assert_int_equal(esp_sim_host_read(sim, buf, 8), 8);
    assert_int_equal(esp_sim_host_read(sim, buf, sizeof(buf)), 40);
    assert_int_equal(esp_sim_host_read(sim, buf, sizeof(buf)), 0);
    assert_int_equal(esp_sim_stats(sim)->host_reads - reads, 3);
}

TEST_NEW(bytes_that_arrive_later_are_announced_as_an_event, TIMED, .start_in_download = true)
{
    esp_sim_run_until(sim, 50000);
    uint8_t byte = 0;
    assert_int_equal(esp_sim_host_read(sim, &byte, 1), 0);
    assert_int_equal(esp_sim_next_event_us(sim), 50053); /* first full packet of the boot log */
    esp_sim_run_until(sim, 50053);
    assert_int_equal(esp_sim_host_read(sim, &byte, 1), 1);
}

/* The same board with and without a network: each answer is late by the round trip, and none by more. */
TEST(a_network_delays_what_the_chip_sends)
{
    uint64_t took_us[2];
    for (unsigned i = 0; i < 2; i++) {
        esp_sim_config_t config = {
            .timing = ESP_SIM_TIMING_DEFAULT, .wiring = ESP_SIM_WIRING_NONE, .latency_us = i * 20000};
        esp_sim_t *sim = host_start(&config);
        uint64_t start_us = esp_sim_now_us(sim);
        host_attach_flash(sim); /* two commands */
        took_us[i] = esp_sim_now_us(sim) - start_us;
        host_end(sim);
    }
    assert_in_range(took_us[0], 2000, 19999);
    assert_int_equal(took_us[1] - took_us[0], 2 * 20000);
}

TEST_NEW(usj_output_nobody_reads_is_kept_by_default, TIMED, .start_in_download = true)
{
    esp_sim_run_until(sim, 10000000);
    uint8_t text[512];
    size_t size = host_drain(sim, text, sizeof(text), 1000);
    assert_int_equal(size, strlen(esp_sim_console(sim)));
}

TEST_NEW(usj_output_is_dropped_behind_a_packet_nobody_reads_when_asked, TIMED, .start_in_download = true,
         .faults = "output timeout 50 ms")
{
    esp_sim_run_until(sim, 10000000);
    uint8_t text[512];
    assert_int_equal(host_drain(sim, text, sizeof(text), 1000), 64);
    assert_memory_equal(text, esp_sim_console(sim), 64);
    host_sync(sim); /* and a host that reads loses nothing */
}

TEST_ROM(uart_bytes_take_ten_bit_times, TIMED, .wiring = ESP_SIM_WIRING_NONE)
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_read_reg(sim, 0x40001000);
    /* 14 bytes each way at 86.8 us, 1 ms turnaround */
    assert_in_range(esp_sim_now_us(sim) - start_us, 3430, 3432);
}

static const uint32_t RATES[] = {9600, 57600, 115200};

TEST_ROWS(uart_autobaud_follows_a_slow_host, RATES)
{
    esp_sim_config_t config = {.wiring = ESP_SIM_WIRING_NONE, .start_in_download = true};
    esp_sim_t *sim = host_new(&config);
    host_skip(sim, 500000);
    esp_sim_host_set_rate(sim, *row);
    host_sync(sim);
    assert_int_equal(host_read_reg(sim, 0x40001000), 9);
    host_end(sim);
}

TEST_NEW(uart_first_contact_above_the_autobaud_limit_fails, TIMED, .wiring = ESP_SIM_WIRING_NONE)
{
    host_skip(sim, 500000);
    esp_sim_host_set_rate(sim, 230400);
    host_send_sync(sim);
    host_expect_silence(sim);
}

TEST_NEW(uart_boot_log_at_another_rate_is_noise, TIMED, .wiring = ESP_SIM_WIRING_NONE)
{
    esp_sim_host_set_rate(sim, 9600);
    uint8_t text[512] = {0};
    size_t size = host_drain(sim, text, sizeof(text), 500000);
    assert_int_equal(size, strlen(esp_sim_console(sim)));
    assert_memory_not_equal(text, esp_sim_console(sim), 16);
}

TEST_FLASH(uart_fifo_overruns_while_the_rom_is_busy, TIMED, .wiring = ESP_SIM_WIRING_NONE)
{
    host_send_words(sim, 0x02, WORDS(0x3000, 12, 1024, 0, 0));
    uint8_t junk[400];
    memset(junk, 'x', sizeof(junk));
    host_send_raw(sim, junk, sizeof(junk));
    host_expect_ok(sim, 0x02);
    host_expect_misuse(sim, "overran its UART FIFO");
}

TEST_ROM(uart_takes_bytes_without_back_pressure_until_its_queue_is_full, TIMED, .wiring = ESP_SIM_WIRING_NONE)
{
    static uint8_t junk[5000];
    assert_int_equal(esp_sim_host_write(sim, junk, sizeof(junk)), 4096);
    assert_int_equal(esp_sim_host_write(sim, junk, sizeof(junk)), 0);
    host_wait_us(sim, 87);
    assert_int_equal(esp_sim_host_write(sim, junk, sizeof(junk)), 1);
}

TEST_NEW(nothing_passes_an_unplugged_cable, TIMED, .start_in_download = true)
{
    host_wait_us(sim, 100000); /* the boot log waits to be read */
    esp_sim_unplug(sim);
    uint8_t byte = 0;
    assert_int_equal(esp_sim_host_read(sim, &byte, 1), 0);
    assert_int_equal(esp_sim_host_write(sim, &byte, 1), 0);
    esp_sim_host_set_lines(sim, true, true);
    assert_int_equal(esp_sim_stats(sim)->line_changes, 0);
}

TEST_ROM(time_never_goes_back, FAST)
{
    uint64_t now_us = esp_sim_now_us(sim);
    esp_sim_run_until(sim, now_us - 1);
    assert_int_equal(esp_sim_now_us(sim), now_us);
}

/* ---- what depends on the rate ---- */

/* Asks for the same register @p count times at a rate; how often the answer was right. */
static unsigned right_answers(const char *faults, uint32_t baud, unsigned count)
{
    esp_sim_config_t config = {.wiring = ESP_SIM_WIRING_NONE, .faults = faults};
    esp_sim_t *sim = host_start(&config);
    uint8_t text[64];
    unsigned right = 0;
    host_send_words(sim, 0x0F, WORDS(baud, 0));
    host_expect_ok(sim, 0x0F);
    assert_true(esp_sim_host_set_rate(sim, baud));
    host_drain(sim, text, sizeof(text), 5000); /* what a ROM sends around the switch */
    for (unsigned i = 0; i < count; i++) {
        host_send_words(sim, 0x0A, WORDS(0x40001000));
        size_t size = host_drain(sim, text, sizeof(text), 5000);
        right += size == 14 && memcmp(text, "\xC0\x01\x0A\x04\x00\x09\x00\x00\x00", 9) == 0;
    }
    esp_sim_free(sim);
    return right;
}

TEST(cable_damages_above_its_rate_only_and_as_often_as_it_says)
{
    const char *faults = "cable above 460800: flip 1 in 100; cable above 921600: lose 1 in 10";
    assert_int_equal(right_answers(faults, 460800, 200), 200);
    assert_in_range(right_answers(faults, 921600, 200), 100, 180); /* 28 bytes there and back */
    assert_in_range(right_answers(faults, 2000000, 200), 0, 30);
    assert_int_equal(right_answers("cable above 460800 in: flip 1 in 1", 921600, 10), 0);
    assert_int_equal(right_answers("cable above 460800 out: flip 1 in 1", 921600, 10), 0);
}

TEST(bridge_refuses_a_rate_or_makes_another_without_a_word)
{
    esp_sim_config_t config = {.wiring = ESP_SIM_WIRING_NONE, .faults = "bridge above 921600: refuse"};
    esp_sim_t *sim = host_start(&config);
    assert_false(esp_sim_host_set_rate(sim, 921601));
    assert_int_equal(host_read_reg(sim, 0x40001000), 9); /* it has stayed */
    assert_true(esp_sim_host_set_rate(sim, 921600));
    host_end(sim);

    config.faults = "bridge above 1000000: make 921600";
    sim = host_start(&config);
    host_send_words(sim, 0x0F, WORDS(921600, 0));
    host_expect_ok(sim, 0x0F);
    assert_true(esp_sim_host_set_rate(sim, 3000000));
    assert_int_equal(host_read_reg(sim, 0x40001000), 9);
    host_end(sim);
}
