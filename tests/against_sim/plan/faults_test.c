/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans on a link that fails: cut at every command, replies lost, blocks damaged, flash that does not hold.
 */

#include "plan.h"

#define APP_BLOCKS    10u
#define BLOCKS_BEFORE 6u /* of bootloader and table */

TEST(after_a_cut_anywhere_a_second_run_writes_only_what_is_missing)
{
    assert_true(plan_cut_everywhere(ROM, 4096) >= BLOCKS_BEFORE + APP_BLOCKS); /* every block at least */
}

/* The block whose reply is lost is in flash; what makes whole sectors with those before it is not sent again.
 */
TEST_PLAN_EACH(after_a_lost_reply_the_image_goes_on_at_the_last_verified_sector, APP_BLOCKS)
{
    const unsigned n = (unsigned)i + 1;

    plan->options.buffer_size = 1024; /* blocks of 1 KiB */
    plan_connect(plan);
    bench_faults_at(&plan->bench, "at reply %u of 0x03: drop", BLOCKS_BEFORE + n);
    assert_success(plan_run(plan));
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED);
    assert_flashed(plan, APP);
    uint32_t kept = n == APP_BLOCKS ? plan->blobs[APP].size : n / 4 * 4096;
    assert_int_equal(plan->reports[APP].bytes_sent, (n - 1) * 1024 + plan->blobs[APP].size - kept);
    assert_int_equal(plan->reports[APP].sectors_erased, 3 + (plan->blobs[APP].size - kept + 4095) / 4096);
    assert_boots(plan);
    plan->bench.expects_misuse = true;
}

TEST_PLAN(an_image_whose_replies_are_lost_again_and_again_fails)
{
    plan->options.buffer_size = 1024; /* blocks of 1 KiB */
    plan_connect(plan);
    bench_faults(&plan->bench, "from reply 9 of 0x03: drop"); /* third block of the app */
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_TIMEOUT);
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(plan->reports[APP].error, ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(plan->reports[APP].bytes_sent, 2 * 1024);
    assert_int_equal(plan->reports[APP].sectors_erased, 2 * 3);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->image, APP);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->stage, ESP_LOADER_STAGE_WRITE);
    plan->bench.expects_misuse = true;
}

/* A refused checksum is resent block by block; the image is begun again only when that does not help. */
TEST_PLAN(a_damaged_block_is_sent_again_by_itself)
{
    plan->options.buffer_size = 1024; /* blocks of 1 KiB */
    plan_connect(plan);
    bench_faults(&plan->bench, "at command 9 of 0x03: corrupt");
    assert_success(plan_run(plan));
    assert_flashed(plan, APP);
    assert_int_equal(plan->reports[APP].bytes_sent, plan->blobs[APP].size);
    assert_int_equal(plan->reports[APP].sectors_erased, 3);
    plan->bench.expects_misuse = true;
}

TEST_PLAN(a_block_that_is_damaged_every_time_ends_the_plan)
{
    plan->options.buffer_size = 1024; /* blocks of 1 KiB */
    plan_connect(plan);
    bench_faults(&plan->bench, "from command 9 of 0x03: corrupt");
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_CHECKSUM);
    assert_int_equal(plan->reports[APP].error, ESP_LOADER_ERROR_CHECKSUM);
    assert_int_equal(plan->reports[APP].sectors_erased, 2 * 3);
    plan->bench.expects_misuse = true;
}

/* Blank flash is not erased, and no block was acknowledged: that it is not as it was has to be said all the same. */
TEST_LOADERS(an_image_whose_first_block_is_lost_is_not_said_to_be_as_it_was)
{
    plan_connect(plan);
    bench_faults(&plan->bench, "at flash 1: disconnect 100ms");
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_DISCONNECTED);
    const esp_loader_image_report_t *report = &plan->reports[BOOTLOADER];
    assert_int_equal(report->result, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(
        bench_holds(&plan->bench, plan->images[BOOTLOADER].offset, plan->blobs[BOOTLOADER].size, 0xFF),
        loader == ROM); /* which erases first */
    assert_true(report->sectors_erased != 0 || report->bytes_sent != 0);
}

/* The ROM compares what it has programmed. */
TEST_PLAN(flash_that_does_not_hold_what_was_sent_is_found_while_writing)
{
    plan->options.buffer_size = 1024; /* blocks of 1 KiB */
    plan_connect(plan);
    bench_faults(&plan->bench, "flash stuck 0x10000 bit 1 at 1"); /* the byte should become 0xE9 */
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(plan->reports[APP].error, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(plan->reports[APP].sectors_erased, 3);
    assert_int_equal(plan->reports[APP].bytes_sent, 0);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->address, 0x10000);
}

TEST_PLAN(a_digest_that_does_not_fit_fails_the_image)
{
    plan->options.buffer_size = 1024; /* blocks of 1 KiB */
    plan_connect(plan);
    bench_faults(&plan->bench, "from command 4 of 0x13: wrong md5"); /* two per image: compare and verify */
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_INVALID_MD5);
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_FAILED, ESP_LOADER_IMAGE_NOT_STARTED);
    assert_int_equal(plan->reports[TABLE].error, ESP_LOADER_ERROR_INVALID_MD5);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->stage, ESP_LOADER_STAGE_VERIFY);
}

TEST_PLAN(a_refused_erase_ends_the_plan)
{
    plan->options.buffer_size = 1024; /* blocks of 1 KiB */
    plan_connect(plan);
    bench_faults(&plan->bench, "at command 2 of 0x02: error 0x08");
    assert_int_equal(plan_run(plan), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(&plan->bench), ESP_LOADER_ERROR_TARGET_STATUS);
    assert_results(plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_FAILED, ESP_LOADER_IMAGE_NOT_STARTED);
    assert_int_equal(esp_loader_error_detail(&plan->bench.loader)->target_reason, 0x08);
}
