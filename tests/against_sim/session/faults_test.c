/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What must hold whatever goes wrong on the wire: a write that reports success left exactly the right bytes;
 * a failure is reported with its cause; afterwards a new connection flashes the same chip.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"

#define IMAGE_OFFSET 0x10000u
#define IMAGE_SIZE   5000u

static const uint8_t *image(void)
{
    static uint8_t bytes[IMAGE_SIZE];
    bench_fill(bytes, sizeof(bytes), 42);
    return bytes;
}

/* Flashes once with the fault; when that fails, connects anew and flashes again. */
static void expect_recovery(bench_t *b, const char *script)
{
    bench_connect(b);
    b->expects_misuse = true;
    bench_faults(b, script);
    esp_loader_error_t err = bench_flash(b, IMAGE_OFFSET, image(), IMAGE_SIZE, false);
    if (err == ESP_LOADER_SUCCESS) {
        if (memcmp(esp_sim_flash(b->sim) + IMAGE_OFFSET, image(), IMAGE_SIZE) != 0) {
            fail_msg("%s: success reported, flash differs", script);
        }
        bench_close(b);
        return;
    }
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&b->loader);
    assert_int_equal(detail->error, err);
    assert_int_not_equal(detail->stage, ESP_LOADER_STAGE_NONE);
    if (!esp_sim_is_attached(b->sim)) {
        esp_sim_plug(b->sim, b->config.wiring == ESP_SIM_WIRING_NONE);
    }
    print_message("%s: the next attempt\n", script);
    bench_reconnect(b);
    assert_success(bench_flash(b, IMAGE_OFFSET, image(), IMAGE_SIZE, false));
    assert_memory_equal(esp_sim_flash(b->sim) + IMAGE_OFFSET, image(), IMAGE_SIZE);
    bench_close(b);
}

static const struct {
    const char *format; /* of a script, with a number */
    unsigned first, last, step;
} sweeps[] = {
    {"at command %u: drop", 1, 30, 1},
    {"at command %u: reset", 1, 30, 1},
    {"at command %u: error 0x01", 1, 30, 1},
    {"at command %u: error 0x05", 1, 30, 1},
    {"at command %u: error 0x06", 1, 30, 1},
    {"at command %u: error 0x07", 1, 30, 1},
    {"at command %u: error 0x08", 1, 30, 1},
    {"at reply %u: drop", 1, 30, 1},
    {"at reply %u: duplicate", 1, 30, 1},
    {"at reply %u: delay 5 s", 1, 30, 1},
    {"at byte %u out: drop", 1, 6000, 29},
    {"at byte %u out: corrupt 0x10", 1, 6000, 29},
    {"at byte %u out: corrupt 0xC0", 1, 1500, 13}, /* a delimiter */
    {"at byte %u in: drop", 1, 500, 1},
    {"at byte %u in: corrupt 0x04", 1, 500, 1},
    {"at transfer %u out: disconnect", 1, 120, 1},
    {"at transfer %u in: disconnect", 1, 40, 1},
};

TEST(any_one_fault_anywhere_is_recovered_from)
{
    char script[100];
    for (size_t i = 0; i < COUNT(sweeps); i++) {
        for (int repeated = ESP_SIM_REPEATED_REFUSE; repeated <= ESP_SIM_REPEATED_IGNORE; repeated++) {
            for (unsigned n = sweeps[i].first; n <= sweeps[i].last; n += sweeps[i].step) {
                bench_t b = {.config = {.timing = ESP_SIM_TIMING_FAST,
                                        .repeated_blocks = (esp_sim_repeated_t)repeated}};
                snprintf(script, sizeof(script), sweeps[i].format, n); // NOLINT: a literal of the above
                expect_recovery(&b, script);
            }
        }
    }
}

TEST_CONNECTED(refused_checksum_is_sent_again_and_succeeds, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    bench_faults(b, "at command 3 of 0x03: corrupt");
    assert_success(bench_flash(b, IMAGE_OFFSET, image(), IMAGE_SIZE, false));
    assert_memory_equal(esp_sim_flash(b->sim) + IMAGE_OFFSET, image(), IMAGE_SIZE);
    b->expects_misuse = true;
}

TEST_CONNECTED(write_error_names_command_offset_and_reason, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    bench_faults(b, "at command 3 of 0x03: error 8");
    assert_int_equal(bench_flash(b, IMAGE_OFFSET, image(), IMAGE_SIZE, false),
                     ESP_LOADER_ERROR_INVALID_RESPONSE);
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&b->loader);
    assert_int_equal(detail->cause, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(detail->command, 0x03);
    assert_int_equal(detail->address, IMAGE_OFFSET + 2048);
    assert_int_equal(detail->target_reason, 8);
    assert_int_equal(detail->stage, ESP_LOADER_STAGE_WRITE);
    b->expects_misuse = true;
}

static const uint32_t latencies_ms[] = {
    90,
    150,
#ifndef ESP_LOADER_SMALL /* which does not measure how long an answer takes */
    400,
    900,
#endif
};

/* An answer that is the one before is asked for again behind a SYNC, whose answer takes as long. */
TEST_OPEN_EACH(answers_that_are_alike_get_through_a_slow_network, COUNT(latencies_ms),
               BENCH(.timing = ESP_SIM_TIMING_FAST, .latency_us = latencies_ms[i] * 1000))
{
    esp_loader_connect_args_t args = {.sync_timeout = 2000, .trials = 5};
    uint32_t value[3] = {0};
    assert_success(esp_loader_connect(&b->loader, &args));
    for (size_t n = 0; n < 3; n++) {
        assert_success(esp_loader_read_register(&b->loader, 0x40001000, &value[n]));
    }
    assert_int_equal(value[1], value[0]);
    assert_int_equal(value[2], value[0]);
}
