/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Compressed writes through the ROM.
 */
#include <zlib.h>

#include "host.h"

enum { IMAGE_SIZE = 20000, ROUNDED_SIZE = 20480 };

static uint8_t plain[IMAGE_SIZE];
static uint8_t packed[2 * IMAGE_SIZE];
static uint32_t packed_size, block_count;

static void pack(void)
{
    uLongf size = sizeof(packed);
    assert_int_equal(compress2(packed, &size, plain, IMAGE_SIZE, 9), Z_OK);
    packed_size = (uint32_t)size;
    block_count = (packed_size + 1023) / 1024;
}

/* Half noise, half pattern: several blocks when packed. */
static void make_sample(void)
{
    uint32_t noise = 1;
    for (size_t i = 0; i < IMAGE_SIZE; i++) {
        noise = noise * 1664525u + 1013904223u;
        plain[i] = i < IMAGE_SIZE / 2 ? (uint8_t)(noise >> 24) : (uint8_t)(i / 100);
    }
    pack();
}

static void begin(esp_sim_t *sim, uint32_t size)
{
    host_words_ok(sim, 0x10, WORDS(size, block_count, 1024, 0x10000, 0));
}

static void send_block(esp_sim_t *sim, uint32_t number)
{
    uint32_t left = packed_size - number * 1024;
    host_send_block(sim, 0x11, number, packed + number * 1024, left < 1024 ? left : 1024);
}

/* The first blocks of the sample; each is accepted. */
static void send_blocks(esp_sim_t *sim, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        send_block(sim, i);
        host_expect_ok(sim, 0x11);
    }
}

TEST_FLASH(stream_is_inflated_into_flash, FAST)
{
    make_sample();
    begin(sim, ROUNDED_SIZE);
    send_blocks(sim, block_count);
    assert_memory_equal(esp_sim_flash(sim) + 0x10000, plain, IMAGE_SIZE);
    assert_int_equal(esp_sim_flash(sim)[0x10000 + IMAGE_SIZE], 0xFF);
    assert_int_equal(esp_sim_stats(sim)->sectors_erased, 5);
}

TEST_FLASH(damaged_stream_is_refused_with_the_inflate_reason, FAST)
{
    make_sample();
    packed[0] ^= 0xFF;
    begin(sim, ROUNDED_SIZE);
    send_block(sim, 0);
    host_expect_reason(sim, 0x11, 0x0B);
}

TEST_FLASH(wrong_adler_is_refused_with_its_own_reason, FAST)
{
    make_sample();
    packed[packed_size - 1] ^= 0xFF;
    begin(sim, ROUNDED_SIZE);
    send_blocks(sim, block_count - 1);
    send_block(sim, block_count - 1);
    host_expect_reason(sim, 0x11, 0x0C);
}

TEST_FLASH(output_beyond_the_announced_size_is_refused, FAST)
{
    make_sample();
    begin(sim, 1024);
    send_block(sim, 0);
    send_block(sim, 1);
    host_expect_ok(sim, 0x11);
    host_expect_reason(sim, 0x11, 0x0D);
    assert_int_equal(esp_sim_flash(sim)[0x10000 + 1024], 0xFF);
}

TEST_FLASH(data_behind_the_end_of_the_stream_is_refused, FAST, .as_rom = true)
{
    make_sample();
    begin(sim, ROUNDED_SIZE);
    send_blocks(sim, block_count);
    host_block_refused(sim, 0x11, 0x0B, block_count, "more", 4);
}

TEST_ROM(end_leaves_the_loader, FAST)
{
    host_words_ok(sim, 0x12, WORDS(1));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST_FLASH(one_small_block_can_take_long, TIMED)
{
    memset(plain, 0, IMAGE_SIZE);
    pack();
    begin(sim, ROUNDED_SIZE);
    uint64_t start_us = esp_sim_now_us(sim);
    send_blocks(sim, 1);
    /* 625 pieces of 114.7 us with their SPI transfer, inflating 20000 bytes at 4 MB/s, 2 ms around */
    uint64_t expected_us = 625 * 1147 / 10 + 5000 + 2000;
    assert_in_range(esp_sim_now_us(sim) - start_us, expected_us, expected_us + 400);
}

/* Of all ROMs the ESP32's programs its whole window at the end of a stream, also where nothing was erased. */
TEST(only_the_esp32_writes_behind_the_end_of_the_stream)
{
    enum { WINDOW = 32768, SIZE = 40000, AT = 0x10000 };
    static uint8_t content[SIZE];
    static uint8_t stream[SIZE];
    for (size_t i = 0; esp_sim_chip_names()[i] != NULL; i++) {
        const char *chip = esp_sim_chip_names()[i];
        bool is_esp32 = strcmp(chip, "esp32") == 0;
        if (strcmp(chip, "esp8266") == 0) {
            continue; /* does not inflate */
        }
        memset(content, 0x0F, WINDOW);
        memset(content + WINDOW, 0x3C, SIZE - WINDOW);
        uLongf size = sizeof(stream);
        assert_int_equal(compress2(stream, &size, content, SIZE, 9), Z_OK);
        assert_true(size <= 1024);
        esp_sim_t *sim = host_start_as_rom(chip);
        host_attach_flash(sim);
        uint8_t *flash = esp_sim_flash(sim) + AT;
        memset(flash, 0x11, 4 * WINDOW);
        host_send_begin(sim, chip, 0x10, 40960, 1, AT);
        host_expect_ok(sim, 0x10);
        host_block_ok(sim, 0x11, 0, stream, size);
        assert_memory_equal(flash, content, SIZE);
        assert_int_equal(flash[SIZE], is_esp32 ? 0x0F : 0xFF); /* erased, and what the window held */
        assert_int_equal(flash[40960], is_esp32 ? 0x11 & 0x0F : 0x11);
        assert_int_equal(flash[2 * WINDOW - 1], is_esp32 ? 0x11 & 0x0F : 0x11);
        assert_int_equal(flash[2 * WINDOW], 0x11);
        host_end(sim);
    }
}
