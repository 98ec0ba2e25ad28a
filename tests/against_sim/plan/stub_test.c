/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans through the flasher stub, which acknowledges a block before it has written it: what is in flash
 * afterwards, and that a failure stays with the image it belongs to.
 */
#include <stdio.h>
#include <string.h>

#include "plan.h"
#include "test.h"

#ifdef ESP_LOADER_SMALL

TEST(a_small_library_has_no_stub)
{
    plan_t plan;

    plan_begin(&plan);
    bench_open(&plan.bench);
    assert_int_equal(esp_loader_connect_with_stub(&plan.bench.loader, NULL),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    plan_end(&plan);
}

#else

static void begin(plan_t *plan)
{
    plan_begin(plan);
    plan->bench.config.accepts_any_stub = true;
    plan->options.buffer_size = 1024; /* several blocks per image */
}

static void connect_with_stub(plan_t *plan)
{
    bench_open(&plan->bench);
    assert_int_equal(esp_loader_connect_with_stub(&plan->bench.loader, NULL), ESP_LOADER_SUCCESS);
}

TEST(every_chip_is_flashed_through_its_stub_and_boots)
{
    static const struct {
        const char *name;
        uint16_t image_id;
        uint32_t bootloader_offset;
    } chips[] = {
        {"esp32", 0, 0x1000}, {"esp32s2", 2, 0x1000}, {"esp32s3", 9, 0x0},
        {"esp32c2", 12, 0x0}, {"esp32c3", 5, 0x0},    {"esp32c5", 23, 0x2000},
        {"esp32c6", 13, 0x0}, {"esp32c61", 20, 0x0},  {"esp32h2", 16, 0x0},
    };
    static const esp_loader_image_result_t written = ESP_LOADER_IMAGE_VERIFIED;

    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        plan_t plan;

        plan_begin_for(&plan, chips[i].name, chips[i].image_id, chips[i].bootloader_offset);
        plan.bench.config.accepts_any_stub = true;
        plan.bench.config.wiring = ESP_SIM_WIRING_BRIDGE;
        connect_with_stub(&plan);
        memset(esp_sim_flash(plan.bench.sim), 0, 0x40000); /* used flash */
        assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
        assert_int_equal(esp_sim_state(plan.bench.sim), ESP_SIM_STATE_DOWNLOAD_STUB);
        assert_results(&plan, written, written, written);
        for (size_t image = 0; image < plan.count; image++) {
            assert_flashed(&plan, image);
        }
        assert_boots(&plan);
        plan_end(&plan);
    }
}

TEST(a_plan_that_is_done_is_done_for_the_other_loader_too)
{
    static const esp_loader_image_result_t equal = ESP_LOADER_IMAGE_EQUAL;

    for (int stub_first = 0; stub_first < 2; stub_first++) {
        plan_t plan;

        begin(&plan);
        bench_open(&plan.bench);
        esp_loader_t *loader = &plan.bench.loader;
        assert_int_equal(stub_first != 0 ? esp_loader_connect_with_stub(loader, NULL)
                                         : esp_loader_connect(loader, NULL),
                         ESP_LOADER_SUCCESS);
        assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
        assert_int_equal(stub_first != 0 ? esp_loader_connect(loader, NULL)
                                         : esp_loader_connect_with_stub(loader, NULL),
                         ESP_LOADER_SUCCESS);
        esp_sim_stats_t before = *esp_sim_stats(plan.bench.sim);
        assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
        assert_results(&plan, equal, equal, equal);
        assert_int_equal(esp_sim_stats(plan.bench.sim)->bytes_programmed, before.bytes_programmed);
        plan_end(&plan);
    }
}

TEST(after_a_cut_anywhere_a_second_run_writes_only_what_is_missing)
{
    esp_loader_error_t err;
    unsigned n = 0;

    do {
        plan_t plan;
        char script[60];

        begin(&plan);
        connect_with_stub(&plan);
        snprintf(script, sizeof(script), "at command %u: disconnect 100ms", ++n);
        bench_faults(&plan.bench, script);
        err = plan_run(&plan);
        if (err != ESP_LOADER_SUCCESS) {
            esp_loader_image_report_t first[MAX_IMAGES];

            assert_int_equal(err, ESP_LOADER_ERROR_DISCONNECTED);
            memcpy(first, plan.reports, sizeof(first));
            plan.bench.port.open_wait_ms = 10000;
            assert_int_equal(esp_loader_init_serial(&plan.bench.loader, &plan.bench.port.port),
                             ESP_LOADER_SUCCESS);
            assert_int_equal(esp_loader_connect_with_stub(&plan.bench.loader, NULL), ESP_LOADER_SUCCESS);
            assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
            for (size_t i = 0; i < plan.count; i++) {
                assert_flashed(&plan, i);
                if (first[i].result == ESP_LOADER_IMAGE_VERIFIED) {
                    assert_int_equal(plan.reports[i].result, ESP_LOADER_IMAGE_EQUAL);
                }
            }
        }
        assert_boots(&plan);
        plan_end_ignoring_misuse(&plan);
    } while (err != ESP_LOADER_SUCCESS);
    assert_true(n > 20);
}

/* The reply that brings the failure is that of a later command, perhaps of the next image. */
TEST(a_write_that_failed_is_the_failure_of_its_image)
{
    unsigned n = 0;
    esp_loader_error_t err;

    do {
        plan_t plan;
        char script[60];

        begin(&plan);
        plan.options.skip_verify = true;
        connect_with_stub(&plan);
        snprintf(script, sizeof(script), "at command %u of 0x03: error 0xC4", ++n);
        bench_faults(&plan.bench, script);
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
