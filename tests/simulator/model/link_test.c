/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The wire: packets, back-pressure, rates, and when bytes arrive.
 */
#include "host.h"

TEST(usj_takes_the_next_packet_when_the_last_is_read)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_DEFAULT};
    esp_sim_t *sim = host_start(&config);
    uint8_t bytes[200];
    memset(bytes, 'x', sizeof(bytes));
    uint64_t start_us = esp_sim_now_us(sim);
    assert_int_equal(esp_sim_host_write(sim, bytes, sizeof(bytes)), 64);
    assert_int_equal(esp_sim_host_write(sim, bytes, sizeof(bytes)), 0);
    assert_int_equal(esp_sim_next_event_us(sim), start_us + 160); /* 64 bytes at 2.5 us */
    esp_sim_run_until(sim, start_us + 159);
    assert_int_equal(esp_sim_host_write(sim, bytes, sizeof(bytes)), 0);
    esp_sim_run_until(sim, start_us + 160);
    assert_int_equal(esp_sim_host_write(sim, bytes, sizeof(bytes)), 64);
    assert_int_equal(esp_sim_stats(sim)->bytes_out % 64, (46 + 128) % 64);
    host_end(sim);
}

TEST(usj_takes_a_whole_frame_at_once_in_the_fast_set)
{
    esp_sim_t *sim = host_start(NULL);
    uint8_t bytes[1000];
    memset(bytes, 'x', sizeof(bytes));
    assert_int_equal(esp_sim_host_write(sim, bytes, sizeof(bytes)), 1000);
    host_end(sim);
}

TEST(usj_refuses_packets_while_the_rom_erases)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_DEFAULT};
    esp_sim_t *sim = host_start(&config);
    host_attach_flash(sim);
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
    host_end(sim);
}

TEST(usj_packet_survives_the_start_of_the_rom)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_DEFAULT, .start_in_download = true};
    esp_sim_t *sim = host_new(&config);
    uint8_t frame[] = "\xC0\x00\x08\x24\x00\x00\x00\x00\x00\x07\x07\x12\x20"
                      "UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU\xC0";
    assert_int_equal(esp_sim_host_write(sim, frame, 46), 46);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_STARTING);
    for (unsigned i = 0; i < 8; i++) {
        host_expect_ok(sim, 0x08);
    }
    assert_in_range(esp_sim_now_us(sim), 50000, 54000);
    host_end(sim);
}

TEST(usj_delivers_packets_of_at_most_64_bytes_one_per_read)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_DEFAULT, .start_in_download = true};
    esp_sim_t *sim = host_new(&config);
    uint8_t text[256];
    host_drain(sim, text, sizeof(text), 100000);
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
    host_end(sim);
}

TEST(bytes_that_arrive_later_are_announced_as_an_event)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_DEFAULT, .start_in_download = true};
    esp_sim_t *sim = host_new(&config);
    esp_sim_run_until(sim, 50000);
    uint8_t byte = 0;
    assert_int_equal(esp_sim_host_read(sim, &byte, 1), 0);
    assert_int_equal(esp_sim_next_event_us(sim), 50053); /* first full packet of the boot log */
    esp_sim_run_until(sim, 50053);
    assert_int_equal(esp_sim_host_read(sim, &byte, 1), 1);
    host_end(sim);
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

TEST(usj_output_nobody_reads_is_kept_by_default)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_DEFAULT, .start_in_download = true};
    esp_sim_t *sim = host_new(&config);
    esp_sim_run_until(sim, 10000000);
    uint8_t text[512];
    size_t size = host_drain(sim, text, sizeof(text), 1000);
    assert_int_equal(size, strlen(esp_sim_console(sim)));
    host_end(sim);
}

TEST(usj_output_is_dropped_behind_a_packet_nobody_reads_when_asked)
{
    esp_sim_config_t config = {
        .timing = ESP_SIM_TIMING_DEFAULT, .start_in_download = true, .faults = "output timeout 50 ms"};
    esp_sim_t *sim = host_new(&config);
    esp_sim_run_until(sim, 10000000);
    uint8_t text[512];
    assert_int_equal(host_drain(sim, text, sizeof(text), 1000), 64);
    assert_memory_equal(text, esp_sim_console(sim), 64);
    host_sync(sim); /* and a host that reads loses nothing */
    host_end(sim);
}

TEST(uart_bytes_take_ten_bit_times)
{
    esp_sim_config_t config = {.wiring = ESP_SIM_WIRING_NONE};
    esp_sim_t *sim = host_start(&config);
    uint64_t start_us = esp_sim_now_us(sim);
    host_read_reg(sim, 0x40001000);
    /* 14 bytes each way at 86.8 us, 1 ms turnaround */
    assert_in_range(esp_sim_now_us(sim) - start_us, 3430, 3432);
    host_end(sim);
}

TEST(uart_autobaud_follows_a_slow_host)
{
    static const uint32_t RATES[] = {9600, 57600, 115200};
    for (size_t i = 0; i < 3; i++) {
        esp_sim_config_t config = {.wiring = ESP_SIM_WIRING_NONE, .start_in_download = true};
        esp_sim_t *sim = host_new(&config);
        uint8_t text[512];
        host_drain(sim, text, sizeof(text), 500000);
        esp_sim_host_set_rate(sim, RATES[i]);
        host_sync(sim);
        assert_int_equal(host_read_reg(sim, 0x40001000), 9);
        host_end(sim);
    }
}

TEST(uart_first_contact_above_the_autobaud_limit_fails)
{
    esp_sim_config_t config = {.wiring = ESP_SIM_WIRING_NONE};
    esp_sim_t *sim = host_new(&config);
    uint8_t text[512];
    host_drain(sim, text, sizeof(text), 500000);
    esp_sim_host_set_rate(sim, 230400);
    host_send(sim, 0x08, 0, "\x07\x07\x12\x20UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU", 36);
    host_expect_silence(sim);
    host_end(sim);
}

TEST(uart_boot_log_at_another_rate_is_noise)
{
    esp_sim_config_t config = {.wiring = ESP_SIM_WIRING_NONE};
    esp_sim_t *sim = host_new(&config);
    esp_sim_host_set_rate(sim, 9600);
    uint8_t text[512] = {0};
    size_t size = host_drain(sim, text, sizeof(text), 500000);
    assert_int_equal(size, strlen(esp_sim_console(sim)));
    assert_memory_not_equal(text, esp_sim_console(sim), 16);
    host_end(sim);
}

TEST(uart_fifo_overruns_while_the_rom_is_busy)
{
    esp_sim_config_t config = {.wiring = ESP_SIM_WIRING_NONE};
    esp_sim_t *sim = host_start(&config);
    host_attach_flash(sim);
    host_send_words(sim, 0x02, WORDS(0x3000, 12, 1024, 0, 0));
    uint8_t junk[400];
    memset(junk, 'x', sizeof(junk));
    host_send_raw(sim, junk, sizeof(junk));
    host_expect_ok(sim, 0x02);
    assert_true(host_has_misuse(sim, "overran its UART FIFO"));
    esp_sim_free(sim);
}

TEST(uart_takes_bytes_without_back_pressure_until_its_queue_is_full)
{
    esp_sim_config_t config = {.wiring = ESP_SIM_WIRING_NONE};
    esp_sim_t *sim = host_start(&config);
    static uint8_t junk[5000];
    assert_int_equal(esp_sim_host_write(sim, junk, sizeof(junk)), 4096);
    assert_int_equal(esp_sim_host_write(sim, junk, sizeof(junk)), 0);
    host_wait_us(sim, 87);
    assert_int_equal(esp_sim_host_write(sim, junk, sizeof(junk)), 1);
    host_end(sim);
}

TEST(nothing_passes_an_unplugged_cable)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_DEFAULT, .start_in_download = true};
    esp_sim_t *sim = host_new(&config);
    host_wait_us(sim, 100000); /* the boot log waits to be read */
    esp_sim_unplug(sim);
    uint8_t byte = 0;
    assert_int_equal(esp_sim_host_read(sim, &byte, 1), 0);
    assert_int_equal(esp_sim_host_write(sim, &byte, 1), 0);
    esp_sim_host_set_lines(sim, true, true);
    assert_int_equal(esp_sim_stats(sim)->line_changes, 0);
    host_end(sim);
}

TEST(time_never_goes_back)
{
    esp_sim_t *sim = host_start(NULL);
    uint64_t now_us = esp_sim_now_us(sim);
    esp_sim_run_until(sim, now_us - 1);
    assert_int_equal(esp_sim_now_us(sim), now_us);
    host_end(sim);
}
