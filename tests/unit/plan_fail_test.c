/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Running a plan on a stand-in for the session layer: what goes wrong on the way, what a
 * plan makes of it, and how it ends when it cannot go on. The same on a simulated chip: tests/against_sim/plan.
 */
#include <stdlib.h>

#include "plan_bench.h"
#include "test.h"

static void assert_failed(esp_loader_error_t error, size_t image)
{
    assert_int_equal(bench.fake.loader._detail.error, error);
    assert_int_equal(bench.fake.loader._detail.cause, error);
    assert_int_equal(bench.fake.loader._detail.image, image);
    for (size_t i = 0; i < bench.count; i++) {
        assert_int_equal(bench.reports[i].bytes, bench.images[i].source.size);
        assert_int_equal(bench.reports[i].result, i < image    ? ESP_LOADER_IMAGE_VERIFIED
                                                  : i == image ? ESP_LOADER_IMAGE_FAILED
                                                               : ESP_LOADER_IMAGE_NOT_STARTED);
    }
    assert_int_equal(bench.reports[image].error, error);
    if (bench.event_count > 0) {
        assert_int_not_equal(bench.events[bench.event_count - 1].step, ESP_LOADER_PLAN_DONE);
    }
}

static void assert_fails(esp_loader_error_t error, size_t image)
{
    assert_int_equal(bench_run(), error);
    assert_failed(error, image);
}

/* Blocks in front of the app, which has five. */
enum { APP = 2 + 3 };

/* A plan whose block @p write fails, from 1; with 0 none does. */
static void begin_failing(unsigned write, esp_loader_error_t error, esp_loader_error_t cause)
{
    bench_begin_usual();
    bench.fake.fail_write = write;
    bench.fake.error = error;
    bench.fake.cause = cause;
}

static const struct {
    esp_loader_error_t error, cause;
} passing_failures[] = {
    {ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT},
    {ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_CHECKSUM},
    {ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_TARGET_STATUS},
    {ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_MALFORMED_REPLY},
    {ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
};

TEST_ROWS(a_lost_or_refused_block_makes_the_image_begin_again_once, passing_failures)
{
    begin_failing(APP + 4, row->error, row->cause);
    assert_runs();
    assert_done(ESP_LOADER_IMAGE_VERIFIED);
    assert_in_flash(2);
    assert_int_equal(bench.fake.starts, 4);
    assert_int_equal(bench.reports[2].bytes_sent, 3 * 1024 + 4608);
    assert_int_equal(bench.reports[2].sectors_erased, 2 * 2);
}

/* A ROM that refuses large blocks when it begins, or a block of them, or writes something else. */
TEST(after_trouble_with_large_blocks_a_rom_gets_small_ones)
{
    for (unsigned i = 0; i < 3; i++) {
        bench_begin_usual();
        bench_set_buffer(12288);
        bench.fake.error = ESP_LOADER_ERROR_INVALID_RESPONSE;
        bench.fake.cause = ESP_LOADER_ERROR_TARGET_STATUS;
        bench.fake.target_status = 1;
        bench.fake.target_reason = 0x05;
        bench.fake.fail_start = i == 0 ? 1 : 0;
        bench.fake.fail_write = i == 1 ? 1 : 0;
        bench.fake.hit_start = i == 2 ? 2 : 0;
        bench.fake.hit_at = 0x0; /* of the first image, which is verified already */
        assert_runs();
        assert_done(ESP_LOADER_IMAGE_VERIFIED);
        assert_in_flash(0);
        assert_in_flash(2);
        assert_int_equal(bench.fake.last_block_size, i == 2 ? 6144 : 1024);
    }
}

/* And not once more when that does not help. */
TEST(trouble_with_small_blocks_ends_the_plan)
{
    begin_failing(1, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT);
    bench_set_buffer(12288);
    bench.fake.fail_write_again = 2;
    assert_runs();
    assert_int_equal(bench.fake.last_block_size, 1024);
    bench.fake.is_flash_bad = true;
    bench.options.rewrite_equal = true;
    bench.fake.fail_write = bench.fake.fail_write_again = 0;
    bench.fake.starts = 0;
    assert_fails(ESP_LOADER_ERROR_INVALID_MD5, 0);
    assert_int_equal(bench.fake.starts, 3);
}

TEST(an_image_that_gets_no_nearer_is_not_begun_again)
{
    begin_failing(APP + 1, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT);
    bench.fake.fail_write_again = APP + 3;
    assert_fails(ESP_LOADER_ERROR_TIMEOUT, 2);
    assert_int_equal(bench.fake.starts, 4);
    assert_int_equal(bench.reports[2].bytes_sent, 1024);
    assert_int_equal(bench.reports[2].time_ms, 2 * 100 + 3 * 10);
}

static const esp_loader_error_t final_failures[] = {ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_IO};

TEST_ROWS(other_failures_of_a_block_end_the_plan, final_failures)
{
    begin_failing(APP + 2, *row, *row);
    assert_fails(*row, 2);
    assert_int_equal(bench.fake.starts, 3);
    assert_int_equal(bench.reports[2].bytes_sent, 1024);
    assert_int_equal(bench.reports[2].sectors_erased, 2);
}

/* What the flash itself cannot do will not go better again. ROM: write, read; stub: SPI operation, unlocking.
 */
static const struct {
    uint8_t status, reason;
    bool is_of_flash;
} statuses[] = {{1, 0x08, true},  {1, 0x09, true},  {0xC4, 0, true},  {0xC5, 0, true},
                {1, 0x07, false}, {1, 0x0A, false}, {0xC3, 0, false}, {0xC6, 0, false}};

TEST_ROWS(a_failure_of_the_flash_ends_the_plan, statuses)
{
    begin_failing(APP + 2, ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_TARGET_STATUS);
    bench.fake.target_status = row->status;
    bench.fake.target_reason = row->reason;
    assert_int_equal(bench_run(), row->is_of_flash ? ESP_LOADER_ERROR_INVALID_RESPONSE : ESP_LOADER_SUCCESS);
    assert_int_equal(bench.fake.starts, row->is_of_flash ? 3 : 4);
}

TEST(a_failed_erase_counts_as_erased)
{
    begin_failing(0, ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_DISCONNECTED);
    bench.fake.fail_start = 2;
    assert_fails(ESP_LOADER_ERROR_DISCONNECTED, 1);
    assert_int_equal(bench.fake.starts, 2);
    assert_int_equal(bench.reports[1].sectors_erased, 1);
}

TEST(a_failed_comparison_ends_the_plan_untouched)
{
    begin_failing(0, ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_DISCONNECTED);
    bench.fake.fail_md5 = 1;
    assert_fails(ESP_LOADER_ERROR_DISCONNECTED, 0);
    assert_int_equal(bench.fake.starts, 0);
    assert_int_equal(bench.reports[0].sectors_erased, 0);
}

TEST(a_digest_that_cannot_be_had_ends_the_plan_whichever_it_is)
{
    for (int is_stub = 0; is_stub < 2; is_stub++) {
        esp_loader_error_t err;
        unsigned n = 0;
        do {
            begin_failing(0, ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_DISCONNECTED);
            bench.fake.loader._is.stub_running = is_stub != 0;
            bench.fake.fail_md5 = ++n;
            err = bench_run();
            assert_int_equal(err != ESP_LOADER_SUCCESS, bench.fake.md5s >= n);
        } while (err == ESP_LOADER_ERROR_DISCONNECTED);
        assert_int_equal(err, ESP_LOADER_SUCCESS);
        assert_true(n > 6);
    }
}

/* Whichever command it is that fails once: erase, comparison or verification. */
TEST(a_command_that_fails_once_fails_no_image)
{
    for (unsigned n = 1; n <= 3 * 3 + 2; n++) { /* per image an erase and two MD5s, and two at the end */
        begin_failing(0, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT);
        bench.fake.fail_start = n <= 3 ? n : 0;
        bench.fake.fail_md5 = n > 3 ? n - 3 : 0;
        assert_runs();
        assert_done(ESP_LOADER_IMAGE_VERIFIED);
        for (size_t i = 0; i < bench.count; i++) {
            assert_in_flash(i);
        }
    }
}

TEST(a_flash_that_does_not_hold_the_image_ends_the_plan)
{
    bench_begin_usual();
    bench.fake.is_flash_bad = true;
    assert_fails(ESP_LOADER_ERROR_INVALID_MD5, 0);
    assert_int_equal(bench.fake.starts, 2); /* once more, and no nearer */
}

/* An erase that hits another image of the plan is found out at the end, whichever image it is. */
TEST(an_image_that_an_erase_has_hit_is_written_again)
{
    for (size_t hit = 0; hit < 3; hit++) {
        for (unsigned start = 1; start <= 3; start++) {
            bench_begin_usual();
            assert_int_equal(bench_run(), ESP_LOADER_SUCCESS); /* all are there: also what is EQUAL counts */
            bench.fake.flash[bench.images[start - 1].offset] ^= 1;
            bench.fake.hit_start = bench.fake.starts + 1;
            bench.fake.hit_at = bench.images[hit].offset;
            assert_runs();
            for (size_t i = 0; i < bench.count; i++) {
                assert_in_flash(i);
                assert_int_equal(bench.reports[i].result, i == start - 1 || i == hit
                                                              ? ESP_LOADER_IMAGE_VERIFIED
                                                              : ESP_LOADER_IMAGE_EQUAL);
            }
        }
    }
}

TEST(erases_that_hit_again_and_again_end_the_plan)
{
    bench_begin_usual();
    bench.fake.hits_always = true;
    bench.fake.hit_at = bench.images[0].offset;
    bench.fake.hit_at_else = bench.images[1].offset;
    assert_int_equal(bench_run(), ESP_LOADER_ERROR_INVALID_MD5);
    assert_int_equal(bench.reports[bench.fake.loader._detail.image].result, ESP_LOADER_IMAGE_FAILED);
}

/* What is read twice must be the same. */
TEST(an_image_that_changes_meanwhile_is_said_to_have_changed)
{
    bench_begin_usual();
    bench.fake.spoiled_start = 3;
    bench.fake.spoiled = &bench.blobs[2].bytes[bench.blobs[2].size - 1];
    bench.images[2].is_raw = true;
    assert_fails(ESP_LOADER_ERROR_SOURCE, 2);
    assert_int_equal(bench.fake.loader._detail.value, 0);
}

/* Verification fails, and the image is read once more to see which of the two has changed. */
TEST(an_image_that_cannot_be_read_again_is_said_to_be_so)
{
    esp_loader_error_t err;
    unsigned n = 0;

    do {
        bench_begin_usual();
        bench.fake.is_flash_bad = true;
        bench.blobs[0].fail_at = ++n;
        bench.blobs[0].result = ESP_LOADER_ERROR_IO;
        err = bench_run();
        assert_true(err == ESP_LOADER_ERROR_SOURCE || err == ESP_LOADER_ERROR_INVALID_MD5);
        assert_true(err == ESP_LOADER_ERROR_INVALID_MD5 || bench.blobs[0].reads == n);
    } while (err == ESP_LOADER_ERROR_SOURCE);
    assert_true(n > 10);
}

/* Fails the n-th read of one image for every n, until the run gets through. */
TEST(an_error_of_read_ends_the_plan_whichever_read_fails)
{
    for (size_t image = 0; image < 3; image++) {
        esp_loader_error_t err;
        unsigned n = 0;
        do {
            bench_begin_usual();
            bench.options.flash_params = &bench_new_params;
            bench.blobs[image].fail_at = ++n;
            bench.blobs[image].result = ESP_LOADER_ERROR_IO;
            err = bench_run();
            if (err != ESP_LOADER_SUCCESS) {
                assert_int_equal(err, ESP_LOADER_ERROR_SOURCE);
                assert_int_equal(bench.fake.loader._detail.cause, ESP_LOADER_ERROR_SOURCE);
                assert_int_equal(bench.fake.loader._detail.value, ESP_LOADER_ERROR_IO);
                assert_int_equal(bench.fake.loader._detail.image, image);
                assert_in_range(bench.fake.loader._detail.address, bench.images[image].offset,
                                bench.images[image].offset + bench.images[image].source.size - 1);
                assert_true(bench.fake.starts <= image + 1 ||
                            bench.fake.starts == bench.count); /* the last look */
            } else {
                assert_done(ESP_LOADER_IMAGE_VERIFIED);
                assert_true(bench.blobs[image].reads < n); /* none has failed */
            }
        } while (err != ESP_LOADER_SUCCESS);
        assert_true(n > 10);
    }
}

/* Cancels at every question, until there is none left to answer. */
TEST(a_plan_can_be_cancelled_before_every_block)
{
    esp_loader_error_t err;
    unsigned n = 0;

    do {
        bench_begin_usual();
        bench.cancel_at = ++n;
        err = bench_run();
        assert_int_equal(bench.questions, err == ESP_LOADER_SUCCESS ? n - 1 : n);
        if (err != ESP_LOADER_SUCCESS) {
            assert_int_equal(err, ESP_LOADER_ERROR_CANCELLED);
            size_t image = (size_t)bench.fake.loader._detail.image;
            assert_int_equal(bench.reports[image].result, ESP_LOADER_IMAGE_FAILED);
            if (bench.reports[bench.count - 1].result == ESP_LOADER_IMAGE_VERIFIED) { /* the last look */
                assert_int_equal(bench.fake.starts, bench.count);
                continue;
            }
            assert_failed(ESP_LOADER_ERROR_CANCELLED, image);
            if (bench.fake.loader._detail.stage == ESP_LOADER_STAGE_WRITE) {
                /* the block that was not sent */
                assert_int_equal(bench.fake.loader._detail.address,
                                 bench.images[image].offset + bench.reports[image].bytes_sent);
            }
            assert_true(bench.fake.starts == image + (bench.reports[image].sectors_erased > 0));
        }
    } while (err != ESP_LOADER_SUCCESS);
    /* per image: before comparing, before erasing, and three times per block of 1 KiB: when it is compared,
     * when the digest of all is made, and when it is sent. And once per block of all but the last at the
     * end. */
    assert_int_equal(n - 1, 3 * 2 + 3 * (2 + 3 + 5) + (2 + 3));
}

TEST(after_a_lost_connection_only_what_is_missing_is_written)
{
    begin_failing(APP + 2, ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(bench_run(), ESP_LOADER_ERROR_DISCONNECTED);
    unsigned writes = bench.fake.writes;
    assert_runs();
    assert_int_equal(bench.reports[0].result, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(bench.reports[1].result, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(bench.reports[2].result, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.writes - writes, 5);
    assert_in_flash(2);
}
