/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a plan's check says to the content of its files: each rule with something that it accepts and
 * something that it refuses, in files of their own and in merged ones.
 */
#include <string.h>

#include "check_bench.h"
#include "test.h"

static blob_t text(const char *text)
{
    blob_t blob = make_blob((uint32_t)strlen(text), 0);

    memcpy(blob.bytes, text, blob.size);
    return blob;
}

/* One of each format, long enough to cover whatever place. */
static blob_t foreign(const char *begin, size_t size, uint32_t whole)
{
    blob_t blob = make_blob(whole, 'x');

    memcpy(blob.bytes, begin, size);
    return blob;
}

static blob_t html(uint32_t size)
{
    return foreign("<!DOCTYPE html>\n", 16, size);
}

/* ---- merged files ---- */

TEST(merged_files_are_accepted_from_their_first_byte_on)
{
    static const struct {
        uint16_t chip_id;
        uint32_t bootloader_offset;
    } cases[] = {{TEST_CHIP_ID, 0x0}, {ESP32_ID, 0x1000}, {P4_ID, 0x2000}};
    plan_usual();
    assert_accepted();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        plan_merged(cases[i].chip_id, cases[i].bootloader_offset);
        assert_accepted();
    }
    plan_begin(); /* one that begins at the bootloader */
    blob_t file = make_merged(ESP32_ID, 0x1000);
    blob_t rest = make_blob(file.size - 0x1000, 0);
    memcpy(rest.bytes, file.bytes + 0x1000, rest.size);
    free_blob(&file);
    plan_add(0x1000, rest);
    assert_accepted();
}

TEST(each_part_of_a_merged_file_is_checked)
{
    plan_merged(ESP32_ID, 0x1000);
    plan.blobs[0].bytes[0x10040] ^= 1;
    assert_fault(ESP_LOADER_ERROR_IMAGE_CHECKSUM, ESP_LOADER_FAULT_NONE, 0, 0x10000, "");
    plan_merged(ESP32_ID, 0x1000);
    plan.blobs[0].bytes[0x1040] ^= 1;
    assert_fault(ESP_LOADER_ERROR_IMAGE_CHECKSUM, ESP_LOADER_FAULT_NONE, 0, 0x1000, "");
    plan_merged(ESP32_ID, 0x1000);
    plan.blobs[0].bytes[0x8041] ^= 1;
    assert_fault(ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_TABLE_END, 0, 0x8000, "");
    plan_merged(ESP32_ID, 0x1000);
    plan.images[0].source.size = 0x10080; /* cut in the app */
    assert_fault(ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_FAULT_NONE, 0, 0x10000, "");
    plan_merged(ESP32_ID, 0x1000);
    put_part(&plan.blobs[0], 0x10000, app_for(TEST_CHIP_ID));
    assert_fault(ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_FAULT_NONE, 0, 0x10000, "");
    plan_merged(ESP32_ID, 0x1000);
    memset(plan.blobs[0].bytes + 0x10000, 0x5A, 0x1000);
    assert_fault(ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_FAULT_NONE, 0, 0x10000, "");
    plan_merged(ESP32_ID, 0x1000);
    memset(plan.blobs[0].bytes + 0x10000, 0xFF, 0x1000); /* an app partition may be left empty */
    assert_accepted();
    plan_merged(ESP32_ID, 0x1000);
    plan.blobs[0].bytes[0x8041] ^= 1;
    plan.images[0].is_raw = true;
    assert_accepted();
}

TEST(an_app_in_a_merged_file_fits_its_partition)
{
    static const entry_t small[] = {{0, 0, 0x10000, 0x80, "factory"}};
    plan_merged(ESP32_ID, 0x1000);
    put_part(&plan.blobs[0], 0x8000, make_table(small, 1));
    assert_fault(ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_IMAGE_LARGER, 0, 0x10000, "factory");
}

/* ---- places ---- */

TEST(a_bootloader_stands_where_its_chip_looks_for_it)
{
    static const struct {
        uint16_t chip_id;
        uint32_t offset;
        bool is_right;
    } cases[] = {{ESP32_ID, 0x1000, true}, {ESP32_ID, 0x0, false}, {ESP32_ID, 0x2000, false},
                 {C3_ID, 0x0, true},       {C3_ID, 0x1000, false}, {C3_ID, 0x2000, false},
                 {P4_ID, 0x2000, true},    {P4_ID, 0x1000, false}, {P4_ID, 0x0, false},
                 {0x55, 0x1000, true} /* who knows */};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int has_description = 0; has_description < 2; has_description++) {
            plan_begin();
            plan_add(cases[i].offset, has_description != 0 ? bootloader_for(cases[i].chip_id)
                                                           : plain_image_for(cases[i].chip_id));
            assert_fault_if(!cases[i].is_right, ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_OFFSET,
                            0, cases[i].offset, "");
        }
    }
    plan_merged(C3_ID, 0x1000);
    assert_fault(ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_OFFSET, 0, 0x1000, "");
}

static const uint32_t esp8266_offsets[] = {0x0, 0x1000, 0x2000, 0x8000, 0x82000};

TEST_ROWS(the_esp8266_has_boot_loaders_with_places_of_their_own, esp8266_offsets)
{
    plan_begin();
    plan_add(*row, make_esp8266_image(0x40100000, 100));
    assert_accepted();
    plan_begin();
    plan_add(*row, make_blob(300, 0xE9)); /* data there, unless the target says otherwise */
    assert_accepted();
}

TEST(an_app_is_no_bootloader_and_a_bootloader_no_app)
{
    static const entry_t with_recovery[] = {{0, 0, 0x10000, 0x10000, "factory"},
                                            {2, 2, 0x20000, 0x8000, "recovery"}};
    plan_begin();
    plan_add(0x1000, app_for(ESP32_ID));
    assert_fault(ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_BOOTLOADER, 0, 0x1000, "");
    plan_usual();
    plan_add(0x20000, bootloader_for(TEST_CHIP_ID));
    assert_fault(ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_APP, 3, 0x20000, "ota_0");
    plan_usual();
    plan_add(0x20000, plain_image_for(TEST_CHIP_ID)); /* an app of which nothing is mapped */
    assert_accepted();
    plan_usual();
    plan_add(0x30000, bootloader_for(TEST_CHIP_ID)); /* as data */
    assert_accepted();
    plan_usual();
    free_blob(&plan.blobs[1]);
    plan.blobs[1] = make_table(with_recovery, 2);
    plan_add(0x20000, bootloader_for(TEST_CHIP_ID));
    assert_accepted();
}

TEST(what_covers_the_place_of_the_bootloader_has_one)
{
    plan_begin(); /* the app says which chip it is for */
    plan_add(0x0, make_blob(0x1800, 0xFF));
    plan_add(0x10000, app_for(ESP32_ID));
    assert_fault(ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_FAULT_NONE, 0, 0x1000, "");
    plan_begin();
    plan_add(0x0, make_blob(0x1000, 0xFF)); /* ends before it */
    plan_add(0x10000, app_for(ESP32_ID));
    assert_accepted();
    plan_begin();
    plan_add(0x0, html(0x1800));
    plan_add(0x10000, app_for(ESP32_ID));
    assert_fault(ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_FAULT_FOREIGN, 0, 0x0, "");
    plan_begin();
    plan_add(0x0, html(0x1000));
    plan_add(0x10000, app_for(ESP32_ID));
    assert_accepted();
}

TEST(nothing_else_stands_in_the_place_of_the_table)
{
    static const char csv[] = "# ESP-IDF Partition Table\nnvs,data,nvs,0x9000,24K,\n";
    for (int has_app = 0; has_app < 2; has_app++) {
        plan_begin();
        plan_add(0x8000, text(csv));
        plan_add(has_app != 0 ? 0x10000 : 0x1000,
                 has_app != 0 ? app_for(ESP32_ID) : bootloader_for(ESP32_ID));
        assert_fault(ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_FAULT_FOREIGN, 0, 0x8000, "");
        plan_begin();
        plan_add(0x8000, make_blob(0x1000, 0x12));
        plan_add(has_app != 0 ? 0x10000 : 0x1000,
                 has_app != 0 ? app_for(ESP32_ID) : bootloader_for(ESP32_ID));
        assert_fault(ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_TABLE, 0, 0x8000, "");
    }
    plan_begin();
    plan_add(0x8000, app_for(TEST_CHIP_ID));
    assert_fault(ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_TABLE, 0, 0x8000, "");
    plan_begin(); /* in whatever order */
    plan_add(0x10000, app_for(ESP32_ID));
    plan_add(0x8000, make_blob(0x1000, 0x12));
    assert_fault(ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_TABLE, 1, 0x8000, "");
    plan_begin(); /* alone, with nothing that looks for a table */
    plan_add(0x8000, make_blob(0x1000, 0x12));
    assert_accepted();
    plan_begin();
    plan_add(0x8000, make_blob(0x1000, 0x12));
    plan_add(0x10000, make_esp8266_image(0x40210010, 100)); /* a chip without one */
    assert_accepted();
    plan_usual(); /* a table elsewhere */
    plan.images[1].offset = 0xA000;
    static const entry_t moved[] = {{0, 0, 0x10000, 0x10000, "factory"}};
    free_blob(&plan.blobs[1]);
    plan.blobs[1] = make_table(moved, 1);
    plan_add(0x8000, make_blob(0x1000, 0x12));
    assert_accepted();
}

TEST(a_merged_file_with_an_app_has_a_table)
{
    plan_merged(ESP32_ID, 0x1000);
    memset(plan.blobs[0].bytes + 0x8000, 0xFF, 0x1000);
    assert_fault(ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_TABLE, 0, 0x8000, "");
    plan_merged(ESP32_ID, 0x1000);
    plan.blobs[0].bytes[0x8000] ^= 1;
    assert_fault(ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_TABLE, 0, 0x8000, "");
    plan_merged(ESP32_ID, 0x1000); /* without an app it may be another system's */
    memset(plan.blobs[0].bytes + 0x8000, 0x12, 0x1000);
    memset(plan.blobs[0].bytes + 0x10000, 0x12, 0x1000);
    assert_accepted();
    plan_begin(); /* a boot loader that reaches over it looks for none */
    image_spec_t spec = plain_image;
    spec.segment_size = 0x6000;
    plan_add(0x0, make_image(&spec));
    plan_add(0x20000, app_for(TEST_CHIP_ID));
    assert_accepted();
}

/* To the last byte, from wherever it begins; what its file has after it is not its own. */
TEST(a_boot_loader_that_reaches_over_the_place_of_the_table_looks_for_none)
{
    static const struct {
        uint16_t chip_id;
        uint32_t offset;
        uint32_t end; /* of the image in the flash */
    } cases[] = {{ESP32_ID, 0x1000, 0x8010},
                 {ESP32_ID, 0x1000, 0x9000},
                 {ESP32_ID, 0x1000, 0x8000},
                 {TEST_CHIP_ID, 0x0, 0x8010},
                 {TEST_CHIP_ID, 0x0, 0x8000}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        image_spec_t spec = plain_image;
        spec.chip_id = cases[i].chip_id;
        spec.has_digest = false;
        spec.segment_count = 1;
        spec.segment_size = cases[i].end - cases[i].offset - 24 - 8 - 16;
        plan_begin();
        blob_t file = make_image(&spec);
        assert_int_equal(file.size, cases[i].end - cases[i].offset);
        resize_blob(&file, 0x9000 - cases[i].offset);
        plan_add(cases[i].offset, file);
        plan_add(0x20000, app_for(cases[i].chip_id));
        assert_fault_if(cases[i].end <= 0x8000, ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_TABLE, 0,
                        0x8000, "");
    }
}

/* ---- other formats ---- */

static const struct {
    const char *begin;
    size_t size;
    esp_loader_format_t format;
} formats[] = {
    {"\177ELF", 4, ESP_LOADER_FORMAT_ELF},       {"UF2\n\x57\x51\x5D\x9E", 8, ESP_LOADER_FORMAT_UF2},
    {"\x1F\x8B\x08", 3, ESP_LOADER_FORMAT_GZIP}, {"PK\3\4", 4, ESP_LOADER_FORMAT_ZIP},
    {"<html>", 6, ESP_LOADER_FORMAT_HTML},       {"a,b,c,d\n", 8, ESP_LOADER_FORMAT_CSV},
    {":00000001FF\n", 12, ESP_LOADER_FORMAT_HEX}};

TEST_ROWS(other_formats_are_refused_by_name_in_an_app_partition, formats)
{
    plan_usual();
    plan_add(0x20000, foreign(row->begin, row->size, 3000));
    assert_int_equal(plan_check(), ESP_LOADER_ERROR_IMAGE_FORMAT);
    assert_int_equal(plan.detail.value, row->format);
    assert_fault(ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_FAULT_FOREIGN, 3, 0x20000, "");
    plan_usual();
    plan_add(0x30000, foreign(row->begin, row->size, 3000)); /* data */
    assert_accepted();
    plan_usual();
    plan_add(0x20000, foreign(row->begin, row->size, 3000))->is_raw = true;
    assert_accepted();
}
