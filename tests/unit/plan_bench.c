/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Setting up a plan and recording what it reports.
 */
#include "plan_bench.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

const entry_t bench_entries[2] = {
    {1, 0x02, 0x9000, 0x6000, "nvs"},
    {0, 0x00, 0x10000, 0x10000, "factory"},
};

const esp_loader_flash_params_t bench_new_params = {.mode_code = 0, .freq_code = 0, .size_code = 0};

bench_t bench;

static void on_event(void *ctx, const esp_loader_plan_event_t *event)
{
    assert_ptr_equal(ctx, &bench);
    assert_true(bench.event_count < MAX_EVENTS);
    bench.events[bench.event_count++] = *event;
}

static bool is_cancelled(void *ctx)
{
    assert_ptr_equal(ctx, &bench);
    return ++bench.questions == bench.cancel_at;
}

void bench_set_buffer(size_t size)
{
    free(bench.buffer);
    bench.buffer = malloc(size);
    assert_non_null(bench.buffer);
    bench.options.buffer = bench.buffer;
    bench.options.buffer_size = size;
}

void bench_begin(void)
{
    for (size_t i = 0; i < bench.count; i++) {
        free_blob(&bench.blobs[i]);
    }
    free(bench.buffer);
    memset(&bench, 0, sizeof(bench));
    fake_begin(&bench.fake);
    bench.options =
        (esp_loader_plan_options_t){.on_event = on_event, .is_cancelled = is_cancelled, .ctx = &bench};
    bench_set_buffer(1024);
}

esp_loader_image_t *bench_add(uint32_t offset, blob_t blob)
{
    assert_true(bench.count < MAX_IMAGES);
    bench.blobs[bench.count] = blob;
    bench.images[bench.count].offset = offset;
    bench.images[bench.count].source = source_of(&bench.blobs[bench.count]);
    return &bench.images[bench.count++];
}

/* Bootloader, table and an app of five 1 KiB blocks. */
void bench_begin_usual(void)
{
    bench_begin();
    bench_add(0x0, make_image_of_size(1600));
    bench_add(0x8000, make_table(bench_entries, 2));
    bench_add(0x10000, make_image_of_size(4608));
}

esp_loader_error_t bench_run(void)
{
    memset(bench.reports, 0x55, sizeof(bench.reports));
    bench.event_count = 0;
    bench.questions = 0;
    return esp_loader_plan_run(&bench.fake.loader, bench.images, bench.count, &bench.options, bench.reports);
}

void assert_runs(void)
{
    assert_int_equal(bench_run(), ESP_LOADER_SUCCESS);
}

void assert_in_flash(size_t image)
{
    assert_memory_equal(bench.fake.flash + bench.images[image].offset, bench.blobs[image].bytes,
                        bench.blobs[image].size);
}

void assert_done(esp_loader_image_result_t result)
{
    for (size_t i = 0; i < bench.count; i++) {
        assert_int_equal(bench.reports[i].result, result);
        assert_int_equal(bench.reports[i].error, ESP_LOADER_SUCCESS);
        assert_int_equal(bench.reports[i].bytes, bench.images[i].source.size);
    }
}

void assert_untouched(void)
{
    assert_int_equal(bench.fake.starts, 0);
    for (size_t i = 0; i < FAKE_FLASH_SIZE; i++) {
        assert_int_equal(bench.fake.flash[i], 0xFF);
    }
    for (size_t i = 0; i < bench.count; i++) {
        assert_int_equal(bench.reports[i].bytes, bench.images[i].source.size);
        assert_int_equal(bench.reports[i].bytes_sent, 0);
        assert_int_equal(bench.reports[i].sectors_erased, 0);
    }
}

void assert_refused(esp_loader_error_t error, int image, uint32_t value)
{
    assert_refused_for(error, error, image, value);
}

void assert_refused_if(bool is_refused, esp_loader_error_t error, int image, uint32_t value)
{
    if (is_refused) {
        assert_refused(error, image, value);
    } else {
        assert_runs();
    }
}

void assert_refused_for(esp_loader_error_t error, esp_loader_error_t cause, int image, uint32_t value)
{
    const esp_loader_error_detail_t *detail = &bench.fake.loader._detail;

    assert_int_equal(bench_run(), error);
    assert_untouched();
    assert_int_equal(detail->error, error);
    assert_int_equal(detail->cause, cause);
    assert_int_equal(detail->image, image);
    assert_int_equal(detail->value, value);
    assert_int_equal(bench.event_count, 0);
    for (size_t i = 0; i < bench.count; i++) {
        bool is_it = (int)i == image;
        assert_int_equal(bench.reports[i].result,
                         is_it ? ESP_LOADER_IMAGE_FAILED : ESP_LOADER_IMAGE_NOT_STARTED);
        assert_int_equal(bench.reports[i].error, is_it ? cause : ESP_LOADER_SUCCESS);
    }
    if (image >= 0) {
        assert_int_equal(detail->stage, ESP_LOADER_STAGE_CHECK);
        assert_int_equal(detail->address, bench.images[image].offset);
    }
}
