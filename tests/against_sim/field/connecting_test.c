/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reports of people who could not connect, or not again.
 */
#include <stdio.h>
#include <string.h>

#include "field.h"
#include "test.h"

/* esp-serial-flasher issue 117: connecting worked only with trace messages, which made the host slower. */
TEST(a_slow_or_silent_first_sync_is_tried_again)
{
    static const char *const faults[] = {"sync ignore 3", "at command 1 of 0x08: drop",
                                         "at reply 1 of 0x08: delay 350ms", "sync replies 1",
                                         "at command 1 of 0x08: delay 120ms; at command 2 of 0x08: drop"};
    static const esp_sim_wiring_t wirings[] = {ESP_SIM_WIRING_USJ, ESP_SIM_WIRING_BRIDGE,
                                               ESP_SIM_WIRING_NONE};

    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]) * 3; i++) {
            plan_t plan;
            uint8_t mac[6];

            field_begin(&plan);
            plan.bench.config.wiring = wirings[i % 3];
            plan.bench.config.faults = faults[i / 3];
            plan.bench.config.timing = ESP_SIM_TIMING_DEFAULT;
            field_connect(&plan, loader);
            assert_int_equal(esp_loader_read_mac(&plan.bench.loader, mac), ESP_LOADER_SUCCESS);
            assert_memory_equal(mac, esp_sim_mac(plan.bench.sim), sizeof(mac));
            assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
            plan_end_ignoring_misuse(&plan); /* SYNC overruns the FIFO of a chip that does not read */
        }
    }
}

/* esptool issue 1044: a failed connect left the port open, so that no later one could work. */
TEST(a_failed_connect_is_followed_by_one_that_works)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        for (int reopens = 0; reopens < 2; reopens++) {
            plan_t plan;
            unsigned failures = 0;

            field_begin(&plan);
            plan.bench.config.wiring = ESP_SIM_WIRING_NONE;
            plan.bench.config.faults = "sync ignore 35";
            bench_open(&plan.bench);
            while (field_try_connect(&plan, loader) != ESP_LOADER_SUCCESS) {
                assert_int_equal(bench_cause(&plan.bench), ESP_LOADER_ERROR_TIMEOUT);
                assert_true(++failures <= 3);
                if (reopens != 0) {
                    esp_loader_deinit(&plan.bench.loader);
                    assert_false(plan.bench.port.is_open);
                    assert_int_equal(esp_loader_init_serial(&plan.bench.loader, &plan.bench.port.port),
                                     ESP_LOADER_SUCCESS);
                }
            }
            assert_int_equal(failures, 3);
            assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
            plan_end(&plan);
        }
    }
}

/* esptool issues 1070 and 1127: firmware that uses the chip's USB itself ignores the reset sequence. What the
 * user is told to do then, hold the boot button and press reset, has to be enough. */
TEST(a_chip_that_ignores_the_reset_is_flashed_after_its_boot_button_was_held)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        plan_t plan;

        field_begin(&plan);
        plan.bench.config.wiring = ESP_SIM_WIRING_NONE;
        bench_open(&plan.bench);
        esp_sim_reset_button(plan.bench.sim, false); /* firmware runs, or nothing does */
        uint64_t since_us = esp_sim_now_us(plan.bench.sim);
        assert_int_equal(field_try_connect(&plan, loader), ESP_LOADER_ERROR_TIMEOUT);
        assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->stage, ESP_LOADER_STAGE_SYNC);
        assert_true(field_elapsed_ms(&plan, since_us) < 6000);

        esp_sim_reset_button(plan.bench.sim, true);
        assert_int_equal(field_try_connect(&plan, loader), ESP_LOADER_SUCCESS);
        assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
        plan_end_ignoring_misuse(&plan); /* talking to firmware counts as such */
    }
}

/* esp-serial-flasher issue 80: the flash chip did not answer, and the host erased and tried again for ever.
 */
TEST(a_flash_that_does_not_answer_is_an_error_soon)
{
    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        plan_t plan;

        field_begin(&plan);
        plan.bench.config.timing = ESP_SIM_TIMING_SLOW;
        plan.bench.config.flash_jedec_id = 0xFFFFFFFF;
        field_connect(&plan, loader);
        uint64_t since_us = esp_sim_now_us(plan.bench.sim);
        assert_int_not_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
        assert_int_equal(bench_cause(&plan.bench), ESP_LOADER_ERROR_FLASH_ID);
        assert_int_not_equal(esp_loader_flash_erase(&plan.bench.loader), ESP_LOADER_SUCCESS);
        assert_int_equal(bench_cause(&plan.bench), ESP_LOADER_ERROR_FLASH_ID);
        /* The flash is asked four times; answers that are alike, each of them again. */
        assert_true(field_elapsed_ms(&plan, since_us) < 4500);
        assert_int_equal(esp_sim_stats(plan.bench.sim)->sectors_erased, 0);
        plan_end(&plan);
    }
}

/* esptool-js issues 217 and 254: an id of 0, or one without a size, became a size of -1 or of 0. */
TEST(an_impossible_flash_id_is_an_error_with_the_raw_value)
{
    static const struct {
        uint32_t id;
        esp_loader_error_t cause;
    } cases[] = {
        {0x01000000, ESP_LOADER_ERROR_FLASH_ID}, /* the bus delivers 24 bits: zeros */
        {0xFFFFFFFF, ESP_LOADER_ERROR_FLASH_ID}, /* ones: nobody answers */
        {0x0040EF, ESP_LOADER_ERROR_FLASH_SIZE}, /* capacity code 0 */
        {0xFF40EF, ESP_LOADER_ERROR_FLASH_SIZE}, /* 255 */
        {0x7F40EF, ESP_LOADER_ERROR_FLASH_SIZE},
    };

    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            plan_t plan;
            uint32_t size = 123;

            field_begin(&plan);
            plan.bench.config.flash_jedec_id = cases[i].id;
            field_connect(&plan, loader);
            assert_int_not_equal(esp_loader_flash_detect_size(&plan.bench.loader, &size), ESP_LOADER_SUCCESS);
            assert_int_equal(bench_cause(&plan.bench), cases[i].cause);
            assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->value, cases[i].id & 0xFFFFFF);
            assert_int_equal(size, 123);
            plan_end(&plan);
        }
    }
}

/* 32 sectors of 400 ms may take 13 s; a small build reckons with 512 ms. */
#ifdef ESP_LOADER_SMALL
enum { GIVEN_UP_MS = 20500 };
#else
enum { GIVEN_UP_MS = 17000 };
#endif

/* esptool-js issue 142, espflash issue 930: power was lost while the flash was erased; the host said
 * "connecting" for ever. */
TEST(power_lost_during_an_erase_is_an_error_soon_and_the_next_run_succeeds)
{
    /* The bus tells of the first; the others are only silence. */
    static const struct {
        esp_sim_wiring_t wiring;
        const char *what;
        esp_loader_error_t cause;
    } cases[] = {{ESP_SIM_WIRING_USJ, "disconnect 500ms", ESP_LOADER_ERROR_DISCONNECTED},
                 {ESP_SIM_WIRING_USJ, "reset", ESP_LOADER_ERROR_DISCONNECTED},
                 {ESP_SIM_WIRING_BRIDGE, "reset", ESP_LOADER_ERROR_TIMEOUT}};

    for (int loader = 0; loader < LOADER_COUNT; loader++) {
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            plan_t plan;
            char script[80];

            field_begin(&plan);
            plan.bench.config.timing = ESP_SIM_TIMING_SLOW;
            plan.bench.config.wiring = cases[i].wiring;
            field_connect(&plan, loader);
            memset(esp_sim_flash(plan.bench.sim), 0, 0x20000); /* used: there is something to erase */
            assert_int_equal(esp_loader_flash_erase_region(&plan.bench.loader, 0x20000, 0x1000),
                             ESP_LOADER_SUCCESS); /* attaches the flash */
            uint64_t since_us = esp_sim_now_us(plan.bench.sim);
            snprintf(script, sizeof(script), "at time %u ms: %s", (unsigned)(since_us / 1000 + 300),
                     cases[i].what);
            bench_faults(&plan.bench, script);
            assert_int_equal(esp_loader_flash_erase_region(&plan.bench.loader, 0, 0x20000), cases[i].cause);
            assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->stage, ESP_LOADER_STAGE_ERASE);
            assert_in_range(field_elapsed_ms(&plan, since_us), 290, GIVEN_UP_MS);

            field_reconnect(&plan, loader);
            assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
            assert_boots(&plan);
            plan_end_ignoring_misuse(&plan); /* a reset under a command counts as such */
        }
    }
}
