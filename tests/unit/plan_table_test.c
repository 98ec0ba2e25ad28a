/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a plan's check says to partition tables, to the sizes that headers state, and to changes of what is
 * signed.
 */
#include <string.h>

#include "check_bench.h"
#include "test.h"

/* ---- sizes ---- */

TEST(a_table_fits_into_what_the_header_of_the_bootloader_states)
{
    static const entry_t large[] = {{0, 0, 0x10000, 0x10000, "factory"}, {1, 0x82, 0x200000, 0x100000, "fs"}};
    static const uint8_t sizes[] = {0x1F, 0x2F}; /* 2 and 4 MB */
    for (int form = 0; form < 2; form++) {
        for (int is_enough = 0; is_enough < 2; is_enough++) {
            const size_t table = form == 0 ? 1 : 0;
            form == 0 ? plan_usual() : plan_merged(TEST_CHIP_ID, 0x0);
            put_part(&plan.blobs[table], form == 0 ? 0 : 0x8000, make_table(large, 2));
            plan.blobs[0].bytes[3] = sizes[is_enough];
            assert_fault_if(!is_enough, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_HEADER,
                            (int)table, 0x8000, "fs");
        }
    }
}

/* 0xF is no code: 2 MB are what the bootloader goes by. */
TEST(a_size_without_meaning_is_two_megabytes)
{
    static const entry_t larger[] = {{1, 0x82, 0x200000, 0x1000, "fs"}};
    static const entry_t fitting[] = {{1, 0x82, 0x1FF000, 0x1000, "fs"}};
    for (int is_fitting = 0; is_fitting < 2; is_fitting++) {
        plan_begin();
        plan_add(0x0, bootloader_for(TEST_CHIP_ID));
        plan_add(0x8000, make_table(is_fitting != 0 ? fitting : larger, 1));
        plan.blobs[0].bytes[3] = 0xFF;
        assert_fault_if(!is_fitting, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_HEADER, 1, 0x8000,
                        "fs");
    }
}

TEST(the_size_that_is_asked_for_counts)
{
    static const entry_t large[] = {{1, 0x82, 0x200000, 0x100000, "fs"}};
    esp_loader_flash_params_t params = {ESP_LOADER_FLASH_KEEP, ESP_LOADER_FLASH_KEEP, 2};
    plan_begin();
    plan_add(0x0, bootloader_for(TEST_CHIP_ID)); /* 1 MB */
    plan_add(0x8000, make_table(large, 1));
    plan.options.flash_params = &params;
    assert_accepted();
    plan_begin();
    plan_add(0x0, bootloader_for(TEST_CHIP_ID));
    plan_add(0x8000, make_table(large, 1));
    params.size_code = 1;
    plan.options.flash_params = &params;
    assert_fault(ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_HEADER, 1, 0x8000, "fs");
}

/* ---- signatures ---- */

TEST(what_is_signed_is_not_patched)
{
    static const esp_loader_flash_params_t other = {0, ESP_LOADER_FLASH_KEEP, ESP_LOADER_FLASH_KEEP};
    static const esp_loader_flash_params_t same = {2, 0x0F, 0};
    for (int has_signature = 0; has_signature < 2; has_signature++) {
        for (int is_same = 0; is_same < 2; is_same++) {
            plan_begin();
            blob_t blob = bootloader_for(TEST_CHIP_ID);
            resize_blob(&blob, 0x2000);
            blob.bytes[0x1000] = has_signature != 0 ? 0xE7 : 0xFF;
            blob.bytes[0x1001] = 2;
            plan_add(0x0, blob);
            plan.options.flash_params = is_same != 0 ? &same : &other;
            assert_fault_if(has_signature && !is_same, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_FAULT_SIGNED, 0,
                            0x0, "");
        }
    }
    plan_merged(ESP32_ID, 0x1000); /* nothing in front of the bootloader, or the digest of secure boot V1 */
    plan.options.flash_params = &other;
    assert_accepted();
    plan_merged(ESP32_ID, 0x1000);
    memset(plan.blobs[0].bytes, 0xA7, 192);
    plan.options.flash_params = &other;
    assert_fault(ESP_LOADER_ERROR_SECURITY, ESP_LOADER_FAULT_SIGNED, 0, 0x1000, "");
}

/* ---- faults of tables ---- */

TEST(each_fault_of_a_table_has_its_cause_and_its_partition)
{
    static const struct {
        entry_t entries[2];
        esp_loader_fault_t fault;
        const char *partition;
    } cases[] = {
        {{{0, 0, 0x10000, 0x10000, "a"}, {1, 2, 0x1F000, 0x1000, "b"}},
         .fault = ESP_LOADER_FAULT_PARTITION_OVERLAP,
         .partition = "b"},
        {{{0, 0, 0x10000, 0x10000, "a"}, {0, 16, 0x21000, 0x1000, "b"}},
         .fault = ESP_LOADER_FAULT_PARTITION_ALIGNMENT,
         .partition = "b"},
        {{{1, 2, 0x9800, 0x1000, "a"}, {1, 2, 0x20000, 0x1000, "b"}},
         .fault = ESP_LOADER_FAULT_PARTITION_ALIGNMENT,
         .partition = "a"},
        {{{1, 2, 0x9000, 0, "a"}, {1, 2, 0x20000, 0x1000, "b"}},
         .fault = ESP_LOADER_FAULT_PARTITION_EMPTY,
         .partition = "a"},
        {{{1, 2, 0x9000, 0x1000, "a"}, {1, 2, 0xFFFFF000, 0x1001, "b"}},
         .fault = ESP_LOADER_FAULT_PARTITION_END,
         .partition = "b"},
        {{{1, 2, 0x9000, 0x1000, "a"}, {1, 2, 0x7000, 0x1000, "b"}},
         .fault = ESP_LOADER_FAULT_PARTITION_POSITION,
         .partition = "b"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        plan_begin();
        plan_add(0x8000, make_table(cases[i].entries, 2));
        assert_fault(ESP_LOADER_ERROR_PARTITION, cases[i].fault, 0, 0x8000, cases[i].partition);
    }
    static const struct {
        uint32_t at;
        uint8_t byte;
        esp_loader_fault_t fault;
    } spoils[] = {{4 * 32 + 20, 1, ESP_LOADER_FAULT_TABLE_MD5},
                  {5 * 32 + 31, 0, ESP_LOADER_FAULT_TABLE_END},
                  {2 * 32, 0, ESP_LOADER_FAULT_TABLE_END}};
    for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
        plan_begin();
        plan_add(0x8000, make_table(content_entries, 4));
        plan.blobs[0].bytes[spoils[i].at] = spoils[i].byte;
        assert_fault(ESP_LOADER_ERROR_PARTITION, spoils[i].fault, 0, 0x8000, "");
    }
    plan_begin();
    blob_t cut = make_table(content_entries, 4);
    resize_blob(&cut, 64);
    plan_add(0x8000, cut);
    assert_fault(ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_TABLE_END, 0, 0x8000, "");
}

TEST(each_partition_is_held_against_all_before_it)
{
    static const entry_t entries[] = {
        {1, 2, 0x9000, 0x1000, "a"}, {0, 0, 0x10000, 0x10000, "b"}, {1, 2, 0x1F000, 0x1000, "c"}};
    plan_begin();
    plan_add(0x8000, make_table(entries, 3));
    assert_fault(ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_PARTITION_OVERLAP, 0, 0x8000, "c");
}

TEST(an_image_and_its_partition_are_named)
{
    plan_usual();
    plan_add(0x30000, make_blob(0x10001, 1));
    assert_fault(ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_IMAGE_LARGER, 3, 0x30000, "storage");
    plan_usual();
    plan_add(0x40000, make_blob(1, 1));
    assert_fault(ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_IMAGE_OUTSIDE, 3, 0x40000, "");
    plan_usual();
    plan_add(0x50000, make_table(content_entries, 4));
    assert_fault(ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_TABLE_SECOND, 3, 0x50000, "");
}
