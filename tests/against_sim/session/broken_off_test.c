/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port that breaks off a wait, as one does when its user presses Ctrl-C: the next command finds a target
 * that is still at work on the one before.
 */
#include <string.h>

#include "bench.h"
#include "esp_loader_plan.h"

#define IMAGE_SIZE 0x20000u

static uint32_t break_off_ms; /* of the port's clock, 0 = never */

static esp_loader_error_t read_until_broken_off(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                                uint32_t timeout_ms, size_t *out_read)
{
    const uint32_t left_ms = break_off_ms - sim_port_ops.now_ms(port);

    if (break_off_ms == 0 || left_ms >= timeout_ms) {
        return sim_port_ops.read_some(port, buf, capacity, timeout_ms, out_read);
    }
    esp_loader_error_t err = sim_port_ops.read_some(port, buf, capacity, left_ms, out_read);
    if (err == ESP_LOADER_ERROR_TIMEOUT) {
        break_off_ms = 0;
        err = ESP_LOADER_ERROR_CANCELLED;
    }
    return err;
}

static void break_off_in(bench_t *b, uint32_t ms)
{
    b->port.base.ops.read_some = read_until_broken_off;
    break_off_ms = sim_port_ops.now_ms(&b->port.base.port) + ms;
}

/* What takes the target long, and is broken off. */
static esp_loader_error_t erase(bench_t *b)
{
    return esp_loader_flash_erase_region(&b->loader, 0x10000, IMAGE_SIZE);
}

static esp_loader_error_t write_block(bench_t *b)
{
    static uint8_t data[0x1000];
    return bench_flash(b, 0x10000, data, sizeof(data), true);
}

static esp_loader_error_t hash(bench_t *b)
{
    const uint8_t any[16] = {0};
    return esp_loader_flash_verify_known_md5(&b->loader, 0, IMAGE_SIZE, any);
}

static const struct {
    const char *name, *faults;
    esp_loader_error_t (*run)(bench_t *b);
} long_works[] = {
    {"erase", "at command 1 of 0x02: delay 2500 ms", erase},
    {"block", "at command 1 of 0x03: delay 1500 ms", write_block},
    {"hash", "at command 1 of 0x13: delay 2 s", hash},
};

TEST_CONNECTED_EACH(command_that_was_broken_off_is_waited_for_by_the_next_one, COUNT(long_works) * 6,
                    BENCH(.chip = "esp32s3", .wiring = ESP_SIM_WIRING_BRIDGE, .flash_size = 4u << 20))
{
    const uint32_t wait_ms = 300 + 170 * (uint32_t)(i % 6);
    print_message("%s, broken off after %u ms\n", long_works[i / 6].name, (unsigned)wait_ms);
    memset(esp_sim_flash(b->sim), 0, 2 * IMAGE_SIZE);
    assert_success(esp_loader_change_transmission_rate(&b->loader, 921600));
    assert_int_equal(hash(b), ESP_LOADER_ERROR_INVALID_MD5); /* the flash is attached */
    bench_faults(b, long_works[i / 6].faults);
    break_off_in(b, wait_ms);
    assert_int_equal(long_works[i / 6].run(b), ESP_LOADER_ERROR_CANCELLED);
    assert_success(
        esp_loader_change_transmission_rate(&b->loader, 115200)); /* and its FIFO was not overrun */
}

/* A plan is asked whether it is to stop while a block is under way. */
static bool is_cancelled(void *ctx)
{
    int *questions = ctx;
    return --*questions <= 0;
}

TEST(block_that_a_plan_no_longer_waits_for_is_waited_for_by_the_next_command)
{
    static uint8_t data[IMAGE_SIZE], buffer[0x8000];
    bool was_busy = false;
    bench_fill(data, sizeof(data), 1);
    esp_loader_error_t outcome = ESP_LOADER_ERROR_CANCELLED;
    for (int questions = 1; outcome == ESP_LOADER_ERROR_CANCELLED; questions += 3) {
        int left = questions;
        const esp_loader_image_t image = {
            .offset = 0x10000, .source = {esp_loader_read_memory, data, sizeof(data)}, .is_raw = true};
        const esp_loader_plan_options_t options = {.buffer = buffer,
                                                   .buffer_size = sizeof(buffer),
                                                   .rewrite_equal = true,
                                                   .is_cancelled = is_cancelled,
                                                   .ctx = &left};
        bench_t b = {.config = {.chip = "esp32s3", .wiring = ESP_SIM_WIRING_BRIDGE, .flash_size = 4u << 20}};
        bench_connect(&b);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 921600), ESP_LOADER_SUCCESS);
        bench_faults(&b, "from command 1 of 0x03: delay 800 ms");
        outcome = esp_loader_plan_run(&b.loader, &image, 1, &options, NULL);
        const uint64_t cancelled_us = esp_sim_now_us(b.sim);
        assert_int_equal(esp_loader_change_transmission_rate(&b.loader, 115200), ESP_LOADER_SUCCESS);
        was_busy = was_busy || esp_sim_now_us(b.sim) - cancelled_us > 500000;
        bench_close(&b); /* and its FIFO was not overrun */
    }
    assert_int_equal(outcome, ESP_LOADER_SUCCESS);
    assert_true(was_busy);
}
