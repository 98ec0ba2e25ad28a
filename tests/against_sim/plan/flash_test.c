/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans that succeed, on simulated chips: what is in flash afterwards, whether it boots, and how little is
 * done when there is little to do.
 */
#include <string.h>

#include "plan.h"

static const esp_sim_wiring_t wirings[] = {ESP_SIM_WIRING_USJ, ESP_SIM_WIRING_BRIDGE, ESP_SIM_WIRING_NONE};

TEST_PLAN_EACH(three_images_are_flashed_verified_and_boot, 3u)
{
    plan->bench.config.wiring = wirings[i];
    plan_connect(plan);
    memset(esp_sim_flash(plan->bench.sim), 0, 0x40000); /* used flash */
    assert_success(plan_run(plan));
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED);
    for (size_t image = 0; image < plan->count; image++) {
        assert_flashed(plan, image);
        assert_int_equal(plan->reports[image].bytes_sent, plan->blobs[image].size);
    }
    assert_boots(plan);
}

TEST_LOADERS_EACH(every_chip_is_flashed_with_either_loader_and_boots, plan_chip_count)
{
    plan_take_chip(plan, &plan_chips[i]);
    plan_connect(plan);
    memset(esp_sim_flash(plan->bench.sim), 0, 0x40000); /* used flash */
    assert_success(plan_run(plan));
    assert_int_equal(esp_sim_state(plan->bench.sim),
                     loader == STUB ? ESP_SIM_STATE_DOWNLOAD_STUB : ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED);
    assert_all_flashed(plan);
    assert_boots(plan);
}

/* Its ROM cannot say what is in flash. Without the digest that other images carry, the app's checksum is what
 * the boot checks. */
TEST_PLAN(esp8266_is_flashed_unverified_and_boots)
{
    static const esp_loader_flash_params_t params = {.mode_code = 3, .freq_code = 0xF, .size_code = 3};

    plan_take_chip(plan, &(plan_chip_t){"esp8266", ESP_LOADER_IMAGE_NO_CHIP_ID, 0x0});
    plan->options.flash_params = &params;
    plan_connect(plan);
    assert_success(plan_run(plan));
    assert_results(plan, ESP_LOADER_IMAGE_UNVERIFIED, ESP_LOADER_IMAGE_UNVERIFIED,
                   ESP_LOADER_IMAGE_UNVERIFIED);
    assert_flashed(plan, APP);
    assert_memory_equal(esp_sim_flash(plan->bench.sim), "\xE9\x01\x03\x3F", 4);
    assert_boots(plan);
}

static const plan_chip_t mistaken[] = {
    {"esp8266", 0, 0x1000}, /* with images of the ESP32 */
    {"esp32", ESP_LOADER_IMAGE_NO_CHIP_ID, 0x1000},
};

TEST_PLAN_EACH(esp8266_and_others_are_not_flashed_with_images_of_each_other, COUNT(mistaken))
{
    plan_take_chip(plan, &mistaken[i]);
    plan_connect(plan);
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_IMAGE_CHIP);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, 0);
}

TEST_PLAN(sectors_and_time_are_reported_as_the_chip_counts_them)
{
    plan->bench.config.timing = ESP_SIM_TIMING_DEFAULT;
    plan_connect(plan);
    uint64_t before_us = esp_sim_now_us(plan->bench.sim);
    assert_success(plan_run(plan));
    uint64_t took_ms = (esp_sim_now_us(plan->bench.sim) - before_us) / 1000;
    uint32_t sectors = 0;
    uint32_t time_ms = 0;
    for (size_t i = 0; i < plan->count; i++) {
        sectors += plan->reports[i].sectors_erased;
        time_ms += plan->reports[i].time_ms;
        assert_true(plan->reports[i].time_ms > 0);
    }
    assert_int_equal(sectors, esp_sim_stats(plan->bench.sim)->sectors_erased);
    assert_in_range(time_ms, took_ms * 8 / 10, took_ms); /* the rest are the checks of the target */
}

TEST_LOADERS(images_that_are_flashed_as_one_are_each_reported)
{
    plan_add_neighbour(plan);
    plan_connect(plan);
    assert_success(plan_run(plan));
    assert_all_flashed(plan);
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(plan->reports[EXTRA].result, ESP_LOADER_IMAGE_VERIFIED);
    plan->blobs[EXTRA].bytes[4096] ^= 1;
    assert_success(plan_run(plan));
    assert_all_flashed(plan);
    assert_results(plan, ESP_LOADER_IMAGE_EQUAL, ESP_LOADER_IMAGE_EQUAL, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(plan->reports[EXTRA].result, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(plan->reports[EXTRA].sectors_erased, 1);
    assert_boots(plan);
}

TEST_PLAN(a_plan_that_is_done_erases_and_writes_nothing)
{
    plan_connect(plan);
    assert_success(plan_run(plan));
    esp_sim_stats_t before = *esp_sim_stats(plan->bench.sim);
    assert_success(plan_run(plan));
    assert_results(plan, ESP_LOADER_IMAGE_EQUAL, ESP_LOADER_IMAGE_EQUAL, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, before.sectors_erased);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->bytes_programmed, before.bytes_programmed);
}

TEST_PLAN(only_the_image_that_differs_is_written)
{
    plan_connect(plan);
    assert_success(plan_run(plan));
    esp_sim_flash(plan->bench.sim)[0x8000 + 70] ^= 0x10;
    assert_success(plan_run(plan));
    assert_results(plan, ESP_LOADER_IMAGE_EQUAL, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_EQUAL);
    assert_flashed(plan, TABLE);
}

/* The simulator checks the digest by its own means when it boots. */
TEST_PLAN(a_patched_bootloader_boots_with_its_new_parameters)
{
    static const esp_loader_flash_params_t params = {.mode_code = 0, .freq_code = 0, .size_code = 2};

    plan->options.flash_params = &params;
    plan_connect(plan);
    assert_success(plan_run(plan));
    const uint8_t *flash = esp_sim_flash(plan->bench.sim);
    assert_int_equal(flash[2], 0);
    assert_int_equal(flash[3], 0x20);
    assert_memory_equal(flash + 4, plan->blobs[BOOTLOADER].bytes + 4, plan->blobs[BOOTLOADER].size - 4 - 32);
    assert_boots(plan);
    assert_non_null(strstr(esp_sim_console(plan->bench.sim), "mode:QIO, clock div:2"));
}

TEST_PLAN(a_target_in_secure_download_mode_is_written_unverified)
{
    plan->bench.config.is_secure_download = true;
    bench_open(&plan->bench);
    assert_success(esp_loader_connect_secure_download_mode(&plan->bench.loader, NULL, 8u << 20));
    assert_success(plan_run(plan));
    assert_results(plan, ESP_LOADER_IMAGE_UNVERIFIED, ESP_LOADER_IMAGE_UNVERIFIED,
                   ESP_LOADER_IMAGE_UNVERIFIED);
    for (size_t image = 0; image < plan->count; image++) {
        assert_flashed(plan, image);
    }
}

TEST_PLAN(the_smallest_buffer_will_do)
{
    plan->options.buffer_size = 256;
    plan_connect(plan);
    assert_success(plan_run(plan));
    assert_flashed(plan, APP);
    assert_boots(plan);
}
