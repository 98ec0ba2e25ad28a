/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What must hold whatever goes wrong on the wire: a write that reports success left exactly the right bytes;
 * a failure is reported with its cause; afterwards a new connection flashes the same chip.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "test.h"

#define IMAGE_OFFSET 0x10000u
#define IMAGE_SIZE   5000u

static uint8_t image[IMAGE_SIZE];

/* Flashes once with the fault; when that fails, connects anew and flashes again. */
static void expect_recovery(bench_t *b, const char *script)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    bench_connect(b);
    bench_faults(b, script);
    esp_loader_error_t err = bench_flash(b, IMAGE_OFFSET, image, IMAGE_SIZE, false);
    if (err == ESP_LOADER_SUCCESS) {
        if (memcmp(esp_sim_flash(b->sim) + IMAGE_OFFSET, image, IMAGE_SIZE) != 0) {
            fail_msg("%s: success reported, flash differs", script);
        }
        bench_close_ignoring_misuse(b);
        return;
    }
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&b->loader);
    assert_int_equal(detail->error, err);
    assert_int_not_equal(detail->stage, ESP_LOADER_STAGE_NONE);
    if (!esp_sim_is_attached(b->sim)) {
        esp_sim_plug(b->sim, b->config.wiring == ESP_SIM_WIRING_NONE);
    }
    b->port.open_wait_ms = 10000;
    assert_int_equal(esp_loader_init_serial(&b->loader, &b->port.port), ESP_LOADER_SUCCESS);
    esp_loader_error_t again = esp_loader_connect(&b->loader, &args);
    if (again == ESP_LOADER_SUCCESS) {
        again = bench_flash(b, IMAGE_OFFSET, image, IMAGE_SIZE, false);
    }
    if (again != ESP_LOADER_SUCCESS) {
        fail_msg("%s: the next attempt ended with %d", script, (int)again);
    }
    assert_memory_equal(esp_sim_flash(b->sim) + IMAGE_OFFSET, image, IMAGE_SIZE);
    bench_close_ignoring_misuse(b);
}

static void sweep(const char *format, unsigned first, unsigned last, unsigned step)
{
    char script[100];
    for (int repeated = ESP_SIM_REPEATED_REFUSE; repeated <= ESP_SIM_REPEATED_IGNORE; repeated++) {
        for (unsigned n = first; n <= last; n += step) {
            bench_t b = {
                .config = {.timing = ESP_SIM_TIMING_FAST, .repeated_blocks = (esp_sim_repeated_t)repeated}};
            snprintf(script, sizeof(script), format, n);
            expect_recovery(&b, script);
        }
    }
}

static int setup(void **state)
{
    (void)state;
    bench_fill(image, sizeof(image), 42);
    return 0;
}

TEST_WITH(any_command_may_be_lost, setup, NULL)
{
    sweep("at command %u: drop", 1, 30, 1);
}

TEST_WITH(any_reply_may_be_lost, setup, NULL)
{
    sweep("at reply %u: drop", 1, 30, 1);
}

TEST_WITH(any_reply_may_come_twice, setup, NULL)
{
    sweep("at reply %u: duplicate", 1, 30, 1);
}

TEST_WITH(any_reply_may_come_late, setup, NULL)
{
    sweep("at reply %u: delay 5 s", 1, 30, 1);
}

TEST_WITH(any_byte_to_the_chip_may_be_lost, setup, NULL)
{
    sweep("at byte %u out: drop", 1, 6000, 29);
}

TEST_WITH(any_byte_to_the_chip_may_be_damaged, setup, NULL)
{
    sweep("at byte %u out: corrupt 0x10", 1, 6000, 29);
}

TEST_WITH(any_byte_may_turn_into_a_delimiter, setup, NULL)
{
    sweep("at byte %u out: corrupt 0xC0", 1, 1500, 13);
}

TEST_WITH(any_byte_from_the_chip_may_be_lost, setup, NULL)
{
    sweep("at byte %u in: drop", 1, 500, 1);
}

TEST_WITH(any_byte_from_the_chip_may_be_damaged, setup, NULL)
{
    sweep("at byte %u in: corrupt 0x04", 1, 500, 1);
}

TEST_WITH(cable_may_be_pulled_at_any_transfer, setup, NULL)
{
    sweep("at transfer %u out: disconnect", 1, 120, 1);
    sweep("at transfer %u in: disconnect", 1, 40, 1);
}

TEST_WITH(chip_may_reset_at_any_command, setup, NULL)
{
    sweep("at command %u: reset", 1, 30, 1);
}

TEST_WITH(any_command_may_be_refused, setup, NULL)
{
    static const uint8_t reasons[] = {0x01, 0x05, 0x06, 0x07, 0x08};
    char format[60];
    for (size_t i = 0; i < sizeof(reasons); i++) {
        snprintf(format, sizeof(format), "at command %%u: error 0x%02x", reasons[i]);
        sweep(format, 1, 30, 1);
    }
}

TEST_WITH(refused_checksum_is_sent_again_and_succeeds, setup, NULL)
{
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    bench_connect(&b);
    bench_faults(&b, "at command 3 of 0x03: corrupt");
    assert_int_equal(bench_flash(&b, IMAGE_OFFSET, image, IMAGE_SIZE, false), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(b.sim) + IMAGE_OFFSET, image, IMAGE_SIZE);
    bench_close_ignoring_misuse(&b);
}

TEST_WITH(write_error_names_command_offset_and_reason, setup, NULL)
{
    bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST}};
    bench_connect(&b);
    bench_faults(&b, "at command 3 of 0x03: error 8");
    assert_int_equal(bench_flash(&b, IMAGE_OFFSET, image, IMAGE_SIZE, false),
                     ESP_LOADER_ERROR_INVALID_RESPONSE);
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&b.loader);
    assert_int_equal(detail->cause, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(detail->command, 0x03);
    assert_int_equal(detail->address, IMAGE_OFFSET + 2048);
    assert_int_equal(detail->target_reason, 8);
    assert_int_equal(detail->stage, ESP_LOADER_STAGE_WRITE);
    bench_close_ignoring_misuse(&b);
}

/* An answer that is the one before is asked for again behind a SYNC, whose answer takes as long. */
TEST_WITH(answers_that_are_alike_get_through_a_slow_network, setup, NULL)
{
    static const uint32_t latencies_ms[] = {90, 150, 400, 900};
    for (size_t i = 0; i < sizeof(latencies_ms) / sizeof(latencies_ms[0]); i++) {
        bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST, .latency_us = latencies_ms[i] * 1000}};
        esp_loader_connect_args_t args = {.sync_timeout = 2000, .trials = 5};
        uint32_t value[3] = {0};
        bench_open(&b);
        assert_int_equal(esp_loader_connect(&b.loader, &args), ESP_LOADER_SUCCESS);
        for (size_t n = 0; n < 3; n++) {
            assert_int_equal(esp_loader_read_register(&b.loader, 0x40001000, &value[n]), ESP_LOADER_SUCCESS);
        }
        assert_int_equal(value[1], value[0]);
        assert_int_equal(value[2], value[0]);
        bench_close(&b);
    }
}
