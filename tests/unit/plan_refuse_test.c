/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a plan refuses once it is connected: every check against the target comes before the first erase.
 */
#include <stdlib.h>

#include "plan_bench.h"
#include "test.h"

static const esp_loader_flash_params_t keep_params = {ESP_LOADER_FLASH_KEEP, ESP_LOADER_FLASH_KEEP,
                                                      ESP_LOADER_FLASH_KEEP};

TEST(a_plan_that_fails_its_own_checks_is_refused)
{
    bench_begin_usual();
    bench.blobs[2].bytes[60] ^= 1;
    assert_refused(ESP_LOADER_ERROR_IMAGE_CHECKSUM, 2, 0);
    bench_begin_usual();
    assert_int_equal(
        esp_loader_plan_run(&bench.fake.loader, NULL, bench.count, &bench.options, bench.reports),
        ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(bench.fake.loader._detail.image, -1);
    bench_begin_usual();
    bench.options.buffer_size = 100;
    assert_refused(ESP_LOADER_ERROR_INVALID_PARAM, -1, 0);
}

TEST(a_session_that_is_not_connected_is_refused)
{
    bench_begin_usual();
    bench.fake.loader._is.connected = false;
    assert_refused_for(ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_NOT_CONNECTED, -1, 0);
}

TEST(a_target_that_cannot_be_asked_stops_the_plan)
{
    esp_loader_error_t *const results[] = {&bench.fake.attach_result, &bench.fake.security_result,
                                           &bench.fake.revision_result};

    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        bench_begin_usual();
        *results[i] = ESP_LOADER_ERROR_TIMEOUT;
        assert_refused(ESP_LOADER_ERROR_TIMEOUT, -1, 0);
    }
}

TEST(an_image_larger_than_the_flash_is_refused)
{
    bench_begin();
    bench_add(0x1000, make_blob(16, 0));
    bench_add(FAKE_FLASH_SIZE - 0x1000, make_blob(0x1001, 0));
    assert_refused_for(ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE, 1, 0x1001);
    bench_begin();
    bench_add(FAKE_FLASH_SIZE - 0x1000, make_blob(0x1000, 0));
    assert_runs();
}

TEST(an_erase_that_cannot_be_kept_from_the_image_before_is_refused)
{
    bench_begin();
    fake_is(&bench.fake, ESP8266_CHIP); /* its ROM erases two sectors for one */
    bench_add(0x2000, make_blob(16, 0));
    bench_add(0x1000, make_blob(16, 0));
    assert_refused(ESP_LOADER_ERROR_OVERLAP, 1, 0x2000);
    bench_begin();
    fake_is(&bench.fake, ESP8266_CHIP);
    bench_add(0x8000, make_blob(16, 0));
    bench_add(0x2000, make_blob(16, 0));
    bench_add(0x1000, make_blob(16, 0));
    assert_refused(ESP_LOADER_ERROR_OVERLAP, 2, 0x2000);
    bench_begin();
    fake_is(&bench.fake, ESP8266_CHIP); /* its ROM erases two sectors for one */
    bench_add(FAKE_FLASH_SIZE - 0x1000, make_blob(16, 0));
    assert_refused_for(ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE, 0, 0x2000);
    bench_begin();
    fake_is(&bench.fake, ESP8266_CHIP); /* its ROM erases two sectors for one */
    bench_add(0x1000, make_blob(16, 0));
    bench_add(0x2000, make_blob(16, 0));
    bench_add(0x4000, make_blob(16, 0));
    assert_runs();
}

TEST(an_image_for_another_chip_is_refused)
{
    image_spec_t spec = plain_image;
    bench_begin();
    spec.chip_id = 13;
    bench_add(0x8000, make_table(bench_entries, 2));
    bench_add(0x10000, make_image(&spec));
    assert_refused(ESP_LOADER_ERROR_IMAGE_CHIP, 1, 13);
    bench_begin();
    bench_add(0x10000, make_image(&spec))->is_raw = true;
    assert_runs();
}

/* Source of the rule: esptool 5.3, image checks of write-flash. */
static const struct {
    uint32_t revision;
    uint8_t legacy;
    uint16_t min, max;
    bool is_refused;
} revisions[] = {
    {102, 0, 0, 65535, false},   {102, 0, 102, 65535, false},
    {102, 0, 103, 65535, true},  {102, 0, 0, 102, false},
    {102, 0, 0, 101, true},      {102, 9, 100, 199, false}, /* full form counts */
    {102, 1, 0, 65535, false},   {102, 2, 0, 65535, true},  /* unlimited: the byte counts */
    {102, 1, 500, 0, false},     {102, 2, 0, 0, true},      /* no maximum: an old image */
    {102, 9, 102, 65535, false}, {65535, 0, 0, 65535, false},
    {0, 0, 0, 0, false},
};

TEST_ROWS(images_are_refused_by_the_revision_they_ask_for, revisions)
{
    image_spec_t spec = plain_image;
    bench_begin();
    bench.fake.revision = row->revision;
    spec.min_revision_legacy = row->legacy;
    spec.min_revision = row->min;
    spec.max_revision = row->max;
    bench_add(0x10000, make_image(&spec));
    assert_refused_if(row->is_refused, ESP_LOADER_ERROR_IMAGE_REVISION, 0, row->revision);
}

TEST(the_one_byte_revision_is_the_minor_number_where_the_chip_says_so)
{
    image_spec_t spec = plain_image;

    spec.chip_id = 5;
    for (uint8_t legacy = 2; legacy <= 3; legacy++) {
        bench_begin();
        fake_is(&bench.fake, ESP32C3_CHIP);
        bench.fake.revision = 2;
        spec.min_revision_legacy = legacy;
        bench_add(0x10000, make_image(&spec));
        assert_refused_if(legacy > 2, ESP_LOADER_ERROR_IMAGE_REVISION, 0, 2);
    }
}

TEST(a_revision_that_cannot_be_read_is_not_checked)
{
    image_spec_t spec = plain_image;
    bench_begin();
    spec.min_revision = 900;
    bench.fake.revision_result = ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    bench_add(0x10000, make_image(&spec));
    assert_runs();
}

TEST(something_else_in_the_place_of_the_bootloader_is_refused)
{
    bench_begin();
    bench_add(0x0, make_blob(100, 0x10));
    assert_refused(ESP_LOADER_ERROR_IMAGE_FORMAT, 0, 0);
    bench_begin();
    bench_add(0x0, make_table(bench_entries, 2));
    assert_refused(ESP_LOADER_ERROR_IMAGE_FORMAT, 0, 0);
    bench_begin();
    bench_add(0x0, make_blob(100, 0x10))->is_raw = true;
    assert_runs();
}

TEST(data_that_begins_like_an_image_is_written_as_data)
{
    bench_begin();
    bench_add(0x30000, make_blob(100, 0xE9));
    assert_runs();
    assert_in_flash(0);
}

TEST(a_table_with_a_partition_beyond_the_flash_is_refused)
{
    static const entry_t too_large[] = {{1, 2, 0x9000, 0x6000, "nvs"},
                                        {0, 0, 0x10000, FAKE_FLASH_SIZE - 0x10000 + 1, "factory"}};
    static const entry_t too_far[] = {{0, 0, FAKE_FLASH_SIZE + 0x10000, 0x1000, "factory"}};
    bench_begin();
    bench_add(0x8000, make_table(too_large, 2));
    assert_refused(ESP_LOADER_ERROR_PARTITION, 0, 0x10000);
    bench_begin();
    bench_add(0x8000, make_table(too_far, 1));
    assert_refused(ESP_LOADER_ERROR_PARTITION, 0, FAKE_FLASH_SIZE + 0x10000);
}

TEST(plain_images_are_refused_where_the_flash_is_encrypted)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        bench_begin();
        bench.fake.security.flash_encryption_enabled = true;
        bench_add(0x10000, make_blob(100, 0x10))->is_raw = is_raw != 0;
        assert_refused_if(!is_raw, ESP_LOADER_ERROR_SECURITY, 0, 0);
    }
}

TEST(a_bootloader_is_refused_where_secure_boot_is_on)
{
    bench_begin_usual();
    bench.fake.security.secure_boot_enabled = true;
    assert_refused(ESP_LOADER_ERROR_SECURITY, 0, 0);
    bench_begin();
    bench.fake.security.secure_boot_enabled = true;
    bench_add(0x10000, make_image(&plain_image)); /* an app is checked by the chip, and can be replaced */
    assert_runs();
}

TEST(nothing_plain_is_written_to_a_guarded_area)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        bench_begin();
        bench.fake.guarded_end = 0x8000;
        bench_add(0x7000, make_blob(100, 0x10))->is_raw = is_raw != 0;
        bench_add(0x8000, make_blob(100, 0x10));
        assert_refused_if(!is_raw, ESP_LOADER_ERROR_SECURITY, 0, 0);
    }
}

TEST(a_bootloader_is_not_patched_in_secure_download_mode)
{
    for (int is_kept = 0; is_kept < 2; is_kept++) {
        bench_begin_usual();
        bench.fake.loader._is.secure_download = true;
        bench.options.flash_params = is_kept ? &keep_params : &bench_new_params;
        assert_refused_if(!is_kept, ESP_LOADER_ERROR_SECURITY, 0, 0);
    }
    assert_in_flash(0);
}
