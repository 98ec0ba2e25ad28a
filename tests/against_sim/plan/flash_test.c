/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans that succeed, on simulated chips: what is in flash afterwards, whether it boots, and how little is
 * done when there is little to do.
 */
#include <string.h>

#include "plan.h"
#include "test.h"

TEST(three_images_are_flashed_verified_and_boot)
{
    static const esp_sim_wiring_t wirings[] = {ESP_SIM_WIRING_USJ, ESP_SIM_WIRING_BRIDGE,
                                               ESP_SIM_WIRING_NONE};

    for (size_t i = 0; i < 3; i++) {
        plan_t plan;
        plan_begin(&plan);
        plan.bench.config.wiring = wirings[i];
        plan_connect(&plan);
        memset(esp_sim_flash(plan.bench.sim), 0, 0x40000); /* used flash */
        assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
        assert_results(&plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED,
                       ESP_LOADER_IMAGE_VERIFIED);
        for (size_t image = 0; image < plan.count; image++) {
            assert_flashed(&plan, image);
            assert_int_equal(plan.reports[image].bytes_sent, plan.blobs[image].size);
        }
        assert_boots(&plan);
        plan_end(&plan);
    }
}

TEST(every_chip_is_flashed_and_boots)
{
    static const struct {
        const char *name;
        uint16_t image_id;
        uint32_t bootloader_offset;
    } chips[] = {
        {"esp32", 0, 0x1000}, {"esp32s2", 2, 0x1000},  {"esp32s3", 9, 0x0},  {"esp32c2", 12, 0x0},
        {"esp32c3", 5, 0x0},  {"esp32c5", 23, 0x2000}, {"esp32c6", 13, 0x0}, {"esp32c61", 20, 0x0},
        {"esp32h2", 16, 0x0}, {"esp32p4", 18, 0x2000},
    };

    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        plan_t plan;
        plan_begin_for(&plan, chips[i].name, chips[i].image_id, chips[i].bootloader_offset);
        plan.bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
        plan_connect(&plan);
        assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
        assert_results(&plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED,
                       ESP_LOADER_IMAGE_VERIFIED);
        assert_boots(&plan);
        plan_end(&plan);
    }
}

/* Its ROM cannot say what is in flash. Without the digest that other images carry, the app's checksum is what
 * the boot checks. */
TEST(esp8266_is_flashed_unverified_and_boots)
{
    static const esp_loader_flash_params_t params = {.mode_code = 3, .freq_code = 0xF, .size_code = 3};
    plan_t plan;

    plan_begin_for(&plan, "esp8266", ESP_LOADER_IMAGE_NO_CHIP_ID, 0x0);
    plan.bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan.options.flash_params = &params;
    plan_connect(&plan);
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    assert_results(&plan, ESP_LOADER_IMAGE_UNVERIFIED, ESP_LOADER_IMAGE_UNVERIFIED,
                   ESP_LOADER_IMAGE_UNVERIFIED);
    assert_flashed(&plan, APP);
    assert_memory_equal(esp_sim_flash(plan.bench.sim), "\xE9\x01\x03\x3F", 4);
    assert_boots(&plan);
    plan_end(&plan);
}

TEST(esp8266_is_not_flashed_with_images_of_another_chip)
{
    plan_t plan;

    plan_begin_for(&plan, "esp8266", 0, 0x1000); /* the ESP32's */
    plan.bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan_connect(&plan);
    assert_int_equal(plan_run(&plan), ESP_LOADER_ERROR_IMAGE_CHIP);
    assert_int_equal(esp_sim_stats(plan.bench.sim)->sectors_erased, 0);
    plan_end(&plan);
    plan_begin_for(&plan, "esp32", ESP_LOADER_IMAGE_NO_CHIP_ID, 0x1000);
    plan.bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
    plan_connect(&plan);
    assert_int_equal(plan_run(&plan), ESP_LOADER_ERROR_IMAGE_CHIP);
    assert_int_equal(esp_sim_stats(plan.bench.sim)->sectors_erased, 0);
    plan_end(&plan);
}

TEST(sectors_and_time_are_reported_as_the_chip_counts_them)
{
    plan_t plan;

    plan_begin(&plan);
    plan.bench.config.timing = ESP_SIM_TIMING_DEFAULT;
    plan_connect(&plan);
    uint64_t before_us = esp_sim_now_us(plan.bench.sim);
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    uint64_t took_ms = (esp_sim_now_us(plan.bench.sim) - before_us) / 1000;
    uint32_t sectors = 0;
    uint32_t time_ms = 0;
    for (size_t i = 0; i < plan.count; i++) {
        sectors += plan.reports[i].sectors_erased;
        time_ms += plan.reports[i].time_ms;
        assert_true(plan.reports[i].time_ms > 0);
    }
    assert_int_equal(sectors, esp_sim_stats(plan.bench.sim)->sectors_erased);
    assert_in_range(time_ms, took_ms * 8 / 10, took_ms); /* the rest are the checks of the target */
    plan_end(&plan);
}

TEST(a_plan_that_is_done_erases_and_writes_nothing)
{
    plan_t plan;

    plan_begin(&plan);
    plan_connect(&plan);
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    esp_sim_stats_t before = *esp_sim_stats(plan.bench.sim);
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    assert_results(&plan, ESP_LOADER_IMAGE_EQUAL, ESP_LOADER_IMAGE_EQUAL, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(esp_sim_stats(plan.bench.sim)->sectors_erased, before.sectors_erased);
    assert_int_equal(esp_sim_stats(plan.bench.sim)->bytes_programmed, before.bytes_programmed);
    plan_end(&plan);
}

TEST(only_the_image_that_differs_is_written)
{
    plan_t plan;

    plan_begin(&plan);
    plan_connect(&plan);
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    esp_sim_flash(plan.bench.sim)[0x8000 + 70] ^= 0x10;
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    assert_results(&plan, ESP_LOADER_IMAGE_EQUAL, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_EQUAL);
    assert_flashed(&plan, TABLE);
    plan_end(&plan);
}

/* The simulator checks the digest by its own means when it boots. */
TEST(a_patched_bootloader_boots_with_its_new_parameters)
{
    static const esp_loader_flash_params_t params = {.mode_code = 0, .freq_code = 0, .size_code = 2};
    plan_t plan;

    plan_begin(&plan);
    plan.options.flash_params = &params;
    plan_connect(&plan);
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    const uint8_t *flash = esp_sim_flash(plan.bench.sim);
    assert_int_equal(flash[2], 0);
    assert_int_equal(flash[3], 0x20);
    assert_memory_equal(flash + 4, plan.blobs[BOOTLOADER].bytes + 4, plan.blobs[BOOTLOADER].size - 4 - 32);
    assert_boots(&plan);
    assert_non_null(strstr(esp_sim_console(plan.bench.sim), "mode:QIO, clock div:2"));
    plan_end(&plan);
}

TEST(a_target_in_secure_download_mode_is_written_unverified)
{
    plan_t plan;

    plan_begin(&plan);
    plan.bench.config.is_secure_download = true;
    bench_open(&plan.bench);
    assert_int_equal(esp_loader_connect_secure_download_mode(&plan.bench.loader, NULL, 8u << 20),
                     ESP_LOADER_SUCCESS);
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    assert_results(&plan, ESP_LOADER_IMAGE_UNVERIFIED, ESP_LOADER_IMAGE_UNVERIFIED,
                   ESP_LOADER_IMAGE_UNVERIFIED);
    for (size_t image = 0; image < plan.count; image++) {
        assert_flashed(&plan, image);
    }
    plan_end(&plan);
}

TEST(the_smallest_buffer_will_do)
{
    plan_t plan;

    plan_begin(&plan);
    plan.options.buffer_size = 256;
    plan_connect(&plan);
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    assert_flashed(&plan, APP);
    assert_boots(&plan);
    plan_end(&plan);
}
