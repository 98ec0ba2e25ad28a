/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans through the flasher stub, which acknowledges a block before it has written it: what is in flash
 * afterwards, and that a failure stays with the image it belongs to.
 */

#include "plan.h"

#ifdef ESP_LOADER_SMALL

TEST_PLAN(a_small_library_has_no_stub)
{
    bench_open(&plan->bench);
    assert_int_equal(esp_loader_connect_with_stub(&plan->bench.loader, NULL),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

#else

TEST_PLAN_EACH(a_plan_that_is_done_is_done_for_the_other_loader_too, 2u)
{
    plan->options.buffer_size = 1024; /* several blocks per image */
    plan->bench.target_loader = i == 0 ? ROM : STUB;
    plan_connect(plan);
    assert_success(plan_run(plan));
    plan->bench.target_loader = i == 0 ? STUB : ROM;
    assert_success(bench_try_connect(&plan->bench));
    esp_sim_stats_t before = *esp_sim_stats(plan->bench.sim);
    assert_success(plan_run(plan));
    assert_results(plan, ESP_LOADER_IMAGE_EQUAL, ESP_LOADER_IMAGE_EQUAL, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->bytes_programmed, before.bytes_programmed);
}

TEST(after_a_cut_anywhere_a_second_run_writes_only_what_is_missing)
{
    assert_true(plan_cut_everywhere(STUB, 1024) >= 20);
}

/* The reply that brings the failure is that of a later command, perhaps of the next image. */
TEST(a_write_that_failed_is_the_failure_of_its_image)
{
    unsigned n = 0;
    esp_loader_error_t err;

    do {
        plan_t plan;

        plan_begin(&plan);
        plan.bench.target_loader = STUB;
        plan.options.buffer_size = 1024; /* several blocks per image */
        plan.options.skip_verify = true;
        plan_connect(&plan);
        bench_faults_at(&plan.bench, "at command %u of 0x03: error 0xC4", ++n);
        err = plan_run(&plan);
        if (err != ESP_LOADER_SUCCESS) {
            const esp_loader_error_detail_t *detail = esp_loader_error_detail(&plan.bench.loader);

            assert_int_equal(err, ESP_LOADER_ERROR_INVALID_RESPONSE);
            assert_int_equal(detail->cause, ESP_LOADER_ERROR_TARGET_STATUS);
            assert_int_equal(detail->stage, ESP_LOADER_STAGE_WRITE);
            assert_int_equal(detail->target_status, 0xC4);
            assert_in_range(detail->image, 0, plan.count - 1);
            const esp_loader_image_t *image = &plan.images[detail->image];
            assert_in_range(detail->address, image->offset, image->offset + image->source.size);
            assert_int_equal(plan.reports[detail->image].result, ESP_LOADER_IMAGE_FAILED);
        }
        plan_end(&plan);
    } while (err != ESP_LOADER_SUCCESS);
    assert_true(n > 10);
}

#endif
