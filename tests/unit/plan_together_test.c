/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Images that follow each other in flash are flashed as one, and are reported each for itself. On a stand-in for
 * the loader; what it saves: bench/.
 */
#include <stdlib.h>
#include <string.h>

#include "plan_bench.h"
#include "test.h"

#define OFFSET 0x10000u
#define SECTOR 4096u

static void fill(uint8_t *data, size_t size, uint32_t seed)
{
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525u + 1013904223u;
        data[i] = (uint8_t)(seed >> 16);
    }
}

static void add(uint32_t offset, uint32_t size)
{
    bench_add(offset, make_blob(size, 0))->is_raw = true;
    fill(bench.blobs[bench.count - 1].bytes, size, offset);
}

/* Raw images of these sizes, each in the sector after the one before, and used flash. */
static void begin(const uint32_t *sizes, size_t count, bool is_stub)
{
    uint32_t offset = OFFSET;

    bench_begin();
    bench_set_buffer(is_stub ? 2 * SECTOR : 1024);
    bench.fake.loader._is.stub_running = is_stub;
    fill(bench.fake.flash, FAKE_FLASH_SIZE, 9);
    for (size_t i = 0; i < count; i++) {
        add(offset, sizes[i]);
        offset += (sizes[i] + SECTOR - 1) / SECTOR * SECTOR;
    }
}

static const uint32_t whole[] = {2 * SECTOR, SECTOR, 3 * SECTOR};
static const uint32_t cut[] = {SECTOR + 100, 1000, 2 * SECTOR + 4};

static void put(size_t image)
{
    memcpy(bench.fake.flash + bench.images[image].offset, bench.blobs[image].bytes, bench.blobs[image].size);
}

static void put_all(void)
{
    for (size_t i = 0; i < bench.count; i++) {
        put(i);
    }
}

static void assert_all_in_flash(void)
{
    for (size_t i = 0; i < bench.count; i++) {
        assert_in_flash(i);
    }
}

/* Erased flash after each image but the last, up to the next. */
static void assert_blank_between(void)
{
    for (size_t i = 0; i + 1 < bench.count; i++) {
        const uint32_t end = bench.images[i].offset + bench.blobs[i].size;
        for (uint32_t at = end; at < bench.images[i + 1].offset; at++) {
            assert_int_equal(bench.fake.flash[at], 0xFF);
        }
    }
}

static const struct {
    const uint32_t *sizes;
    bool is_stub;
} sets[] = {{whole, false}, {whole, true}, {cut, false}, {cut, true}};

TEST_ROWS(images_that_follow_each_other_are_erased_and_written_once, sets)
{
    begin(row->sizes, 3, row->is_stub);
    assert_runs();
    assert_int_equal(bench.fake.starts, 1);
    assert_done(ESP_LOADER_IMAGE_VERIFIED);
    assert_all_in_flash();
    assert_blank_between();
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(bench.reports[i].sectors_erased, (row->sizes[i] + SECTOR - 1) / SECTOR);
        assert_true(bench.reports[i].bytes_sent >= row->sizes[i]);
    }
}

TEST_ROWS(what_is_there_is_asked_about_once, sets)
{
    begin(row->sizes, 3, row->is_stub);
    memset(bench.fake.flash, 0xFF, FAKE_FLASH_SIZE);
    put_all();
    assert_runs();
    assert_done(ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(bench.fake.starts, 0);
    assert_int_equal(bench.fake.md5s, row->sizes == whole ? 1 : 3); /* whether anything is between two */
    assert_int_equal(bench.event_count, 1 + 3);                     /* COMPARE and DONE */
}

TEST_ROWS(what_has_changed_is_written_and_is_reported_for_its_image, sets)
{
    for (size_t image = 0; image < 3; image++) {
        begin(row->sizes, 3, row->is_stub);
        memset(bench.fake.flash, 0xFF, FAKE_FLASH_SIZE);
        put_all();
        bench.fake.flash[bench.images[image].offset] ^= 1;
        assert_runs();
        assert_all_in_flash();
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(bench.reports[i].result,
                             i == image ? ESP_LOADER_IMAGE_VERIFIED : ESP_LOADER_IMAGE_EQUAL);
            assert_int_equal(bench.reports[i].sectors_erased, i == image);
        }
    }
}

/* Each image goes through its steps, and from its beginning to its end. */
TEST_ROWS(events_tell_of_each_image, sets)
{
    begin(row->sizes, 3, row->is_stub);
    assert_runs();
    for (size_t image = 0; image < 3; image++) {
        esp_loader_plan_step_t step = ESP_LOADER_PLAN_COMPARE;
        uint32_t done = 0;
        bool has_begun = false, is_verified = false;
        for (size_t i = 0; i < bench.event_count; i++) {
            const esp_loader_plan_event_t *event = &bench.events[i];
            if (event->image_index != image) {
                continue;
            }
            assert_ptr_equal(event->image, &bench.images[image]);
            assert_int_equal(event->total, row->sizes[image]);
            assert_true(event->step >= step && event->done >= (event->step == step ? done : 0));
            is_verified = is_verified || event->step == ESP_LOADER_PLAN_VERIFY;
            has_begun = has_begun || (event->step == ESP_LOADER_PLAN_WRITE && event->done == 0);
            assert_true(step != ESP_LOADER_PLAN_WRITE || event->step == step || done == event->total);
            step = event->step;
            done = event->done;
        }
        assert_true(has_begun && is_verified);
        assert_int_equal(step, ESP_LOADER_PLAN_DONE);
        assert_int_equal(done, row->sizes[image]);
    }
}

TEST(time_is_counted_once)
{
    uint32_t all_ms = 0;

    begin(whole, 3, false);
    const uint32_t began_ms = bench.fake.now_ms;
    assert_runs();
    for (size_t i = 0; i < 3; i++) {
        assert_true(bench.reports[i].time_ms > 0);
        all_ms += bench.reports[i].time_ms;
    }
    assert_int_equal(all_ms, bench.fake.now_ms - began_ms);
}

TEST(callbacks_and_reports_may_be_left_out)
{
    begin(cut, 3, true);
    bench.options.on_event = NULL;
    assert_int_equal(esp_loader_plan_run(&bench.fake.loader, bench.images, bench.count, &bench.options, NULL),
                     ESP_LOADER_SUCCESS);
    assert_all_in_flash();
}

/* ---- what stays apart ---- */

/* Content after an image that is there is nobody's to erase, whatever is flashed after it. */
TEST(content_after_an_unchanged_image_stays)
{
    begin(cut, 2, true);
    put(0);
    const uint32_t end = OFFSET + bench.blobs[0].size;
    const uint8_t before = bench.fake.flash[end];
    assert_int_not_equal(before, 0xFF);
    assert_runs();
    assert_int_equal(bench.reports[0].result, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(bench.reports[1].result, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.flash[end], before);
}

/* Nobody knows what would be lost. */
TEST(images_stay_apart_when_that_question_fails)
{
    for (unsigned question = 1; question <= 2; question++) {
        begin(cut, 2, true);
        put(0);
        bench.fake.error = ESP_LOADER_ERROR_TIMEOUT;
        bench.fake.cause = ESP_LOADER_ERROR_TIMEOUT;
        bench.fake.fail_md5 = question;
        assert_runs();
        assert_int_equal(bench.reports[0].result, ESP_LOADER_IMAGE_EQUAL);
        assert_in_flash(1);
    }
}

TEST(a_sector_between_two_images_stays)
{
    begin(whole, 1, true);
    add(OFFSET + 3 * SECTOR, SECTOR);
    const uint8_t before = bench.fake.flash[OFFSET + 2 * SECTOR];
    assert_runs();
    assert_int_equal(bench.fake.starts, 2);
    assert_int_equal(bench.fake.flash[OFFSET + 2 * SECTOR], before);
}

TEST(the_order_of_the_plan_stays)
{
    begin(whole, 1, true);
    add(OFFSET - SECTOR, SECTOR);
    assert_runs();
    assert_int_equal(bench.fake.starts, 2);
    assert_int_equal(bench.events[0].image_index, 0);
    assert_done(ESP_LOADER_IMAGE_VERIFIED);
}

/* What comes after an image is looked for beyond all that the plan brings, whichever order that has. */
TEST(an_erase_that_goes_beyond_images_in_any_order_is_noticed)
{
    static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < 6; i++) {
        unsigned starts = 1; /* in the run before */
        for (unsigned start = 0; start <= starts; start++) {
            begin(NULL, 0, true);
            for (size_t k = 0; k < 3; k++) {
                add(OFFSET + orders[i][k] * SECTOR, SECTOR);
            }
            bench.fake.hit_start = start;
            bench.fake.hit_at = OFFSET + 3 * SECTOR;
            if (start == 0) {
                assert_runs();
                assert_done(ESP_LOADER_IMAGE_VERIFIED);
                starts = bench.fake.starts;
            } else {
                assert_int_equal(bench_run(), ESP_LOADER_ERROR_INVALID_MD5);
                assert_int_equal(bench.fake.loader._detail.fault, ESP_LOADER_FAULT_ERASED_BEYOND);
                assert_int_equal(bench.fake.loader._detail.address, OFFSET + 3 * SECTOR);
            }
        }
    }
}

TEST(an_image_with_a_stream_of_its_own_stays_apart)
{
    for (size_t image = 0; image < 2; image++) {
        begin(whole, 2, true);
        bench.images[image].deflated = source_of(&bench.blobs[image]); /* not used over USB */
        assert_runs();
        assert_int_equal(bench.fake.starts, 2);
        assert_all_in_flash();
    }
}

/* ---- what goes wrong ---- */

static void assert_failed(esp_loader_error_t error, size_t image)
{
    assert_int_equal(bench_run(), error);
    assert_int_equal(bench.fake.loader._detail.image, image);
    assert_int_equal(bench.reports[image].result, ESP_LOADER_IMAGE_FAILED);
    assert_int_equal(bench.reports[image].error, bench.fake.loader._detail.cause);
    for (size_t i = 0; i < bench.count; i++) { /* nothing is said of what was not verified */
        assert_true(bench.reports[i].result == ESP_LOADER_IMAGE_FAILED ||
                    bench.reports[i].result == ESP_LOADER_IMAGE_NOT_STARTED);
    }
}

TEST_ROWS(flash_that_does_not_hold_an_image_fails_that_one, sets)
{
    for (size_t image = 0; image < 3; image++) {
        begin(row->sizes, 3, row->is_stub);
        memset(bench.fake.flash, 0xFF, FAKE_FLASH_SIZE);
        put_all();
        bench.fake.flash[bench.images[image].offset + 1] ^= 1;
        bench.fake.is_flash_bad = true;
        assert_failed(ESP_LOADER_ERROR_INVALID_MD5, image);
        assert_int_equal(bench.fake.loader._detail.address, bench.images[image].offset);
    }
}

/* Which of them it was cannot be told when the flash holds what was read last. */
TEST_ROWS(a_file_that_changes_meanwhile_is_said_to_have_changed, sets)
{
    for (size_t image = 0; image < 3; image++) {
        begin(row->sizes, 3, row->is_stub);
        bench.fake.spoiled_start = 1;
        bench.fake.spoiled = bench.blobs[image].bytes + 5;
        bench.options.rewrite_equal = true;
        assert_failed(ESP_LOADER_ERROR_SOURCE, 0);
    }
}

static void change_at_verification(void *ctx, const esp_loader_plan_event_t *event)
{
    if (event->step == ESP_LOADER_PLAN_VERIFY && event->image == ctx) {
        *bench.fake.spoiled ^= 2;
    }
}

/* It can when the file changes once more. */
TEST_ROWS(a_file_that_goes_on_changing_is_the_one_that_is_named, sets)
{
    for (size_t image = 0; image < 3; image++) {
        begin(row->sizes, 3, row->is_stub);
        bench.fake.spoiled_start = 1;
        bench.fake.spoiled = bench.blobs[image].bytes + 5;
        bench.options.rewrite_equal = true;
        bench.options.on_event = change_at_verification;
        bench.options.is_cancelled = NULL;
        bench.options.ctx = &bench.images[image];
        assert_failed(ESP_LOADER_ERROR_SOURCE, image);
    }
}

TEST_ROWS(a_file_that_cannot_be_read_is_the_one_that_is_named, sets)
{
    for (size_t image = 0; image < 3; image++) {
        for (unsigned read = 2; read < 5; read++) { /* after the checks */
            begin(row->sizes, 3, row->is_stub);
            bench.blobs[image].fail_at = read;
            bench.blobs[image].result = ESP_LOADER_ERROR_FAIL;
            esp_loader_error_t err = bench_run();
            if (err != ESP_LOADER_SUCCESS) {
                assert_int_equal(err, ESP_LOADER_ERROR_SOURCE);
                assert_int_equal(bench.fake.loader._detail.image, image);
                assert_int_equal(bench.reports[image].result, ESP_LOADER_IMAGE_FAILED);
            }
        }
    }
}

TEST_ROWS(a_lost_block_makes_them_begin_again_where_it_was, sets)
{
    for (unsigned write = 1; write < 7; write++) {
        begin(row->sizes, 3, row->is_stub);
        bench.fake.error = ESP_LOADER_ERROR_TIMEOUT;
        bench.fake.cause = ESP_LOADER_ERROR_TIMEOUT;
        bench.fake.fail_write = write;
        assert_runs();
        assert_done(ESP_LOADER_IMAGE_VERIFIED);
        assert_all_in_flash();
    }
}

TEST_ROWS(after_a_lost_connection_only_what_is_missing_is_written, sets)
{
    begin(row->sizes, 3, row->is_stub);
    bench.fake.error = ESP_LOADER_ERROR_DISCONNECTED;
    bench.fake.cause = ESP_LOADER_ERROR_DISCONNECTED;
    bench.fake.fail_write = row->is_stub ? 3 : 10;
    assert_int_equal(bench_run(), ESP_LOADER_ERROR_DISCONNECTED);
    bench.fake.fail_write = 0;
    assert_runs();
    assert_all_in_flash();
    assert_int_equal(bench.reports[0].result, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(bench.reports[2].result, ESP_LOADER_IMAGE_VERIFIED);
}

/* An erase that was damaged on the way hits another image: one of them, or one that was flashed before. */
TEST(an_image_that_an_erase_has_hit_is_written_again)
{
    begin(whole, 2, true);
    add(OFFSET + 0x10000, SECTOR);
    bench.fake.hit_start = 2;
    bench.fake.hit_at = OFFSET + 2 * SECTOR; /* of the second image */
    assert_runs();
    assert_all_in_flash();
    assert_done(ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench.fake.starts, 3);
}

/* ---- the bootloader among them ---- */

/* Whichever of them it is, its header is patched and nothing else. */
TEST(the_bootloader_is_patched_wherever_it_is)
{
    for (size_t before = 0; before < 2; before++) {
        image_spec_t spec = plain_image;
        spec.chip_id = 18;
        bench_begin();
        fake_is(&bench.fake, ESP32P4_CHIP);
        bench.options.flash_params = &bench_new_params;
        if (before != 0) {
            add(0x1000, SECTOR);
        }
        bench_add(0x2000, make_image(&spec));
        add(0x3000, SECTOR);
        assert_runs();
        assert_int_equal(bench.fake.starts, 1);
        assert_int_equal(bench.fake.flash[0x2002], 0);
        assert_int_equal(bench.fake.flash[0x2003], 0);
        assert_memory_equal(bench.fake.flash + 0x2004, bench.blobs[before].bytes + 4, 60);
        assert_in_flash(before + 1);
        assert_runs();
        assert_done(ESP_LOADER_IMAGE_EQUAL);
    }
}
