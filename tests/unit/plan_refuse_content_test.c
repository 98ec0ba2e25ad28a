/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a plan refuses because of what its files contain, once it knows the target: its flash, its table, and
 * where it looks for a bootloader.
 */
#include <string.h>

#include "esp_loader_content.h"
#include "plan_bench.h"
#include "test.h"

/* The same target: its flash has less, or as much as the header states. */
TEST(a_header_that_states_more_than_the_flash_has_is_refused)
{
    static const esp_loader_flash_params_t larger = {ESP_LOADER_FLASH_KEEP, ESP_LOADER_FLASH_KEEP, 1};
    bench_begin();
    bench_add(0x0, make_image(&plain_image));
    bench.options.flash_params = &larger;
    assert_refused(ESP_LOADER_ERROR_IMAGE_SIZE, 0, 2 * FAKE_FLASH_SIZE);
    bench_begin();
    bench_add(0x0, make_image(&plain_image));
    bench.blobs[0].bytes[3] = 0x1F;
    bench.blobs[0].bytes[23] = 0; /* its digest does not fit any more */
    assert_refused(ESP_LOADER_ERROR_IMAGE_SIZE, 0, 2 * FAKE_FLASH_SIZE);
    bench_begin();
    fake_is(&bench.fake, ESP8266_CHIP); /* what starts there does not look */
    bench_add(0x0, make_esp8266_image(0x40100000, 100));
    assert_runs();
}

static blob_t make_elf(uint32_t size)
{
    blob_t blob = make_blob(size, 0);

    memcpy(blob.bytes, "\177ELF", 4);
    return blob;
}

static const entry_t two_partitions[] = {{1, 0x82, 0x10000, 0x2000, "fs"}, {0, 0, 0x20000, 0x2000, "app"}};

/* The target has it in its flash. */
static void give_table(void)
{
    blob_t table = make_table(two_partitions, 2);

    memcpy(bench.fake.flash + 0x8000, table.bytes, table.size);
    free_blob(&table);
}

/* Where the plan brings no table, the target's own says where apps begin. */
static const struct {
    bool has_table;
    esp_loader_error_t read_result;
    uint32_t offset;
    bool is_refused;
} places_of_apps[] = {
    {true, ESP_LOADER_SUCCESS, 0x20000, true},
    {true, ESP_LOADER_SUCCESS, 0x10000, false},
    {true, ESP_LOADER_SUCCESS, 0x30000, false},
    {false, ESP_LOADER_SUCCESS, 0x10000, true},
    {false, ESP_LOADER_SUCCESS, 0x20000, false},
    {true, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0x10000, true},
    {true, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0x20000, false},
};

TEST_ROWS(other_formats_are_refused_where_an_app_of_the_target_begins, places_of_apps)
{
    bench_begin();
    if (row->has_table) {
        give_table();
    }
    bench.fake.read_result = row->read_result;
    bench_add(row->offset, make_elf(100));
    if (row->is_refused) {
        const esp_loader_error_detail_t *detail = &bench.fake.loader._detail;
        assert_int_equal(bench_run(), ESP_LOADER_ERROR_IMAGE_FORMAT);
        assert_int_equal(detail->fault, ESP_LOADER_FAULT_FOREIGN);
        assert_int_equal(detail->value, ESP_LOADER_FORMAT_ELF);
        assert_int_equal(detail->stage, ESP_LOADER_STAGE_CHECK);
        assert_int_equal(bench.fake.starts, 0);
    } else {
        assert_runs();
        assert_in_flash(0);
    }
}

/* Its entries are believed up to the first that is none, the 96th at most. */
TEST(every_entry_of_the_targets_table_is_looked_at)
{
    for (unsigned app = 0; app <= 97; app++) {
        bench_begin();
        for (unsigned i = 0; i < 98; i++) {
            uint8_t *entry = bench.fake.flash + 0x8000 + 32 * i;
            put_u16(entry, 0x50AA);
            entry[2] = i == app ? 0 : 1;
            put_u32(entry + 4, 0x20000);
        }
        bench_add(0x20000, make_elf(100));
        assert_int_equal(bench_run(), app < 96 ? ESP_LOADER_ERROR_IMAGE_FORMAT : ESP_LOADER_SUCCESS);
    }
}

/* A bootloader does not belong where an app begins. */
TEST(a_bootloader_is_refused_where_an_app_of_the_target_begins)
{
    bench_begin();
    bench_add(0x10000, bootloader_for(TEST_CHIP_ID));
    assert_int_equal(bench_run(), ESP_LOADER_ERROR_IMAGE_PLACE);
    assert_int_equal(bench.fake.loader._detail.fault, ESP_LOADER_FAULT_PLACE_APP);
    assert_untouched();
}

/* Whichever read of a file it is that the check needs. */
TEST(an_error_of_read_while_a_file_is_checked_ends_the_plan)
{
    for (int form = 0; form < 3; form++) {
        esp_loader_error_t err;
        unsigned n = 0;
        do {
            bench_begin();
            if (form == 0) {
                bench_add(0x20000, make_elf(100));
            } else if (form == 1) {
                bench_add(0x7000, make_elf(0x1001)); /* refused for what it says it is */
            } else {
                bench_add(0x0, make_elf(0x1001));
            }
            bench.blobs[0].fail_at = ++n;
            bench.blobs[0].result = ESP_LOADER_ERROR_IO;
            err = bench_run();
            if (err == ESP_LOADER_ERROR_SOURCE) {
                assert_int_equal(bench.fake.loader._detail.value, ESP_LOADER_ERROR_IO);
                assert_int_equal(bench.reports[0].result, ESP_LOADER_IMAGE_FAILED);
            } else {
                assert_true(bench.blobs[0].reads < n);
                assert_int_equal(err, form == 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_IMAGE_FORMAT);
            }
        } while (err == ESP_LOADER_ERROR_SOURCE);
        assert_true(n > 3);
    }
}

TEST(a_failure_of_reading_the_targets_table_ends_the_plan)
{
    bench_begin();
    bench.fake.read_result = ESP_LOADER_ERROR_TIMEOUT;
    bench_add(0x20000, make_elf(100));
    assert_int_equal(bench_run(), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(bench.fake.starts, 0);
}

/* Where the plan brings no table, the target's own says where an image has to end. */
static const struct {
    uint32_t offset;
    uint32_t size;
    const char *label; /* of the partition that is too small, NULL = written */
    bool is_app;
} sizes_of_images[] = {
    {0x20000, 0x2010, "app", true}, {0x20000, 0x2000, NULL, true},  {0x10000, 0x2001, "fs", false},
    {0x10000, 0x2000, NULL, false}, {0x11000, 0x1001, "fs", false}, {0x11000, 0x1000, NULL, false},
    {0x21000, 0x1800, "app", true}, {0x22000, 0x2000, NULL, true},  {0xF000, 0x2000, NULL, false},
};

TEST_ROWS(an_image_larger_than_its_partition_in_the_targets_table_is_refused, sizes_of_images)
{
    bench_begin();
    const esp_loader_error_detail_t *detail = &bench.fake.loader._detail;
    const uint32_t size = row->size;

    give_table();
    bench_add(0x40000 + 0x10000, make_image(&plain_image));
    bench_add(row->offset, row->is_app ? make_image_of_size(size) : make_blob(size, 0x11));
    if (row->label != NULL) {
        assert_int_equal(bench_run(), ESP_LOADER_ERROR_PARTITION);
        assert_int_equal(detail->fault, ESP_LOADER_FAULT_IMAGE_LARGER);
        assert_int_equal(detail->value, size);
        assert_int_equal(detail->image, 1);
        assert_int_equal(detail->stage, ESP_LOADER_STAGE_CHECK);
        assert_string_equal(detail->partition, row->label);
        assert_int_equal(bench.reports[1].result, ESP_LOADER_IMAGE_FAILED);
        assert_int_equal(bench.fake.starts, 0);
    } else {
        assert_runs();
        assert_in_flash(1);
    }
    assert_int_equal(bench.fake.reads, size > 0x1000 ? 1 : 0);
}

/* Nor where no table is known. */
TEST(a_raw_image_may_stand_where_an_app_usually_does)
{
    bench_begin();
    bench_add(0x10000, make_elf(0x1001))->is_raw = true;
    assert_runs();
    assert_int_equal(bench.fake.reads, 0);
}

/* A raw image is not questioned; nor is the table that the plan writes over. */
TEST(an_image_is_not_held_against_a_table_that_does_not_count)
{
    for (int is_replaced = 0; is_replaced < 2; is_replaced++) {
        bench_begin();
        give_table();
        bench_add(0x10000, make_blob(0x2001, 0x11))->is_raw = is_replaced == 0;
        if (is_replaced != 0) {
            bench_add(0x8000, make_blob(0x1000, 0x12))->is_raw = true;
        }
        assert_runs();
        assert_int_equal(bench.fake.reads, 0);
    }
}

/* Nothing is asked where nothing could come of it. */
TEST(the_table_of_the_target_is_not_read_for_sound_images_and_data)
{
    bench_begin();
    bench_add(0x10000, make_image(&plain_image));
    bench_add(0x20000, make_blob(100, 0x11));
    bench_add(0x30000, make_elf(100))->is_raw = true;
    assert_runs();
    assert_int_equal(bench.fake.reads, 0);
}

TEST(other_formats_are_refused_in_the_places_of_bootloader_and_table)
{
    bench_begin();
    fake_is(&bench.fake, ESP32P4_CHIP); /* at 0x2000 */
    bench_add(0x0, make_elf(0x2001));
    assert_refused(ESP_LOADER_ERROR_IMAGE_FORMAT, 0, ESP_LOADER_FORMAT_ELF);
    bench_begin();
    fake_is(&bench.fake, ESP32P4_CHIP);
    bench_add(0x0, make_elf(0x2000));
    assert_runs();
    bench_begin();
    bench_add(0x7000, make_elf(0x1001));
    assert_refused(ESP_LOADER_ERROR_IMAGE_FORMAT, 0, ESP_LOADER_FORMAT_ELF);
}

/* The bootloader of a merged file is patched where it stands. */
TEST(a_merged_file_is_for_this_chip_and_patched_where_its_bootloader_stands)
{
    image_spec_t spec = plain_image;
    bench_begin();
    spec.chip_id = 18;
    for (int is_p4 = 0; is_p4 < 2; is_p4++) {
        blob_t file = make_blob(0x3000, 0xFF);
        blob_t image = make_image(&spec);
        memcpy(file.bytes + 0x2000, image.bytes, image.size);
        const uint32_t size = image.size;
        free_blob(&image);
        bench_add(0x0, file);
        bench.options.flash_params = &bench_new_params;
        if (is_p4 == 0) {
            assert_int_equal(bench_run(), ESP_LOADER_ERROR_IMAGE_CHIP);
            assert_untouched();
            assert_int_equal(bench.fake.loader._detail.value, 18);
            assert_int_equal(bench.fake.loader._detail.address, 0x2000);
            bench_begin();
            fake_is(&bench.fake, ESP32P4_CHIP);
            continue;
        }
        assert_runs();
        const esp_loader_source_t flashed = {esp_loader_read_memory, bench.fake.flash + 0x2000, size};
        esp_loader_image_info_t info;
        assert_int_equal(esp_loader_image_check(&flashed, &info), ESP_LOADER_SUCCESS);
        assert_int_equal(info.flash_mode, 0);
        assert_memory_equal(bench.fake.flash, bench.blobs[0].bytes, 0x2002);
    }
}
