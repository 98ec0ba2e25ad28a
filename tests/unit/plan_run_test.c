/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Running a plan on a stand-in for the session layer: every check against the target refuses before the first
 * erase, every way an image can end, and what is reported. The same on a simulated chip: tests/sim_plan.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "builders.h"
#include "esp_loader_plan.h"
#include "fake_session.h"

#define MAX_IMAGES 4
#define MAX_EVENTS 64

static const esp_loader_flash_params_t new_params = {.mode_code = 0, .freq_code = 0, .size_code = 4};
static const esp_loader_flash_params_t keep_params = {ESP_LOADER_FLASH_KEEP, ESP_LOADER_FLASH_KEEP,
                                                      ESP_LOADER_FLASH_KEEP};

static const entry_t entries[] = {
    {1, 0x02, 0x9000, 0x6000, "nvs"},
    {0, 0x00, 0x10000, 0x10000, "factory"},
};

/* A target, a plan for it and what was reported. */
typedef struct {
    fake_t fake;
    blob_t blobs[MAX_IMAGES];
    esp_loader_image_t images[MAX_IMAGES];
    size_t count;
    uint8_t *buffer;
    esp_loader_plan_options_t options;
    esp_loader_image_report_t reports[MAX_IMAGES];
    esp_loader_plan_event_t events[MAX_EVENTS];
    size_t event_count;
    unsigned cancel_at; /* number of the question that is answered with yes, from 1; 0 = never */
    unsigned questions;
} bench_t;

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

static bench_t *begin(void)
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

static esp_loader_image_t *add(bench_t *bench, uint32_t offset, blob_t blob)
{
    assert_true(bench->count < MAX_IMAGES);
    bench->blobs[bench->count] = blob;
    bench->images[bench->count].offset = offset;
    bench->images[bench->count].source = source_of(&bench->blobs[bench->count]);
    return &bench->images[bench->count++];
}

/* Bootloader, table and an app of five 1 KiB blocks. */
static bench_t *begin_usual(void)
{
    bench_t *bench = begin();

    add(bench, 0x0, make_image_of_size(1600));
    add(bench, 0x8000, make_table(entries, 2));
    add(bench, 0x10000, make_image_of_size(4608));
    return bench;
}

static void end(bench_t *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        free_blob(&bench->blobs[i]);
    }
    free(bench->buffer);
    free(bench);
}

static esp_loader_error_t run(bench_t *bench)
{
    memset(bench->reports, 0x55, sizeof(bench->reports));
    bench->event_count = 0;
    bench->questions = 0;
    return esp_loader_plan_run(&bench->fake.loader, bench->images, bench->count, &bench->options,
                               bench->reports);
}

static void assert_in_flash(const bench_t *bench, size_t image)
{
    assert_memory_equal(bench->fake.flash + bench->images[image].offset, bench->blobs[image].bytes,
                        bench->blobs[image].size);
}

static void assert_untouched(const bench_t *bench)
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

/* Runs a plan that must be refused because of @p image (-1 = none in particular) before anything is erased.
 */
static void assert_refused(bench_t *bench, esp_loader_error_t error, esp_loader_error_t cause, int image,
                           uint32_t value)
{
    const esp_loader_error_detail_t *detail = &bench->fake.loader._detail;

    assert_int_equal(run(bench), error);
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
    end(bench);
}

static void assert_done(const bench_t *bench, esp_loader_image_result_t result)
{
    for (size_t i = 0; i < bench->count; i++) {
        assert_int_equal(bench->reports[i].result, result);
        assert_int_equal(bench->reports[i].error, ESP_LOADER_SUCCESS);
        assert_int_equal(bench->reports[i].bytes, bench->images[i].source.size);
    }
}

/* ---- going well ---- */

static void three_images_are_written_and_verified(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_done(bench, ESP_LOADER_IMAGE_VERIFIED);
    for (size_t i = 0; i < 3; i++) {
        assert_in_flash(bench, i);
        assert_int_equal(bench->reports[i].bytes_sent, bench->images[i].source.size);
    }
    assert_int_equal(bench->reports[0].sectors_erased, 1);
    assert_int_equal(bench->reports[2].sectors_erased, 2);
    assert_int_equal(bench->reports[0].time_ms, 100 + 2 * 10);
    assert_int_equal(bench->reports[2].time_ms, 100 + 5 * 10);
    assert_int_equal(bench->fake.last_block_size, 1024);
    end(bench);
}

static void events_tell_every_step_and_block(void **state)
{
    static const struct {
        esp_loader_plan_step_t step;
        uint32_t done;
    } expected[] = {
        {ESP_LOADER_PLAN_COMPARE, 0},  {ESP_LOADER_PLAN_ERASE, 0},    {ESP_LOADER_PLAN_WRITE, 0},
        {ESP_LOADER_PLAN_WRITE, 1024}, {ESP_LOADER_PLAN_WRITE, 1600}, {ESP_LOADER_PLAN_VERIFY, 1600},
        {ESP_LOADER_PLAN_DONE, 1600},
    };
    bench_t *bench = begin();

    (void)state;
    add(bench, 0x0, make_image_of_size(1600));
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_int_equal(bench->event_count, sizeof(expected) / sizeof(expected[0]));
    for (size_t i = 0; i < bench->event_count; i++) {
        assert_int_equal(bench->events[i].step, expected[i].step);
        assert_int_equal(bench->events[i].done, expected[i].done);
        assert_int_equal(bench->events[i].total, 1600);
        assert_int_equal(bench->events[i].image_index, 0);
        assert_ptr_equal(bench->events[i].image, &bench->images[0]);
    }
    end(bench);
}

static void images_that_are_there_are_not_written_again(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_done(bench, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(bench->fake.starts, 3);
    assert_int_equal(bench->reports[2].bytes_sent, 0);
    assert_int_equal(bench->reports[2].sectors_erased, 0);
    assert_int_equal(bench->event_count, 2 * 3); /* COMPARE and DONE */
    end(bench);
}

static void equal_images_are_written_when_asked_for(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->options.rewrite_equal = true;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_done(bench, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench->fake.starts, 6);
    assert_int_equal(bench->fake.md5s, 0);
    assert_int_equal(bench->events[0].step, ESP_LOADER_PLAN_ERASE);
    end(bench);
}

static void a_loader_without_md5_leaves_images_unverified(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->fake.has_md5 = false;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_done(bench, ESP_LOADER_IMAGE_UNVERIFIED);
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_done(bench, ESP_LOADER_IMAGE_UNVERIFIED);
    assert_int_equal(bench->fake.starts, 6);
    end(bench);
}

static void skipped_verification_is_reported_as_such(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->options.skip_verify = true;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_done(bench, ESP_LOADER_IMAGE_WRITTEN);
    for (size_t i = 0; i < bench->event_count; i++) {
        assert_int_not_equal(bench->events[i].step, ESP_LOADER_PLAN_VERIFY);
    }
    end(bench);
}

static void callbacks_and_reports_may_be_left_out(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->options.on_event = NULL;
    bench->options.is_cancelled = NULL;
    assert_int_equal(
        esp_loader_plan_run(&bench->fake.loader, bench->images, bench->count, &bench->options, NULL),
        ESP_LOADER_SUCCESS);
    assert_in_flash(bench, 2);
    /* and when the plan is refused, or fails */
    bench->blobs[2].bytes[60] ^= 1;
    assert_int_equal(
        esp_loader_plan_run(&bench->fake.loader, bench->images, bench->count, &bench->options, NULL),
        ESP_LOADER_ERROR_IMAGE_CHECKSUM);
    bench->blobs[2].bytes[60] ^= 1;
    bench->options.rewrite_equal = true;
    bench->fake.is_flash_bad = true;
    assert_int_equal(
        esp_loader_plan_run(&bench->fake.loader, bench->images, bench->count, &bench->options, NULL),
        ESP_LOADER_ERROR_INVALID_MD5);
    end(bench);
}

static void the_block_is_the_largest_power_of_two_that_buffer_and_loader_take(void **state)
{
    static const struct {
        size_t buffer;
        uint32_t loader, expected;
    } cases[] = {
        {256, 1024, 256},    {511, 1024, 256},      {512, 1024, 512},      {4096, 1024, 1024},
        {4095, 16384, 2048}, {16384, 16384, 16384}, {70000, 16384, 16384}, {70000, 65536, 16384},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bench_t *bench = begin_usual();
        free(bench->buffer);
        bench->buffer = malloc(cases[i].buffer);
        bench->options.buffer = bench->buffer;
        bench->options.buffer_size = cases[i].buffer;
        bench->fake.block_size = cases[i].loader;
        assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
        assert_int_equal(bench->fake.last_block_size, cases[i].expected);
        assert_in_flash(bench, 2);
        end(bench);
    }
}

/* ---- flash parameters ---- */

static void the_bootloader_header_is_patched_and_nothing_else(void **state)
{
    bench_t *bench = begin_usual();
    esp_loader_image_info_t info;

    (void)state;
    bench->options.flash_params = &new_params;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    const esp_loader_source_t flashed = {esp_loader_read_memory, bench->fake.flash, 1600};
    assert_int_equal(esp_loader_image_check(&flashed, &info), ESP_LOADER_SUCCESS);
    assert_int_equal(info.flash_mode, 0);
    assert_int_equal(info.flash_size_code, 4);
    assert_int_equal(info.flash_freq_code, 0);
    assert_memory_equal(bench->fake.flash + 4, bench->blobs[0].bytes + 4, 1600 - 32 - 4);
    assert_in_flash(bench, 1);
    assert_in_flash(bench, 2);
    /* and the patched image is what the flash is compared with */
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_done(bench, ESP_LOADER_IMAGE_EQUAL);
    end(bench);
}

static void the_bootloader_is_the_image_at_the_offset_of_the_chip(void **state)
{
    image_spec_t spec = plain_image;
    bench_t *bench = begin();

    (void)state;
    spec.chip_id = 18;
    bench->fake.loader._chip = ESP32P4_CHIP;
    bench->options.flash_params = &new_params;
    add(bench, 0x0, make_image(&spec));
    add(bench, 0x2000, make_image(&spec));
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_in_flash(bench, 0);
    assert_int_equal(bench->fake.flash[0x2002], 0);
    assert_int_equal(bench->fake.flash[0x2003], 0x40);
    end(bench);
}

static void a_raw_bootloader_is_not_patched(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->options.flash_params = &new_params;
    bench->images[0].is_raw = true;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_in_flash(bench, 0);
    end(bench);
}

/* ---- refused before anything is erased ---- */

static void a_plan_that_fails_its_own_checks_is_refused(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->blobs[2].bytes[60] ^= 1;
    assert_refused(bench, ESP_LOADER_ERROR_IMAGE_CHECKSUM, ESP_LOADER_ERROR_IMAGE_CHECKSUM, 2, 0);
    bench = begin_usual();
    bench->options.buffer_size = 100;
    assert_refused(bench, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_INVALID_PARAM, -1, 0);
}

static void a_session_that_is_not_connected_is_refused(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->fake.loader._is.connected = false;
    assert_refused(bench, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_NOT_CONNECTED, -1, 0);
}

static void a_target_that_cannot_be_asked_stops_the_plan(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->fake.attach_result = ESP_LOADER_ERROR_FLASH_ID;
    assert_refused(bench, ESP_LOADER_ERROR_FLASH_ID, ESP_LOADER_ERROR_FLASH_ID, -1, 0);
    bench = begin_usual();
    bench->fake.security_result = ESP_LOADER_ERROR_TIMEOUT;
    assert_refused(bench, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT, -1, 0);
    bench = begin_usual();
    bench->fake.revision_result = ESP_LOADER_ERROR_DISCONNECTED;
    assert_refused(bench, ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_DISCONNECTED, -1, 0);
}

static void an_image_larger_than_the_flash_is_refused(void **state)
{
    bench_t *bench = begin();

    (void)state;
    add(bench, 0x1000, make_blob(16, 0));
    add(bench, FAKE_FLASH_SIZE - 0x1000, make_blob(0x1001, 0));
    assert_refused(bench, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE, 1, 0x1001);
    bench = begin();
    add(bench, FAKE_FLASH_SIZE - 0x1000, make_blob(0x1000, 0));
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    end(bench);
}

static void an_image_for_another_chip_is_refused(void **state)
{
    image_spec_t spec = plain_image;
    bench_t *bench = begin();

    (void)state;
    spec.chip_id = 13;
    add(bench, 0x8000, make_table(entries, 2));
    add(bench, 0x10000, make_image(&spec));
    assert_refused(bench, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_ERROR_IMAGE_CHIP, 1, 13);
    bench = begin();
    add(bench, 0x10000, make_image(&spec))->is_raw = true;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    end(bench);
}

/* Source of the rule: esptool 5.3, image checks of write-flash. */
static void images_are_refused_by_the_revision_they_ask_for(void **state)
{
    static const struct {
        uint32_t revision;
        uint8_t legacy;
        uint16_t min, max;
        bool is_refused;
    } cases[] = {
        {102, 0, 0, 65535, false},   {102, 0, 102, 65535, false},
        {102, 0, 103, 65535, true},  {102, 0, 0, 102, false},
        {102, 0, 0, 101, true},      {102, 9, 100, 199, false}, /* full form counts */
        {102, 1, 0, 65535, false},   {102, 2, 0, 65535, true},  /* unlimited: the byte counts */
        {102, 1, 500, 0, false},     {102, 2, 0, 0, true},      /* no maximum: an old image */
        {102, 9, 102, 65535, false}, {65535, 0, 0, 65535, false},
        {0, 0, 0, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        image_spec_t spec = plain_image;
        bench_t *bench = begin();
        bench->fake.revision = cases[i].revision;
        spec.min_revision_legacy = cases[i].legacy;
        spec.min_revision = cases[i].min;
        spec.max_revision = cases[i].max;
        add(bench, 0x10000, make_image(&spec));
        if (cases[i].is_refused) {
            assert_refused(bench, ESP_LOADER_ERROR_IMAGE_REVISION, ESP_LOADER_ERROR_IMAGE_REVISION, 0,
                           cases[i].revision);
        } else {
            assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
            end(bench);
        }
    }
}

static void the_one_byte_revision_is_the_minor_number_where_the_chip_says_so(void **state)
{
    image_spec_t spec = plain_image;

    (void)state;
    spec.chip_id = 5;
    for (uint8_t legacy = 2; legacy <= 3; legacy++) {
        bench_t *bench = begin();
        bench->fake.loader._chip = ESP32C3_CHIP;
        bench->fake.revision = 2;
        spec.min_revision_legacy = legacy;
        add(bench, 0x10000, make_image(&spec));
        if (legacy > 2) {
            assert_refused(bench, ESP_LOADER_ERROR_IMAGE_REVISION, ESP_LOADER_ERROR_IMAGE_REVISION, 0, 2);
        } else {
            assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
            end(bench);
        }
    }
}

static void a_revision_that_cannot_be_read_is_not_checked(void **state)
{
    image_spec_t spec = plain_image;
    bench_t *bench = begin();

    (void)state;
    spec.min_revision = 900;
    bench->fake.revision_result = ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    bench->fake.security_result = ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    add(bench, 0x10000, make_image(&spec));
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    end(bench);
}

static void something_else_in_the_place_of_the_bootloader_is_refused(void **state)
{
    bench_t *bench = begin();

    (void)state;
    add(bench, 0x0, make_blob(100, 0x10));
    assert_refused(bench, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_ERROR_IMAGE_FORMAT, 0, 0);
    bench = begin();
    add(bench, 0x0, make_table(entries, 2));
    assert_refused(bench, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_ERROR_IMAGE_FORMAT, 0, 0);
    bench = begin();
    add(bench, 0x0, make_blob(100, 0x10))->is_raw = true;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    end(bench);
}

static void data_that_begins_like_an_image_is_written_as_data(void **state)
{
    bench_t *bench = begin();

    (void)state;
    add(bench, 0x30000, make_blob(100, 0xE9));
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_in_flash(bench, 0);
    end(bench);
}

static void a_table_with_a_partition_beyond_the_flash_is_refused(void **state)
{
    static const entry_t too_large[] = {{1, 2, 0x9000, 0x6000, "nvs"},
                                        {0, 0, 0x10000, FAKE_FLASH_SIZE - 0x10000 + 1, "factory"}};
    static const entry_t too_far[] = {{0, 0, FAKE_FLASH_SIZE + 0x10000, 0x1000, "factory"}};
    bench_t *bench = begin();

    (void)state;
    add(bench, 0x8000, make_table(too_large, 2));
    assert_refused(bench, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_ERROR_PARTITION, 0, 0x10000);
    bench = begin();
    add(bench, 0x8000, make_table(too_far, 1));
    assert_refused(bench, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_ERROR_PARTITION, 0,
                   FAKE_FLASH_SIZE + 0x10000);
}

static void plain_images_are_refused_where_the_flash_is_encrypted(void **state)
{
    bench_t *bench = begin();

    (void)state;
    bench->fake.security.flash_encryption_enabled = true;
    add(bench, 0x10000, make_blob(100, 0x10));
    assert_refused(bench, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_ERROR_SECURITY, 0, 0);
    bench = begin();
    bench->fake.security.flash_encryption_enabled = true;
    add(bench, 0x10000, make_blob(100, 0x10))->is_raw = true;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    end(bench);
}

static void a_bootloader_is_refused_where_secure_boot_is_on(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->fake.security.secure_boot_enabled = true;
    assert_refused(bench, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_ERROR_SECURITY, 0, 0);
    bench = begin();
    bench->fake.security.secure_boot_enabled = true;
    add(bench, 0x10000, make_image(&plain_image)); /* an app is checked by the chip, and can be replaced */
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    end(bench);
}

static void a_bootloader_is_not_patched_in_secure_download_mode(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->fake.loader._is.secure_download = true;
    bench->options.flash_params = &new_params;
    assert_refused(bench, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_ERROR_SECURITY, 0, 0);
    bench = begin_usual();
    bench->fake.loader._is.secure_download = true;
    bench->options.flash_params = &keep_params;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_in_flash(bench, 0);
    end(bench);
}

/* ---- failing on the way ---- */

static void assert_failed(bench_t *bench, esp_loader_error_t error, esp_loader_error_t cause, size_t image)
{
    assert_int_equal(bench->fake.loader._detail.error, error);
    assert_int_equal(bench->fake.loader._detail.cause, cause);
    assert_int_equal(bench->fake.loader._detail.image, image);
    for (size_t i = 0; i < bench->count; i++) {
        assert_int_equal(bench->reports[i].bytes, bench->images[i].source.size);
        assert_int_equal(bench->reports[i].result, i < image    ? ESP_LOADER_IMAGE_VERIFIED
                                                   : i == image ? ESP_LOADER_IMAGE_FAILED
                                                                : ESP_LOADER_IMAGE_NOT_STARTED);
    }
    assert_int_equal(bench->reports[image].error, cause);
    if (bench->event_count > 0) {
        assert_int_not_equal(bench->events[bench->event_count - 1].step, ESP_LOADER_PLAN_DONE);
    }
}

static void a_lost_or_refused_block_makes_the_image_begin_again_once(void **state)
{
    static const struct {
        esp_loader_error_t error, cause;
    } causes[] = {
        {ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT},
        {ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_CHECKSUM},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
        bench_t *bench = begin_usual();
        bench->fake.fail_write = 2 + 3 + 4; /* fourth of the app's five blocks */
        bench->fake.error = causes[i].error;
        bench->fake.cause = causes[i].cause;
        assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
        assert_done(bench, ESP_LOADER_IMAGE_VERIFIED);
        assert_in_flash(bench, 2);
        assert_int_equal(bench->fake.starts, 4);
        assert_int_equal(bench->reports[2].bytes_sent, 3 * 1024 + 4608);
        assert_int_equal(bench->reports[2].sectors_erased, 2 * 2);
        end(bench);
    }
}

static void an_image_is_not_begun_a_third_time(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->fake.fail_write = 2 + 3 + 1;
    bench->fake.fail_write_again = 2 + 3 + 3;
    bench->fake.error = bench->fake.cause = ESP_LOADER_ERROR_TIMEOUT;
    assert_int_equal(run(bench), ESP_LOADER_ERROR_TIMEOUT);
    assert_failed(bench, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT, 2);
    assert_int_equal(bench->fake.starts, 4);
    assert_int_equal(bench->reports[2].bytes_sent, 1024);
    assert_int_equal(bench->reports[2].time_ms, 2 * 100 + 3 * 10);
    end(bench);
}

static void other_failures_of_a_block_end_the_plan(void **state)
{
    static const struct {
        esp_loader_error_t error, cause;
    } causes[] = {
        {ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_DISCONNECTED},
        {ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_TARGET_STATUS},
        {ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_MALFORMED_REPLY},
        {ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_IO},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
        bench_t *bench = begin_usual();
        bench->fake.fail_write = 2 + 3 + 2;
        bench->fake.error = causes[i].error;
        bench->fake.cause = causes[i].cause;
        assert_int_equal(run(bench), causes[i].error);
        assert_failed(bench, causes[i].error, causes[i].cause, 2);
        assert_int_equal(bench->fake.starts, 3);
        assert_int_equal(bench->reports[2].bytes_sent, 1024);
        assert_int_equal(bench->reports[2].sectors_erased, 2);
        end(bench);
    }
}

static void a_failed_erase_ends_the_plan_and_counts_as_erased(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->fake.fail_start = 2;
    bench->fake.error = bench->fake.cause = ESP_LOADER_ERROR_TIMEOUT;
    assert_int_equal(run(bench), ESP_LOADER_ERROR_TIMEOUT);
    assert_failed(bench, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT, 1);
    assert_int_equal(bench->fake.starts, 2);
    assert_int_equal(bench->reports[1].sectors_erased, 1);
    end(bench);
}

static void a_failed_comparison_ends_the_plan_untouched(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->fake.fail_md5 = 1;
    bench->fake.error = bench->fake.cause = ESP_LOADER_ERROR_TIMEOUT;
    assert_int_equal(run(bench), ESP_LOADER_ERROR_TIMEOUT);
    assert_failed(bench, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT, 0);
    assert_int_equal(bench->fake.starts, 0);
    assert_int_equal(bench->reports[0].sectors_erased, 0);
    end(bench);
}

static void a_failed_verification_ends_the_plan(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->fake.is_flash_bad = true;
    assert_int_equal(run(bench), ESP_LOADER_ERROR_INVALID_MD5);
    assert_failed(bench, ESP_LOADER_ERROR_INVALID_MD5, ESP_LOADER_ERROR_INVALID_MD5, 0);
    assert_int_equal(bench->fake.starts, 1);
    end(bench);
    bench = begin_usual(); /* a timeout here is no lost block */
    bench->fake.fail_finish = 1;
    bench->fake.error = bench->fake.cause = ESP_LOADER_ERROR_TIMEOUT;
    assert_int_equal(run(bench), ESP_LOADER_ERROR_TIMEOUT);
    assert_failed(bench, ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT, 0);
    assert_int_equal(bench->fake.starts, 1);
    end(bench);
}

/* Fails the n-th read of one image for every n, until the run gets through. */
static void an_error_of_read_ends_the_plan_whichever_read_fails(void **state)
{
    (void)state;
    for (size_t image = 0; image < 3; image++) {
        esp_loader_error_t err;
        unsigned n = 0;
        do {
            bench_t *bench = begin_usual();
            bench->options.flash_params = &new_params;
            bench->blobs[image].fail_at = ++n;
            bench->blobs[image].result = ESP_LOADER_ERROR_IO;
            err = run(bench);
            if (err != ESP_LOADER_SUCCESS) {
                assert_int_equal(err, ESP_LOADER_ERROR_SOURCE);
                assert_int_equal(bench->fake.loader._detail.cause, ESP_LOADER_ERROR_SOURCE);
                assert_int_equal(bench->fake.loader._detail.value, ESP_LOADER_ERROR_IO);
                assert_true(bench->fake.starts <= image + 1);
            } else {
                assert_done(bench, ESP_LOADER_IMAGE_VERIFIED);
            }
            end(bench);
        } while (err != ESP_LOADER_SUCCESS);
        assert_true(n > 10);
    }
}

/* Cancels at every question, until there is none left to answer. */
static void a_plan_can_be_cancelled_before_every_block(void **state)
{
    esp_loader_error_t err;
    unsigned n = 0;

    (void)state;
    do {
        bench_t *bench = begin_usual();
        bench->cancel_at = ++n;
        err = run(bench);
        assert_int_equal(bench->questions, err == ESP_LOADER_SUCCESS ? n - 1 : n);
        if (err != ESP_LOADER_SUCCESS) {
            assert_int_equal(err, ESP_LOADER_ERROR_CANCELLED);
            size_t image = (size_t)bench->fake.loader._detail.image;
            assert_failed(bench, ESP_LOADER_ERROR_CANCELLED, ESP_LOADER_ERROR_CANCELLED, image);
            assert_true(bench->fake.starts == image + (bench->reports[image].sectors_erased > 0));
        }
        end(bench);
    } while (err != ESP_LOADER_SUCCESS);
    /* per image: before comparing, before erasing, and twice per block of 1 KiB */
    assert_int_equal(n - 1, 3 * 2 + 2 * (2 + 3 + 5));
}

static void after_a_lost_connection_only_what_is_missing_is_written(void **state)
{
    bench_t *bench = begin_usual();

    (void)state;
    bench->fake.fail_write = 2 + 3 + 2;
    bench->fake.error = bench->fake.cause = ESP_LOADER_ERROR_DISCONNECTED;
    assert_int_equal(run(bench), ESP_LOADER_ERROR_DISCONNECTED);
    unsigned writes = bench->fake.writes;
    assert_int_equal(run(bench), ESP_LOADER_SUCCESS);
    assert_int_equal(bench->reports[0].result, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(bench->reports[1].result, ESP_LOADER_IMAGE_EQUAL);
    assert_int_equal(bench->reports[2].result, ESP_LOADER_IMAGE_VERIFIED);
    assert_int_equal(bench->fake.writes - writes, 5);
    assert_in_flash(bench, 2);
    end(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_images_are_written_and_verified),
        cmocka_unit_test(events_tell_every_step_and_block),
        cmocka_unit_test(images_that_are_there_are_not_written_again),
        cmocka_unit_test(equal_images_are_written_when_asked_for),
        cmocka_unit_test(a_loader_without_md5_leaves_images_unverified),
        cmocka_unit_test(skipped_verification_is_reported_as_such),
        cmocka_unit_test(callbacks_and_reports_may_be_left_out),
        cmocka_unit_test(the_block_is_the_largest_power_of_two_that_buffer_and_loader_take),
        cmocka_unit_test(the_bootloader_header_is_patched_and_nothing_else),
        cmocka_unit_test(the_bootloader_is_the_image_at_the_offset_of_the_chip),
        cmocka_unit_test(a_raw_bootloader_is_not_patched),
        cmocka_unit_test(a_plan_that_fails_its_own_checks_is_refused),
        cmocka_unit_test(a_session_that_is_not_connected_is_refused),
        cmocka_unit_test(a_target_that_cannot_be_asked_stops_the_plan),
        cmocka_unit_test(an_image_larger_than_the_flash_is_refused),
        cmocka_unit_test(an_image_for_another_chip_is_refused),
        cmocka_unit_test(images_are_refused_by_the_revision_they_ask_for),
        cmocka_unit_test(the_one_byte_revision_is_the_minor_number_where_the_chip_says_so),
        cmocka_unit_test(a_revision_that_cannot_be_read_is_not_checked),
        cmocka_unit_test(something_else_in_the_place_of_the_bootloader_is_refused),
        cmocka_unit_test(data_that_begins_like_an_image_is_written_as_data),
        cmocka_unit_test(a_table_with_a_partition_beyond_the_flash_is_refused),
        cmocka_unit_test(plain_images_are_refused_where_the_flash_is_encrypted),
        cmocka_unit_test(a_bootloader_is_refused_where_secure_boot_is_on),
        cmocka_unit_test(a_bootloader_is_not_patched_in_secure_download_mode),
        cmocka_unit_test(a_lost_or_refused_block_makes_the_image_begin_again_once),
        cmocka_unit_test(an_image_is_not_begun_a_third_time),
        cmocka_unit_test(other_failures_of_a_block_end_the_plan),
        cmocka_unit_test(a_failed_erase_ends_the_plan_and_counts_as_erased),
        cmocka_unit_test(a_failed_comparison_ends_the_plan_untouched),
        cmocka_unit_test(a_failed_verification_ends_the_plan),
        cmocka_unit_test(an_error_of_read_ends_the_plan_whichever_read_fails),
        cmocka_unit_test(a_plan_can_be_cancelled_before_every_block),
        cmocka_unit_test(after_a_lost_connection_only_what_is_missing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
