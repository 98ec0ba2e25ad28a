/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Connecting to a stub that an interrupted session left at work. While it erases and writes it takes one
 * frame and loses what follows, so what it has of the next session's first commands depends on the moment:
 * every one is tried.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "esp_loader_plan.h"

#define IMAGE_SIZE  0x20000u
#define LAST_CANCEL 9
#define LATEST_MS   320u /* a block takes 150 ms to erase and 60 ms to write */
#define STEP_MS     3u

#ifndef ESP_LOADER_SMALL

/* Says stop when it is asked for the n-th time. */
static bool is_cancelled(void *ctx)
{
    int *left = ctx;
    return --*left <= 0;
}

static esp_loader_error_t flash_until_cancelled(bench_t *b, uint8_t *data, int questions)
{
    static uint8_t buffer[0x8000];
    const esp_loader_image_t image = {
        .offset = 0x10000, .source = {esp_loader_read_memory, data, IMAGE_SIZE}, .is_raw = true};
    const esp_loader_plan_options_t options = {.buffer = buffer,
                                               .buffer_size = sizeof(buffer),
                                               .rewrite_equal = true,
                                               .is_cancelled = is_cancelled,
                                               .ctx = &questions};
    return esp_loader_plan_run(&b->loader, &image, 1, &options, NULL);
}

static esp_loader_error_t set_lines_of_nobody(esp_loader_port_t *port, bool dtr, bool rts)
{
    (void)port;
    (void)dtr;
    (void)rts;
    return ESP_LOADER_SUCCESS;
}

/* The port sets lines that the target is not connected to, as behind a serial server whose adapter has three
 * wires: the target is not reset. */
static void lead_lines_nowhere(bench_t *b)
{
    b->port.base.ops.set_lines = set_lines_of_nobody;
}

static void sweep(esp_sim_wiring_t wiring, const char *chip, bool lines_lead_nowhere, uint32_t step_ms)
{
    uint8_t *data = malloc(IMAGE_SIZE);
    assert_non_null(data);
    bench_fill(data, IMAGE_SIZE, 1);
    for (int questions = 1; questions <= LAST_CANCEL; questions++) {
        for (uint32_t wait_ms = 0; wait_ms <= LATEST_MS; wait_ms += step_ms * (uint32_t)test_row_step()) {
            bench_t b = {.config = {.chip = chip, .wiring = wiring, .accepts_any_stub = true},
                         .target_loader = STUB};
            bench_open(&b);
            if (lines_lead_nowhere) {
                lead_lines_nowhere(&b);
            }
            assert_success(esp_loader_connect_with_stub(&b.loader, NULL));
            memset(esp_sim_flash(b.sim), 0, IMAGE_SIZE + 0x10000);
            assert_int_equal(flash_until_cancelled(&b, data, questions), ESP_LOADER_ERROR_CANCELLED);
            bench_wait_us(&b, wait_ms * 1000u);

            print_message("cancelled at question %d, connected %u ms later\n", questions, (unsigned)wait_ms);
            esp_loader_deinit(&b.loader);
            bench_reconnect(&b);
            assert_success(bench_flash(&b, 0x10000, data, 0x2000, false));
            b.expects_misuse = true; /* a SYNC that is sent again into a busy stub overruns it */
            bench_close(&b);
        }
    }
    free(data);
}

TEST(stub_left_writing_is_connected_to_without_lines)
{
    sweep(ESP_SIM_WIRING_NONE, "esp32s3", false, STEP_MS);
}

TEST(stub_left_writing_is_connected_to_behind_lines_that_lead_nowhere)
{
    sweep(ESP_SIM_WIRING_NONE, "esp32s3", true, 2 * STEP_MS);
}

TEST(stub_left_writing_is_connected_to_over_usb)
{
    sweep(ESP_SIM_WIRING_USJ, "esp32c6", false, STEP_MS);
}

/* A delimiter was lost or came without a frame, and the session ended. */
TEST_OPEN_EACH(stub_whose_decoder_is_turned_over_is_connected_to, 2u,
               (bench_t){.config = {.wiring = ESP_SIM_WIRING_NONE, .accepts_any_stub = true},
                         .target_loader = STUB})
{
    b->expects_misuse = true;
    if (i != 0) {
        lead_lines_nowhere(b);
    }
    assert_success(bench_try_connect(b));
    assert_int_equal(esp_sim_host_write(b->sim, (const uint8_t[]){0xC0}, 1), 1);
    bench_reconnect(b);
}

#else

/* A small library without a stub of its own has none to leave at work. */
TEST_OPEN(small_library_has_no_stub, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    assert_int_equal(esp_loader_connect_with_stub(&b->loader, NULL), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

#endif
