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

static void on_event(void *ctx, const esp_loader_plan_event_t *event)
{
    bench_t *bench = ctx;

    assert_true(bench->event_count < MAX_EVENTS);
    bench->events[bench->event_count++] = *event;
}

static bool is_cancelled(void *ctx)
{
    bench_t *bench = ctx;

    return ++bench->questions == bench->cancel_at;
}

bench_t *bench_begin(void)
{
    bench_t *bench = calloc(1, sizeof(*bench));

    assert_non_null(bench);
    fake_begin(&bench->fake);
    bench->buffer = malloc(1024);
    assert_non_null(bench->buffer);
    bench->options = (esp_loader_plan_options_t){.buffer = bench->buffer,
                                                 .buffer_size = 1024,
                                                 .on_event = on_event,
                                                 .is_cancelled = is_cancelled,
                                                 .ctx = bench};
    return bench;
}

esp_loader_image_t *bench_add(bench_t *bench, uint32_t offset, blob_t blob)
{
    assert_true(bench->count < MAX_IMAGES);
    bench->blobs[bench->count] = blob;
    bench->images[bench->count].offset = offset;
    bench->images[bench->count].source = source_of(&bench->blobs[bench->count]);
    return &bench->images[bench->count++];
}

/* Bootloader, table and an app of five 1 KiB blocks. */
bench_t *bench_begin_usual(void)
{
    bench_t *bench = bench_begin();

    bench_add(bench, 0x0, make_image_of_size(1600));
    bench_add(bench, 0x8000, make_table(bench_entries, 2));
    bench_add(bench, 0x10000, make_image_of_size(4608));
    return bench;
}

void bench_end(bench_t *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        free_blob(&bench->blobs[i]);
    }
    free(bench->buffer);
    free(bench);
}

esp_loader_error_t bench_run(bench_t *bench)
{
    memset(bench->reports, 0x55, sizeof(bench->reports));
    bench->event_count = 0;
    bench->questions = 0;
    return esp_loader_plan_run(&bench->fake.loader, bench->images, bench->count, &bench->options,
                               bench->reports);
}

void assert_in_flash(const bench_t *bench, size_t image)
{
    assert_memory_equal(bench->fake.flash + bench->images[image].offset, bench->blobs[image].bytes,
                        bench->blobs[image].size);
}

void assert_done(const bench_t *bench, esp_loader_image_result_t result)
{
    for (size_t i = 0; i < bench->count; i++) {
        assert_int_equal(bench->reports[i].result, result);
        assert_int_equal(bench->reports[i].error, ESP_LOADER_SUCCESS);
        assert_int_equal(bench->reports[i].bytes, bench->images[i].source.size);
    }
}

void assert_untouched(const bench_t *bench)
{
    assert_int_equal(bench->fake.starts, 0);
    for (size_t i = 0; i < FAKE_FLASH_SIZE; i++) {
        assert_int_equal(bench->fake.flash[i], 0xFF);
    }
    for (size_t i = 0; i < bench->count; i++) {
        assert_int_equal(bench->reports[i].bytes, bench->images[i].source.size);
        assert_int_equal(bench->reports[i].bytes_sent, 0);
        assert_int_equal(bench->reports[i].sectors_erased, 0);
    }
}

/* Runs a plan that must be refused because of @p image, -1 = none, before anything is erased. */
void assert_refused(bench_t *bench, esp_loader_error_t error, esp_loader_error_t cause, int image,
                    uint32_t value)
{
    const esp_loader_error_detail_t *detail = &bench->fake.loader._detail;

    assert_int_equal(bench_run(bench), error);
    assert_untouched(bench);
    assert_int_equal(detail->error, error);
    assert_int_equal(detail->cause, cause);
    assert_int_equal(detail->image, image);
    assert_int_equal(detail->value, value);
    assert_int_equal(bench->event_count, 0);
    for (size_t i = 0; i < bench->count; i++) {
        bool is_it = (int)i == image;
        assert_int_equal(bench->reports[i].result,
                         is_it ? ESP_LOADER_IMAGE_FAILED : ESP_LOADER_IMAGE_NOT_STARTED);
        assert_int_equal(bench->reports[i].error, is_it ? cause : ESP_LOADER_SUCCESS);
    }
    if (image >= 0) {
        assert_int_equal(detail->stage, ESP_LOADER_STAGE_CHECK);
        assert_int_equal(detail->address, bench->images[image].offset);
    }
    bench_end(bench);
}
