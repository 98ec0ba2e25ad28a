/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans that are refused on a simulated chip: whatever is wrong with whichever image, nothing has been erased
 * or written, also not for the images before it. And plans that are cancelled.
 */

#include "plan.h"

static void break_checksum(plan_t *plan)
{
    plan->blobs[APP].bytes[100] ^= 1;
}

static void cut_app(plan_t *plan)
{
    blob_t blob = make_image(&plain_image);

    resize_blob(&blob, blob.size - 1);
    plan_replace(plan, APP, blob);
}

static void put_data_in_app_partition(plan_t *plan)
{
    plan_replace(plan, APP, make_blob(5000, 0x42));
}

static void put_data_in_place_of_bootloader(plan_t *plan)
{
    plan_replace(plan, BOOTLOADER, make_blob(5000, 0x42));
}

static void take_app_of_another_chip(plan_t *plan)
{
    image_spec_t spec = plain_image;

    spec.chip_id = 13;
    plan_replace(plan, APP, make_image(&spec));
}

static void take_all_of_another_chip(plan_t *plan)
{
    take_app_of_another_chip(plan);
    put_u16(plan->blobs[BOOTLOADER].bytes + 12, 13);
    plan->blobs[BOOTLOADER].bytes[23] = 0; /* the digest has become wrong */
}

static void ask_for_newer_revision(plan_t *plan)
{
    image_spec_t spec = plain_image;

    spec.min_revision = 900;
    plan_replace(plan, APP, make_image(&spec));
}

static void ask_for_older_revision(plan_t *plan)
{
    image_spec_t spec = plain_image;

    spec.min_revision = 1;
    spec.max_revision = 1;
    plan_replace(plan, APP, make_image(&spec));
    plan->bench.config.chip_revision = 2;
}

static void shift_offset(plan_t *plan)
{
    plan->images[APP].offset += 4;
}

static void put_table_on_bootloader(plan_t *plan)
{
    plan->images[TABLE].offset = 0x0;
}

static void break_table(plan_t *plan)
{
    plan->blobs[TABLE].bytes[5] ^= 1;
}

static void grow_app_beyond_partition(plan_t *plan)
{
    image_spec_t spec = plain_image;

    spec.segment_size = 0x8000;
    plan_replace(plan, APP, make_image(&spec));
}

static void use_small_flash(plan_t *plan)
{
    plan->bench.config.flash_size = 1024 * 1024;
    plan_add(plan, 0xFF000, make_blob(0x1001, 0x42))->is_raw = true;
}

static void go_beyond_reach_of_rom(plan_t *plan)
{
    plan->bench.config.flash_size = 32u << 20;
    plan_add(plan, 16u << 20, make_blob(16, 0x42))->is_raw = true;
}

static void make_partition_larger_than_flash(plan_t *plan)
{
    static const entry_t entries[] = {{0, 0, 0x10000, 8u << 20, "factory"}};

    plan_replace(plan, TABLE, make_table(entries, 1));
}

static void fail_to_read(plan_t *plan)
{
    plan->blobs[APP].fail_at = 3;
    plan->blobs[APP].result = ESP_LOADER_ERROR_IO;
}

static const struct {
    void (*spoil)(plan_t *plan);
    esp_loader_error_t error;
    esp_loader_error_t cause;
    int image;
} spoiled_plans[] = {
    {break_checksum, ESP_LOADER_ERROR_IMAGE_CHECKSUM, ESP_LOADER_ERROR_IMAGE_CHECKSUM, APP},
    {cut_app, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_ERROR_IMAGE_FORMAT, APP},
    {put_data_in_app_partition, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_ERROR_IMAGE_FORMAT, APP},
    {put_data_in_place_of_bootloader, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_ERROR_IMAGE_FORMAT,
     BOOTLOADER},
    {take_app_of_another_chip, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_ERROR_IMAGE_CHIP, APP},
    {take_all_of_another_chip, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_ERROR_IMAGE_CHIP, BOOTLOADER},
    {ask_for_newer_revision, ESP_LOADER_ERROR_IMAGE_REVISION, ESP_LOADER_ERROR_IMAGE_REVISION, APP},
    {ask_for_older_revision, ESP_LOADER_ERROR_IMAGE_REVISION, ESP_LOADER_ERROR_IMAGE_REVISION, APP},
    {shift_offset, ESP_LOADER_ERROR_ALIGNMENT, ESP_LOADER_ERROR_ALIGNMENT, APP},
    {put_table_on_bootloader, ESP_LOADER_ERROR_OVERLAP, ESP_LOADER_ERROR_OVERLAP, TABLE},
    {break_table, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_ERROR_PARTITION, TABLE},
    {grow_app_beyond_partition, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_ERROR_PARTITION, APP},
    {make_partition_larger_than_flash, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_ERROR_PARTITION, TABLE},
    {use_small_flash, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE, EXTRA},
    {go_beyond_reach_of_rom, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE, EXTRA},
    {fail_to_read, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_ERROR_SOURCE, APP},
};

TEST_PLAN_EACH(nothing_is_erased_when_any_check_fails, COUNT(spoiled_plans))
{
    spoiled_plans[i].spoil(plan);
    plan_connect(plan);
    assert_int_equal(plan_run(plan), spoiled_plans[i].error);
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&plan->bench.loader);
    assert_int_equal(detail->error, spoiled_plans[i].error);
    assert_int_equal(detail->cause, spoiled_plans[i].cause);
    assert_int_equal(detail->stage, ESP_LOADER_STAGE_CHECK);
    assert_int_equal(detail->image, spoiled_plans[i].image);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->sectors_erased, 0);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->bytes_programmed, 0);
    for (size_t image = 0; image < plan->count; image++) {
        bool is_it = (int)image == spoiled_plans[i].image;
        assert_int_equal(plan->reports[image].result,
                         is_it ? ESP_LOADER_IMAGE_FAILED : ESP_LOADER_IMAGE_NOT_STARTED);
        assert_int_equal(plan->reports[image].error, is_it ? spoiled_plans[i].cause : ESP_LOADER_SUCCESS);
    }
}

TEST_PLAN(a_session_that_never_connected_is_refused)
{
    bench_open(&plan->bench);
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_NOT_CONNECTED);
    assert_int_equal(esp_sim_stats(plan->bench.sim)->commands, 0);
}

/* Cancels at every question; what was not begun is untouched, and running again completes the job. */
TEST(a_cancelled_plan_can_be_run_again)
{
    esp_loader_error_t err;
    unsigned n = 0;

    do {
        plan_t plan;
        plan_begin(&plan);
        plan.cancel_at = ++n;
        plan.options.buffer_size = 1024; /* several blocks per image */
        plan_connect(&plan);
        err = plan_run(&plan);
        if (err != ESP_LOADER_SUCCESS) {
            assert_int_equal(err, ESP_LOADER_ERROR_CANCELLED);
            size_t image = (size_t)esp_loader_error_detail(&plan.bench.loader)->image;
            assert_int_equal(plan.reports[image].result, ESP_LOADER_IMAGE_FAILED);
            assert_int_equal(plan.reports[image].error, ESP_LOADER_ERROR_CANCELLED);
            uint32_t sectors = 0;
            for (size_t i = 0; i < plan.count; i++) {
                sectors += plan.reports[i].sectors_erased;
            }
            assert_int_equal(sectors, esp_sim_stats(plan.bench.sim)->sectors_erased);
            plan.cancel_at = 0;
            assert_success(plan_run(&plan));
        }
        assert_boots(&plan);
        plan_end(&plan);
    } while (err != ESP_LOADER_SUCCESS);
    assert_true(n > 30);
}
