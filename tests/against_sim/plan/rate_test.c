/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans and the baud rate: raised before much is written, lowered when the cable turns out not to carry it, also in
 * the middle of an image, and set back at the end. What was written before is not written again, and nothing is
 * called verified that is not in the flash.
 */
#include <stdio.h>
#include <string.h>

#include "plan.h"

enum { LARGE = 200 * 1024, LARGE_OFFSET = 0x100000, MAX_TRIALS = 40 };

typedef struct {
    plan_t *plan;
    esp_loader_rate_options_t options;
    esp_loader_rate_trial_t trials[MAX_TRIALS];
    unsigned count;
    const char *faults; /* from the moment when so much of the large image is written */
    uint32_t faults_at;
    uint32_t highest_baud; /* that was seen while writing */
} watch_t;

static watch_t watched;

static void note(void *ctx, const esp_loader_rate_trial_t *trial)
{
    watch_t *watch = ctx;
    assert_true(watch->count < MAX_TRIALS);
    watch->trials[watch->count++] = *trial;
    print_message("  %u: result %d, %u of %u, reset %d, %u ms\n", (unsigned)trial->rate_baud, trial->result,
                  trial->errors, trial->questions, trial->was_reset, (unsigned)trial->time_ms);
}

static void look(void *ctx, const esp_loader_plan_event_t *event)
{
    (void)ctx;
    if (event->step == ESP_LOADER_PLAN_WRITE && event->image_index == EXTRA) {
        uint32_t baud = esp_loader_get_rate(&watched.plan->bench.loader);
        watched.highest_baud = baud > watched.highest_baud ? baud : watched.highest_baud;
        if (watched.faults != NULL && event->done >= watched.faults_at) {
            bench_faults(&watched.plan->bench, watched.faults);
            watched.faults = NULL;
        }
    }
}

/* An ESP32-S3 on a UART, its usual images and a large one. */
static void start(plan_t *plan, int loader, const char *faults)
{
    blob_t blob = make_blob(LARGE, 0);
    bench_fill(blob.bytes, LARGE, 11);
    plan_take_chip(plan, &plan_chips[2]);
    plan->bench.config.timing = ESP_SIM_TIMING_DEFAULT;
    plan->bench.config.faults = faults;
    plan->bench.expects_misuse = true;
    plan->bench.target_loader = loader;
    plan_add(plan, LARGE_OFFSET, blob)->is_raw = true;
    watched =
        (watch_t){.plan = plan, .options = {.highest_baud = 2000000, .on_trial = note, .ctx = &watched}};
    plan->options.rate = &watched.options;
    plan->options.on_event = look;
    plan_connect(plan);
}

static void assert_all_verified(plan_t *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        assert_int_equal(plan->reports[i].result, ESP_LOADER_IMAGE_VERIFIED);
        assert_flashed(plan, i);
    }
}

#ifdef ESP_LOADER_SMALL

TEST_LOADERS(small_library_leaves_the_rate_alone)
{
    start(plan, loader, NULL);
    assert_success(plan_run(plan));
    assert_all_verified(plan);
    assert_int_equal(watched.count, 0);
    assert_int_equal(watched.highest_baud, 115200);
}

#else

TEST_LOADERS(rate_is_raised_for_a_large_image_and_set_back)
{
    start(plan, loader, NULL);
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    assert_success(plan_run(plan));
    assert_all_verified(plan);
    assert_in_range(bench_elapsed_ms(&plan->bench, since_us), 0, 9000); /* at 115200: 20 s */
    assert_int_equal(watched.count, 1);
    assert_int_equal(watched.highest_baud, 2000000);
    assert_int_equal(esp_loader_get_rate(&plan->bench.loader), 115200);
    assert_answers(&plan->bench);
    esp_loader_deinit(&plan->bench.loader); /* who comes next finds the stub at the rate of the port */
    assert_boots(plan);
}

TEST_LOADERS(same_plan_again_asks_nothing_about_rates)
{
    start(plan, loader, NULL);
    assert_success(plan_run(plan));
    watched.count = 0;
    assert_success(plan_run(plan));
    assert_int_equal(plan->reports[EXTRA].result, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(watched.count, 0);
    esp_sim_flash(plan->bench.sim)[LARGE_OFFSET] ^= 1;
    assert_success(plan_run(plan)); /* one sector: not worth it */
    assert_int_equal(plan->reports[EXTRA].result, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(watched.count, 0);
    memset(esp_sim_flash(plan->bench.sim) + LARGE_OFFSET + LARGE - 4 * 4096, 0, 4 * 4096);
    assert_success(plan_run(plan)); /* nor are four */
    assert_int_equal(watched.count, 0);
    memset(esp_sim_flash(plan->bench.sim) + LARGE_OFFSET + LARGE - 5 * 4096, 0, 5 * 4096);
    assert_success(plan_run(plan)); /* it is looked for again, in the same session */
    assert_int_equal(watched.count, 1);
}

TEST_LOADERS(rate_that_the_caller_keeps_or_has_set_stays)
{
    start(plan, loader, NULL);
    plan->options.keep_rate = true;
    assert_success(plan_run(plan));
    assert_int_equal(watched.highest_baud, 115200);
    plan->options.keep_rate = false;
    memset(esp_sim_flash(plan->bench.sim) + LARGE_OFFSET, 0, LARGE);
    assert_success(esp_loader_change_transmission_rate(&plan->bench.loader, 460800));
    assert_success(plan_run(plan));
    assert_int_equal(watched.highest_baud, 460800);
    assert_int_equal(esp_loader_get_rate(&plan->bench.loader), 460800);
    assert_int_equal(watched.count, 0);
}

TEST_LOADERS(rate_that_the_caller_has_raised_is_lowered_and_not_set_back)
{
    start(plan, loader, NULL);
    assert_success(esp_loader_raise_rate(&plan->bench.loader, &watched.options, NULL));
    watched.faults = "cable above 921600: flip 1 in 200";
    watched.faults_at = LARGE / 2;
    assert_success(plan_run(plan));
    assert_all_verified(plan);
    assert_int_equal(watched.highest_baud, 2000000);
    assert_int_equal(esp_loader_get_rate(&plan->bench.loader), 921600);
}

/* Nor is it lowered where the caller keeps it, however bad the cable is. */
TEST_LOADERS(rate_that_the_caller_keeps_is_not_lowered)
{
    start(plan, loader, NULL);
    assert_success(esp_loader_raise_rate(&plan->bench.loader, &watched.options, NULL));
    plan->options.keep_rate = true;
    watched.count = 0;
    watched.faults = "cable above 921600 out: flip 1 in 4000";
    watched.faults_at = LARGE / 2;
    assert_success(plan_run(plan));
    assert_all_verified(plan);
    assert_int_equal(watched.count, 0);
    assert_int_equal(esp_loader_get_rate(&plan->bench.loader), 2000000);
}

/* There is no lower one than the first. */
TEST_LOADERS(bad_cable_at_the_first_rate_is_no_reason_to_look_for_another)
{
    start(plan, loader, NULL);
    watched.options.highest_baud = 115200;
    watched.faults = "cable above 9600 out: flip 1 in 4000";
    watched.faults_at = LARGE / 2;
    assert_success(plan_run(plan));
    assert_all_verified(plan);
    assert_int_equal(watched.count, 0);
    assert_int_equal(esp_loader_get_rate(&plan->bench.loader), 115200);
}

static uint32_t no_reset_max;

static uint32_t max_rate(esp_loader_port_t *port)
{
    (void)port;
    return no_reset_max;
}

/* Nobody asked for more than the default, and the target could not be reset: then somebody has to say that the port can
 * do it. */
TEST_LOADERS(port_without_reset_has_to_state_its_limit)
{
    static const uint32_t limits[] = {0, 1500000};
    for (size_t i = 0; i < 2; i++) {
        if (i == 0) {
            start(plan, loader, NULL);
        }
        plan->bench.port.base.ops.set_lines = NULL;
        plan->bench.port.base.ops.max_rate = max_rate;
        plan->options.rate = NULL;
        no_reset_max = limits[i];
        memset(esp_sim_flash(plan->bench.sim) + LARGE_OFFSET, 0, LARGE);
        assert_success(plan_run(plan));
        assert_int_equal(watched.highest_baud, i == 0 ? 115200 : 1500000);
    }
}

/* ---- trouble in the middle ---- */

static const char *const troubles[] = {
    "cable above 921600: flip 1 in 2000",      "cable above 921600: flip 1 in 100",
    "cable above 921600 out: lose 1 in 500",   "cable above 921600 in: flip 1 in 20",
    "cable above 921600 out: flip 1 in 20000", "cable above 921600: flip 1 in 5",
};

TEST_LOADERS_EACH(cable_that_becomes_bad_costs_rate_and_not_what_was_written, COUNT(troubles))
{
    print_message("%s, %s\n", loader == ROM ? "ROM" : "stub", troubles[i]);
    start(plan, loader, NULL);
    watched.faults = troubles[i];
    watched.faults_at = LARGE / 2;
    assert_success(plan_run(plan));
    assert_all_verified(plan);
    assert_int_equal(watched.highest_baud, 2000000);
    assert_in_range(plan->reports[EXTRA].bytes_sent, LARGE, LARGE + LARGE / 2);
    assert_int_equal(esp_loader_get_rate(&plan->bench.loader), 115200);
    assert_answers(&plan->bench);
}

/* Each block arrives the second time, so nothing fails; but that is slow. At 115200 baud: 20 s and more. */
TEST_LOADERS(rate_at_which_many_blocks_are_sent_again_is_left)
{
    start(plan, loader, "cable above 921600 out: flip 1 in 4000");
    uint64_t since_us = esp_sim_now_us(plan->bench.sim);
    assert_success(plan_run(plan));
    assert_all_verified(plan);
    assert_int_equal(watched.trials[watched.count - 1].rate_baud, 921600);
    assert_in_range(bench_elapsed_ms(&plan->bench, since_us), 0, 19000);
}

/* Nothing is heard any more at any rate but the first: the target is reset, the stub loaded again, and the plan goes
 * on. */
TEST_LOADERS(target_that_is_lost_in_the_middle_is_reset_and_the_plan_goes_on)
{
    start(plan, loader, NULL);
    watched.faults = "cable above 115200: flip 1 in 1";
    watched.faults_at = LARGE / 2;
    assert_success(plan_run(plan));
    assert_all_verified(plan);
    assert_in_range(plan->reports[EXTRA].bytes_sent, LARGE, LARGE + LARGE / 2);
    assert_int_equal(esp_loader_stub_is_running(&plan->bench.loader), loader == STUB);
    assert_answers(&plan->bench);
}

/* What went wrong first is what is reported. */
TEST_LOADERS(target_that_is_gone_is_reported_as_what_it_was)
{
    start(plan, loader, NULL);
    watched.faults = "from command 1: drop";
    watched.faults_at = LARGE / 2;
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->stage, ESP_LOADER_STAGE_VERIFY);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->image, EXTRA);
    assert_int_equal(plan->reports[EXTRA].result, ESP_LOADER_IMAGE_FAILED);
}

TEST_LOADERS(target_that_is_lost_while_a_rate_is_looked_for_is_an_error_and_nothing_was_erased)
{
    start(plan, loader, NULL);
    for (size_t i = 0; i < EXTRA; i++) {
        memcpy(esp_sim_flash(plan->bench.sim) + plan->images[i].offset, plan->blobs[i].bytes,
               plan->blobs[i].size);
    }
    memset(esp_sim_flash(plan->bench.sim) + LARGE_OFFSET, 0x5A, LARGE);
    bench_faults(&plan->bench, "at command 1 of 0x0F: stall");
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_RATE);
    assert_int_equal(plan->reports[EXTRA].result, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(plan->reports[EXTRA].sectors_erased, 0);
    assert_int_equal(esp_sim_flash(plan->bench.sim)[LARGE_OFFSET], 0x5A);
}

TEST_LOADERS(flash_that_does_not_hold_what_is_written_does_not_run_through_all_rates_for_ever)
{
    start(plan, loader, "flash stuck 0x100003 bit 3 at 1");
    esp_loader_error_t err = plan_run(plan);
    assert_int_not_equal(err, ESP_LOADER_SUCCESS);
    assert_int_equal(plan->reports[EXTRA].result, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(esp_loader_get_rate(&plan->bench.loader), 115200);
    assert_answers(&plan->bench);
}

/* Bad cables of all kinds from the start: either it says that it failed, or the flash holds everything. */
TEST_LOADERS_EACH(nothing_is_called_verified_that_is_not_there, 24)
{
    static const char *const ways[] = {"flip", "lose"};
    static const unsigned rates[] = {115200, 460800, 921600, 1500000};
    static const unsigned one_in[] = {50, 1000, 30000};
    char script[80];
    snprintf(script, sizeof(script), "cable above %u: %s 1 in %u", rates[i % 4], ways[i / 4 % 2],
             one_in[i / 8]);
    print_message("%s, %s\n", loader == ROM ? "ROM" : "stub", script);
    start(plan, loader, script);
    assert_success(plan_run(plan));
    assert_all_verified(plan);
}

#endif
