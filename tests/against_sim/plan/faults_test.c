/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans on a link that fails: cut at every command, replies lost, blocks damaged, flash that does not hold.
 */
#include <stdio.h>
#include <string.h>

#include "plan.h"
#include "test.h"

#define APP_BLOCKS    10u
#define BLOCKS_BEFORE 6u /* of bootloader and table */

/* Pulls the plug at the n-th command of the plan, for every n until none is cut, and plugs in again. */
TEST(after_a_cut_anywhere_a_second_run_writes_only_what_is_missing)
{
    esp_loader_error_t err;
    unsigned n = 0;

    do {
        plan_t plan;
        char script[60];

        plan_begin(&plan);
        plan_connect(&plan);
        snprintf(script, sizeof(script), "at command %u: disconnect 100ms", ++n);
        bench_faults(&plan.bench, script);
        err = plan_run(&plan);
        if (err != ESP_LOADER_SUCCESS) {
            assert_int_equal(err, ESP_LOADER_ERROR_DISCONNECTED);
            esp_loader_image_report_t first[MAX_IMAGES];
            memcpy(first, plan.reports, sizeof(first));

            plan_reconnect(&plan);
            assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
            for (size_t i = 0; i < plan.count; i++) {
                assert_flashed(&plan, i);
                if (first[i].result == ESP_LOADER_IMAGE_VERIFIED) {
                    assert_int_equal(plan.reports[i].result, ESP_LOADER_IMAGE_EQUAL);
                    assert_int_equal(plan.reports[i].sectors_erased, 0);
                }
            }
        }
        assert_boots(&plan);
        plan_end_ignoring_misuse(&plan);
    } while (err != ESP_LOADER_SUCCESS);
    assert_true(n > BLOCKS_BEFORE + APP_BLOCKS); /* at least every block was cut once */
}

/* The block whose reply is lost is in flash; what makes whole sectors with those before it is not sent again.
 */
TEST(after_a_lost_reply_the_image_goes_on_at_the_last_verified_sector)
{
    for (unsigned n = 1; n <= APP_BLOCKS; n++) {
        plan_t plan;
        char script[60];

        plan_begin(&plan);
        plan_connect(&plan);
        snprintf(script, sizeof(script), "at reply %u of 0x03: drop", BLOCKS_BEFORE + n);
        bench_faults(&plan.bench, script);
        assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
        assert_results(&plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED,
                       ESP_LOADER_IMAGE_VERIFIED);
        assert_flashed(&plan, APP);
        uint32_t kept = n == APP_BLOCKS ? plan.blobs[APP].size : n / 4 * 4096;
        assert_int_equal(plan.reports[APP].bytes_sent, (n - 1) * 1024 + plan.blobs[APP].size - kept);
        assert_int_equal(plan.reports[APP].sectors_erased, 3 + (plan.blobs[APP].size - kept + 4095) / 4096);
        assert_boots(&plan);
        plan_end_ignoring_misuse(&plan);
    }
}

TEST(an_image_whose_replies_are_lost_again_and_again_fails)
{
    plan_t plan;

    plan_begin(&plan);
    plan_connect(&plan);
    bench_faults(&plan.bench, "from reply 9 of 0x03: drop"); /* third block of the app */
    assert_int_equal(plan_run(&plan), ESP_LOADER_ERROR_TIMEOUT);
    assert_results(&plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(plan.reports[APP].error, ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(plan.reports[APP].bytes_sent, 2 * 1024);
    assert_int_equal(plan.reports[APP].sectors_erased, 2 * 3);
    assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->image, APP);
    assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->stage, ESP_LOADER_STAGE_WRITE);
    plan_end_ignoring_misuse(&plan);
}

/* A refused checksum is resent block by block; the image is begun again only when that does not help. */
TEST(a_damaged_block_is_sent_again_by_itself)
{
    plan_t plan;

    plan_begin(&plan);
    plan_connect(&plan);
    bench_faults(&plan.bench, "at command 9 of 0x03: corrupt");
    assert_int_equal(plan_run(&plan), ESP_LOADER_SUCCESS);
    assert_flashed(&plan, APP);
    assert_int_equal(plan.reports[APP].bytes_sent, plan.blobs[APP].size);
    assert_int_equal(plan.reports[APP].sectors_erased, 3);
    plan_end_ignoring_misuse(&plan);
}

TEST(a_block_that_is_damaged_every_time_ends_the_plan)
{
    plan_t plan;

    plan_begin(&plan);
    plan_connect(&plan);
    bench_faults(&plan.bench, "from command 9 of 0x03: corrupt");
    assert_int_equal(plan_run(&plan), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(&plan.bench), ESP_LOADER_ERROR_CHECKSUM);
    assert_int_equal(plan.reports[APP].error, ESP_LOADER_ERROR_CHECKSUM);
    assert_int_equal(plan.reports[APP].sectors_erased, 2 * 3);
    plan_end_ignoring_misuse(&plan);
}

/* The ROM compares what it has programmed. */
TEST(flash_that_does_not_hold_what_was_sent_is_found_while_writing)
{
    plan_t plan;

    plan_begin(&plan);
    plan_connect(&plan);
    bench_faults(&plan.bench, "flash stuck 0x10000 bit 1 at 1"); /* the byte should become 0xE9 */
    assert_int_equal(plan_run(&plan), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_results(&plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(plan.reports[APP].error, ESP_LOADER_ERROR_TARGET_STATUS);
    assert_int_equal(plan.reports[APP].sectors_erased, 3);
    assert_int_equal(plan.reports[APP].bytes_sent, 0);
    assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->address, 0x10000);
    plan_end(&plan);
}

TEST(a_digest_that_does_not_fit_fails_the_image)
{
    plan_t plan;

    plan_begin(&plan);
    plan_connect(&plan);
    bench_faults(&plan.bench, "from command 4 of 0x13: wrong md5"); /* two per image: compare and verify */
    assert_int_equal(plan_run(&plan), ESP_LOADER_ERROR_INVALID_MD5);
    assert_results(&plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_FAILED, ESP_LOADER_IMAGE_NOT_STARTED);
    assert_int_equal(plan.reports[TABLE].error, ESP_LOADER_ERROR_INVALID_MD5);
    assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->stage, ESP_LOADER_STAGE_VERIFY);
    plan_end(&plan);
}

TEST(a_refused_erase_ends_the_plan)
{
    plan_t plan;

    plan_begin(&plan);
    plan_connect(&plan);
    bench_faults(&plan.bench, "at command 2 of 0x02: error 0x08");
    assert_int_equal(plan_run(&plan), ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_equal(bench_cause(&plan.bench), ESP_LOADER_ERROR_TARGET_STATUS);
    assert_results(&plan, ESP_LOADER_IMAGE_VERIFIED, ESP_LOADER_IMAGE_FAILED, ESP_LOADER_IMAGE_NOT_STARTED);
    assert_int_equal(esp_loader_error_detail(&plan.bench.loader)->target_reason, 0x08);
    plan_end(&plan);
}
