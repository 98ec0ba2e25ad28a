/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flash of more than 16 MB: only some stubs put more than 24 address bits on the bus. What cannot be reached
 * is refused before anything is erased; addressed with 24 bits it would hit the first 16 MB.
 */
#include <string.h>

#include "esp_loader_plan.h"
#include "operations.h"

#define MIB16      (16u << 20)
#define FLASH_SIZE (32u << 20)
#define DATA_SIZE  0x3000u

static const uint8_t *data(void)
{
    static uint8_t bytes[DATA_SIZE];
    bench_fill(bytes, sizeof(bytes), 16);
    return bytes;
}

static bench_t make_bench(const chip_t *chip)
{
    bench_t b = bench_for(chip, chip->has_usb ? ESP_SIM_WIRING_USJ : ESP_SIM_WIRING_BRIDGE);
    b.config.flash_size = FLASH_SIZE;
    return b;
}

static void expect_refused(bench_t *b, esp_loader_error_t err)
{
    assert_int_equal(err, ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_FLASH_RANGE);
}

static void expect_everything_beyond_16_mb_refused(bench_t *b)
{
    uint8_t buf[64];
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    static const uint32_t offsets[] = {MIB16, MIB16 - 0x1000, FLASH_SIZE - DATA_SIZE};
    for (size_t i = 0; i < COUNT(offsets); i++) {
        esp_loader_flash_deflate_cfg_t deflate = {
            .offset = offsets[i], .image_size = DATA_SIZE, .compressed_size = 100, .block_size = 1024};
        expect_refused(b, bench_flash(b, offsets[i], data(), DATA_SIZE, true));
        expect_refused(b, esp_loader_flash_erase_region(&b->loader, offsets[i], DATA_SIZE));
        esp_loader_error_t err = esp_loader_flash_deflate_start(&b->loader, &deflate);
        if (err != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
            expect_refused(b, err);
        }
        err = esp_loader_flash_md5(&b->loader, offsets[i], DATA_SIZE, digest);
        if (err != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
            expect_refused(b, err);
        }
    }
    esp_loader_error_t err = esp_loader_flash_read(&b->loader, buf, MIB16, sizeof(buf));
    if (err != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        expect_refused(b, err);
    }
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
}

static void expect_16_mb_usable(bench_t *b)
{
    assert_success(bench_flash(b, MIB16 - DATA_SIZE - 0x1000, data(), DATA_SIZE, true));
    assert_memory_equal(esp_sim_flash(b->sim) + MIB16 - DATA_SIZE - 0x1000, data(), DATA_SIZE);
}

TEST_CONNECTED_EACH(rom_loaders_reach_16_mb, chip_count, make_bench(&chips[i]))
{
    expect_everything_beyond_16_mb_refused(b);
    expect_refused(b, esp_loader_flash_erase(&b->loader)); /* half of it would stay */
    expect_16_mb_usable(b);
}

/* Not even the image that could be written is. */
TEST_CONNECTED_EACH(plan_that_is_out_of_reach_is_refused_as_a_whole, chip_count, make_bench(&chips[i]))
{
    uint8_t buffer[1024];
    const esp_loader_source_t source = {.read = esp_loader_read_memory, .ctx = buffer, .size = 1000};
    const esp_loader_image_t images[] = {{.offset = 0x10000, .is_raw = true, .source = source},
                                         {.offset = MIB16, .is_raw = true, .source = source}};
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};
    expect_refused(b, esp_loader_plan_run(&b->loader, images, 2, &options, NULL));
    assert_int_equal(esp_loader_error_detail(&b->loader)->image, 1);
    assert_int_equal(esp_sim_stats(b->sim)->sectors_erased, 0);
}

#ifndef ESP_LOADER_SMALL

static bool has_wide_stub(target_chip_t chip)
{
    return chip == ESP32S3_CHIP || chip == ESP32C5_CHIP || chip == ESP32C61_CHIP || chip == ESP32P4_CHIP ||
           chip == ESP32S31_CHIP || chip == ESP32H4_CHIP;
}

static void expect_everything_reached(bench_t *b)
{
    static const uint32_t offsets[] = {MIB16, MIB16 - 0x1000, FLASH_SIZE - DATA_SIZE};
    uint8_t *flash = esp_sim_flash(b->sim);
    uint8_t buf[64];
    for (size_t i = 0; i < COUNT(offsets); i++) {
        memset(flash + offsets[i] - 0x1000, 0, DATA_SIZE + 0x1000);
        memset(flash, 0x11, 0x10000);
        assert_success(bench_flash(b, offsets[i], data(), DATA_SIZE, false));
        assert_memory_equal(flash + offsets[i], data(), DATA_SIZE);
        assert_success(esp_loader_flash_read(&b->loader, buf, offsets[i], sizeof(buf)));
        assert_memory_equal(buf, data(), sizeof(buf));
        assert_success(esp_loader_flash_erase_region(&b->loader, offsets[i], DATA_SIZE));
        assert_int_equal(flash[offsets[i]], 0xFF);
        assert_int_equal(flash[offsets[i] - 1], 0);
        for (uint32_t at = 0; at < 0x10000; at++) { /* where 24 address bits would lead */
            assert_int_equal(flash[at], 0x11);
        }
    }
}

TEST_OPEN_EACH(stubs_reach_all_of_it_on_the_chips_whose_stub_can, chip_count, make_bench(&chips[i]))
{
    assert_success(esp_loader_connect_with_stub(&b->loader, NULL));
    if (has_wide_stub(chips[i].chip)) {
        expect_everything_reached(b);
    } else {
        expect_everything_beyond_16_mb_refused(b);
        expect_16_mb_usable(b);
    }
    assert_success(esp_loader_flash_erase(&b->loader));
    assert_int_equal(esp_sim_flash(b->sim)[FLASH_SIZE - 1], 0xFF);
}

#endif
