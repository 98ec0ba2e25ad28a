/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reports of people who could not connect, or not again.
 */
#include <string.h>

#include "plan.h"

static const char *const slow_syncs[] = {"sync ignore 3", "at command 1 of 0x08: drop",
                                         "at reply 1 of 0x08: delay 350ms", "sync replies 1",
                                         "at command 1 of 0x08: delay 120ms; at command 2 of 0x08: drop"};

/* esp-serial-flasher issue 117: connecting worked only with trace messages, which made the host slower. */
TEST_LOADERS_EACH(a_slow_or_silent_first_sync_is_tried_again, COUNT(slow_syncs) * 3)
{
    static const esp_sim_wiring_t wirings[] = {ESP_SIM_WIRING_USJ, ESP_SIM_WIRING_BRIDGE,
                                               ESP_SIM_WIRING_NONE};
    uint8_t mac[6];

    plan->bench.config.wiring = wirings[i % 3];
    plan->bench.config.faults = slow_syncs[i / 3];
    plan->bench.config.timing = ESP_SIM_TIMING_DEFAULT;
    plan_connect(plan);
    assert_success(esp_loader_read_mac(&plan->bench.loader, mac));
    assert_memory_equal(mac, esp_sim_mac(plan->bench.sim), sizeof(mac));
    assert_success(plan_run(plan));
    plan->bench.expects_misuse = true; /* SYNC overruns the FIFO of a chip that does not read */
}

/* esptool issue 1044: a failed connect left the port open, so that no later one could work. */
TEST_LOADERS_EACH(a_failed_connect_is_followed_by_one_that_works, 2u)
{
    unsigned failures = 0;

    plan->bench.config.wiring = ESP_SIM_WIRING_NONE;
    plan->bench.config.faults = "sync ignore 35";
    bench_open(&plan->bench);
    while (bench_try_connect(&plan->bench) != ESP_LOADER_SUCCESS) {
        assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_TIMEOUT);
        assert_true(++failures <= 3);
        if (i != 0) {
            esp_loader_deinit(&plan->bench.loader);
            assert_false(plan->bench.port.is_open);
            assert_success(esp_loader_init_serial(&plan->bench.loader, &plan->bench.port.base.port));
        }
    }
    assert_int_equal(failures, 3);
    assert_success(plan_run(plan));
}

/* esptool issues 1070 and 1127: firmware that uses the chip's USB itself ignores the reset sequence. What the
 * user is told to do then, hold the boot button and press reset, has to be enough. */
TEST_LOADERS(a_chip_that_ignores_the_reset_is_flashed_after_its_boot_button_was_held)
{
    plan->bench.config.wiring = ESP_SIM_WIRING_NONE;
    bench_open(&plan->bench);
    esp_sim_reset_button(plan->bench.sim, false); /* firmware runs, or nothing does */
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    assert_int_equal(bench_try_connect(&plan->bench), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->stage, ESP_LOADER_STAGE_SYNC);
    assert_true(bench_elapsed_ms(&plan->bench, since_us) < 6000);

    esp_sim_reset_button(plan->bench.sim, true);
    assert_success(bench_try_connect(&plan->bench));
    assert_success(plan_run(plan));
    plan->bench.expects_misuse = true; /* talking to firmware counts as such */
}

/* esp-serial-flasher issue 80: the flash chip did not answer, and the host erased and tried again for ever.
 */
TEST_LOADERS(a_flash_that_does_not_answer_is_an_error_soon)
{
    plan->bench.config.timing = ESP_SIM_TIMING_SLOW;
    plan->bench.config.flash_jedec_id = 0xFFFFFFFF;
    plan_connect(plan);
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    assert_int_not_equal(plan_run(plan), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_FLASH_ID);
    assert_int_not_equal(esp_loader_flash_erase(&plan->bench.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_FLASH_ID);
    /* The flash is asked four times; answers that are alike, each of them again. */
    assert_true(bench_elapsed_ms(&plan->bench, since_us) < 4500);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, 0);
}

static const struct {
    uint32_t id;
    esp_loader_error_t cause;
} impossible_ids[] = {
    {0x01000000, ESP_LOADER_ERROR_FLASH_ID}, /* the bus delivers 24 bits: zeros */
    {0xFFFFFFFF, ESP_LOADER_ERROR_FLASH_ID}, /* ones: nobody answers */
    {0x0040EF, ESP_LOADER_ERROR_FLASH_SIZE}, /* capacity code 0 */
    {0xFF40EF, ESP_LOADER_ERROR_FLASH_SIZE}, /* 255 */
    {0x7F40EF, ESP_LOADER_ERROR_FLASH_SIZE},
};

/* esptool-js issues 217 and 254: an id of 0, or one without a size, became a size of -1 or of 0. */
TEST_LOADERS_EACH(an_impossible_flash_id_is_an_error_with_the_raw_value, COUNT(impossible_ids))
{
    uint32_t size = 123;

    plan->bench.config.flash_jedec_id = impossible_ids[i].id;
    plan_connect(plan);
    assert_int_not_equal(esp_loader_flash_detect_size(&plan->bench.loader, &size), ESP_LOADER_SUCCESS);
    assert_int_equal(bench_cause(&plan->bench), impossible_ids[i].cause);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->value, impossible_ids[i].id & 0xFFFFFF);
    assert_int_equal(size, 123);
}

/* 32 sectors of 400 ms may take 13 s; a small build reckons with 512 ms. */
#ifdef ESP_LOADER_SMALL
enum { GIVEN_UP_MS = 20500 };
#else
enum { GIVEN_UP_MS = 17000 };
#endif

/* The bus tells of the first; the others are only silence. */
static const struct {
    esp_sim_wiring_t wiring;
    const char *what;
    esp_loader_error_t cause;
} power_losses[] = {{ESP_SIM_WIRING_USJ, "disconnect 500ms", ESP_LOADER_ERROR_DISCONNECTED},
                    {ESP_SIM_WIRING_USJ, "reset", ESP_LOADER_ERROR_DISCONNECTED},
                    {ESP_SIM_WIRING_BRIDGE, "reset", ESP_LOADER_ERROR_TIMEOUT}};

/* esptool-js issue 142, espflash issue 930: power was lost while the flash was erased; the host said
 * "connecting" for ever. */
TEST_LOADERS_EACH(power_lost_during_an_erase_is_an_error_soon_and_the_next_run_succeeds, COUNT(power_losses))
{
    plan->bench.config.timing = ESP_SIM_TIMING_SLOW;
    plan->bench.config.wiring = power_losses[i].wiring;
    plan_connect(plan);
    memset(esp_sim_flash(plan->bench.sim), 0, 0x20000); /* used: there is something to erase */
    assert_success(
        esp_loader_flash_erase_region(&plan->bench.loader, 0x20000, 0x1000)); /* attaches the flash */
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    bench_faults_at(&plan->bench, "at time %u ms: %s", (unsigned)(since_us / 1000 + 300),
                    power_losses[i].what);
    assert_int_equal(esp_loader_flash_erase_region(&plan->bench.loader, 0, 0x20000), power_losses[i].cause);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->stage, ESP_LOADER_STAGE_ERASE);
    assert_in_range(bench_elapsed_ms(&plan->bench, since_us), 290, GIVEN_UP_MS);

    plan_reconnect(plan);
    assert_success(plan_run(plan));
    assert_boots(plan);
    plan->bench.expects_misuse = true; /* a reset under a command counts as such */
}
