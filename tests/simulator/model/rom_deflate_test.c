/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Compressed writes through the ROM.
 */
#include <stdlib.h>
#include <zlib.h>

#include "host.h"

enum { IMAGE_SIZE = 20000, ROUNDED_SIZE = 20480 };

typedef struct {
    uint8_t plain[IMAGE_SIZE];
    uint8_t packed[2 * IMAGE_SIZE];
    size_t packed_size;
} sample_t;

/* Half noise, half pattern: several blocks when packed. */
static sample_t *make_sample(void)
{
    sample_t *sample = calloc(1, sizeof(*sample));
    assert_non_null(sample);
    uint32_t noise = 1;
    for (size_t i = 0; i < IMAGE_SIZE; i++) {
        noise = noise * 1664525u + 1013904223u;
        sample->plain[i] = i < IMAGE_SIZE / 2 ? (uint8_t)(noise >> 24) : (uint8_t)(i / 100);
    }
    uLongf size = sizeof(sample->packed);
    assert_int_equal(compress2(sample->packed, &size, sample->plain, IMAGE_SIZE, 9), Z_OK);
    sample->packed_size = size;
    return sample;
}

static esp_sim_t *begin(const sample_t *sample, bool as_rom, uint32_t size)
{
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_FAST, .as_rom = as_rom};
    esp_sim_t *sim = host_start(&config);
    host_attach_flash(sim);
    host_words_ok(sim, 0x10, WORDS(size, (uint32_t)(sample->packed_size + 1023) / 1024, 1024, 0x10000, 0));
    return sim;
}

static void send_block(esp_sim_t *sim, const sample_t *sample, uint32_t number)
{
    size_t at = number * 1024u;
    size_t left = sample->packed_size - at;
    host_send_block(sim, 0x11, number, sample->packed + at, left < 1024 ? left : 1024);
}

static uint32_t block_count(const sample_t *sample)
{
    return (uint32_t)(sample->packed_size + 1023) / 1024;
}

TEST(stream_is_inflated_into_flash)
{
    sample_t *sample = make_sample();
    esp_sim_t *sim = begin(sample, false, ROUNDED_SIZE);
    for (uint32_t i = 0; i < block_count(sample); i++) {
        send_block(sim, sample, i);
        host_expect_ok(sim, 0x11);
    }
    assert_memory_equal(esp_sim_flash(sim) + 0x10000, sample->plain, IMAGE_SIZE);
    assert_int_equal(esp_sim_flash(sim)[0x10000 + IMAGE_SIZE], 0xFF);
    assert_int_equal(esp_sim_stats(sim)->sectors_erased, 5);
    host_end(sim);
    free(sample);
}

TEST(damaged_stream_is_refused_with_the_inflate_reason)
{
    sample_t *sample = make_sample();
    sample->packed[0] ^= 0xFF;
    esp_sim_t *sim = begin(sample, false, ROUNDED_SIZE);
    send_block(sim, sample, 0);
    host_expect_reason(sim, 0x11, 0x0B);
    host_end(sim);
    free(sample);
}

TEST(wrong_adler_is_refused_with_its_own_reason)
{
    sample_t *sample = make_sample();
    sample->packed[sample->packed_size - 1] ^= 0xFF;
    esp_sim_t *sim = begin(sample, false, ROUNDED_SIZE);
    uint32_t last = block_count(sample) - 1;
    for (uint32_t i = 0; i < last; i++) {
        send_block(sim, sample, i);
        host_expect_ok(sim, 0x11);
    }
    send_block(sim, sample, last);
    host_expect_reason(sim, 0x11, 0x0C);
    host_end(sim);
    free(sample);
}

TEST(output_beyond_the_announced_size_is_refused)
{
    sample_t *sample = make_sample();
    esp_sim_t *sim = begin(sample, false, 1024);
    send_block(sim, sample, 0);
    send_block(sim, sample, 1);
    host_expect_ok(sim, 0x11);
    host_expect_reason(sim, 0x11, 0x0D);
    assert_int_equal(esp_sim_flash(sim)[0x10000 + 1024], 0xFF);
    host_end(sim);
    free(sample);
}

TEST(data_behind_the_end_of_the_stream_is_refused)
{
    sample_t *sample = make_sample();
    esp_sim_t *sim = begin(sample, true, ROUNDED_SIZE);
    uint32_t count = block_count(sample);
    for (uint32_t i = 0; i < count; i++) {
        send_block(sim, sample, i);
        host_expect_ok(sim, 0x11);
    }
    host_block_refused(sim, 0x11, 0x0B, count, "more", 4);
    host_end(sim);
    free(sample);
}

TEST(end_leaves_the_loader)
{
    esp_sim_t *sim = host_start(NULL);
    host_words_ok(sim, 0x12, WORDS(1));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
    host_end(sim);
}

TEST(one_small_block_can_take_long)
{
    sample_t *sample = make_sample();
    memset(sample->plain, 0, IMAGE_SIZE);
    uLongf size = sizeof(sample->packed);
    assert_int_equal(compress2(sample->packed, &size, sample->plain, IMAGE_SIZE, 9), Z_OK);
    sample->packed_size = size;
    esp_sim_config_t config = {.timing = ESP_SIM_TIMING_DEFAULT};
    esp_sim_t *sim = host_start(&config);
    host_attach_flash(sim);
    host_words_ok(sim, 0x10, WORDS(ROUNDED_SIZE, 1, 1024, 0x10000, 0));
    uint64_t start_us = esp_sim_now_us(sim);
    send_block(sim, sample, 0);
    host_expect_ok(sim, 0x11);
    /* 625 pieces of 114.7 us with their SPI transfer, inflating 20000 bytes at 4 MB/s, 2 ms around */
    uint64_t expected_us = 625 * 1147 / 10 + 5000 + 2000;
    assert_in_range(esp_sim_now_us(sim) - start_us, expected_us, expected_us + 400);
    host_end(sim);
    free(sample);
}

/* Of all ROMs the ESP32's programs its whole window at the end of a stream, also where nothing was erased. */
TEST(only_the_esp32_writes_behind_the_end_of_the_stream)
{
    enum { WINDOW = 32768, SIZE = 40000, AT = 0x10000 };
    static uint8_t plain[SIZE];
    static uint8_t packed[SIZE];
    for (size_t i = 0; esp_sim_chip_names()[i] != NULL; i++) {
        const char *chip = esp_sim_chip_names()[i];
        bool is_esp32 = strcmp(chip, "esp32") == 0;
        if (strcmp(chip, "esp8266") == 0) {
            continue; /* does not inflate */
        }
        memset(plain, 0x0F, WINDOW);
        memset(plain + WINDOW, 0x3C, SIZE - WINDOW);
        uLongf size = sizeof(packed);
        assert_int_equal(compress2(packed, &size, plain, SIZE, 9), Z_OK);
        assert_true(size <= 1024);
        esp_sim_t *sim = host_start_as_rom(chip);
        host_attach_flash(sim);
        uint8_t *flash = esp_sim_flash(sim) + AT;
        memset(flash, 0x11, 4 * WINDOW);
        host_send_begin(sim, chip, 0x10, 40960, 1, AT);
        host_expect_ok(sim, 0x10);
        host_block_ok(sim, 0x11, 0, packed, size);
        assert_memory_equal(flash, plain, SIZE);
        assert_int_equal(flash[SIZE], is_esp32 ? 0x0F : 0xFF); /* erased, and what the window held */
        assert_int_equal(flash[40960], is_esp32 ? 0x11 & 0x0F : 0x11);
        assert_int_equal(flash[2 * WINDOW - 1], is_esp32 ? 0x11 & 0x0F : 0x11);
        assert_int_equal(flash[2 * WINDOW], 0x11);
        host_end(sim);
    }
}
