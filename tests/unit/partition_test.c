/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Partition tables: what is accepted and every way to refuse.
 */
#include <string.h>

#include "builders.h"
#include "test.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const entry_t usual[] = {
    {1, 0x02, 0x9000, 0x6000, "nvs"},
    {1, 0x01, 0xF000, 0x1000, "phy_init"},
    {0, 0x00, 0x10000, 0x100000, "factory"},
};

static esp_loader_error_t check(blob_t *blob, uint32_t *out_count)
{
    esp_loader_source_t source = source_of(blob);

    return esp_loader_partition_table_check(&source, out_count);
}

static void assert_refused(blob_t *blob)
{
    assert_int_equal(check(blob, NULL), ESP_LOADER_ERROR_PARTITION);
    free_blob(blob);
}

static void assert_accepted(blob_t *blob)
{
    assert_int_equal(check(blob, NULL), ESP_LOADER_SUCCESS);
    free_blob(blob);
}

TEST(a_table_is_checked_and_its_entries_read)
{
    esp_loader_partition_t partition;
    uint32_t count = 0;
    blob_t blob = make_table(usual, COUNT_OF(usual));
    esp_loader_source_t source = source_of(&blob);

    assert_int_equal(check(&blob, &count), ESP_LOADER_SUCCESS);
    assert_int_equal(count, 3);
    put_u32(blob.bytes + 2 * 32 + 28, 0x80000003);
    assert_int_equal(esp_loader_partition_get(&source, 2, &partition), ESP_LOADER_SUCCESS);
    assert_int_equal(partition.type, ESP_LOADER_PARTITION_TYPE_APP);
    assert_int_equal(partition.subtype, 0);
    assert_int_equal(partition.offset, 0x10000);
    assert_int_equal(partition.size, 0x100000);
    assert_int_equal(partition.flags, 0x80000003);
    assert_string_equal(partition.label, "factory");
    assert_int_equal(esp_loader_partition_get(&source, 3, &partition), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_partition_get(&source, 95, &partition), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_partition_get(&source, UINT32_MAX, &partition),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    free_blob(&blob);
}

TEST(a_label_may_fill_its_field)
{
    static const entry_t entries[] = {{1, 0x40, 0x9000, 0x1000, "sixteen_letters_"}};
    esp_loader_partition_t partition;
    blob_t blob = make_table(entries, 1);
    esp_loader_source_t source = source_of(&blob);

    put_u32(blob.bytes + 28, 0x01010101); /* flags follow it, and do not belong to it */
    assert_int_equal(esp_loader_partition_get(&source, 0, &partition), ESP_LOADER_SUCCESS);
    assert_string_equal(partition.label, "sixteen_letters_");
    free_blob(&blob);
}

TEST(tables_of_every_legal_shape_are_accepted)
{
    static const entry_t any_order[] = {{0, 0x10, 0x110000, 0x100000, "ota_0"},
                                        {0, 0x00, 0x10000, 0x100000, "factory"},
                                        {1, 2, 0x9000, 0x6000, "nvs"}};
    static const entry_t at_the_end[] = {{0x40, 0, 0xFFFFF000, 0x1000, "last"}};
    blob_t blob = make_table(any_order, COUNT_OF(any_order));

    assert_accepted(&blob);
    blob = make_table(at_the_end, 1);
    assert_accepted(&blob);
    /* without digest */
    blob = make_table(usual, COUNT_OF(usual));
    memset(blob.bytes + 3 * 32, 0xFF, 32);
    assert_int_equal(check(&blob, NULL), ESP_LOADER_SUCCESS);
    /* no byte after the end mark */
    resize_blob(&blob, 4 * 32);
    assert_accepted(&blob);
    /* a whole sector */
    blob = make_table(usual, COUNT_OF(usual));
    resize_blob(&blob, 4096);
    assert_accepted(&blob);
}

TEST(a_full_table_is_accepted_and_one_entry_more_is_not)
{
    entry_t entries[94];
    uint32_t count = 0;

    for (unsigned i = 0; i < COUNT_OF(entries); i++) {
        entries[i] = (entry_t){1, 0x40, 0x9000 + i * 0x1000, 0x1000, "data"};
    }
    blob_t blob = make_table(entries, COUNT_OF(entries));
    assert_int_equal(check(&blob, &count), ESP_LOADER_SUCCESS);
    assert_int_equal(count, 94);
    /* an entry in place of the digest: 95 and the end mark */
    memcpy(blob.bytes + 94 * 32, blob.bytes, 32);
    put_u32(blob.bytes + 94 * 32 + 4, 0x9000 + 94 * 0x1000);
    assert_int_equal(check(&blob, &count), ESP_LOADER_SUCCESS);
    assert_int_equal(count, ESP_LOADER_PARTITION_MAX_COUNT);
    /* and one in place of the end mark, with and without room behind it */
    memcpy(blob.bytes + 95 * 32, blob.bytes, 32);
    put_u32(blob.bytes + 95 * 32 + 4, 0x9000 + 95 * 0x1000);
    assert_int_equal(check(&blob, NULL), ESP_LOADER_ERROR_PARTITION);
    resize_blob(&blob, 4096);
    assert_refused(&blob);
}

TEST(content_that_is_no_table_is_refused)
{
    static const uint8_t values[] = {0x00, 0xFF, 0xE9};

    for (size_t i = 0; i < sizeof(values); i++) {
        blob_t blob = make_blob(3072, values[i]);
        assert_refused(&blob);
    }
    blob_t digest_only = make_table(usual, 0);
    assert_refused(&digest_only);
}

TEST(a_table_cut_before_its_end_mark_is_refused)
{
    for (uint32_t size = 0; size < 5 * 32; size++) {
        blob_t blob = make_table(usual, COUNT_OF(usual));
        resize_blob(&blob, size);
        assert_refused(&blob);
    }
}

TEST(a_wrong_digest_is_refused)
{
    static const uint32_t offsets[] = {4, 40, 95, 112, 127};

    for (size_t i = 0; i < COUNT_OF(offsets); i++) {
        blob_t blob = make_table(usual, COUNT_OF(usual));
        blob.bytes[offsets[i]] ^= 0x20;
        assert_refused(&blob);
    }
}

TEST(something_after_the_digest_is_refused)
{
    blob_t blob = make_table(usual, COUNT_OF(usual));

    memcpy(blob.bytes + 4 * 32, blob.bytes + 3 * 32, 32); /* another digest */
    assert_refused(&blob);
    blob = make_table(usual, COUNT_OF(usual));
    memcpy(blob.bytes + 4 * 32, blob.bytes, 32); /* an entry */
    assert_refused(&blob);
}

TEST(an_end_mark_that_is_not_all_ones_is_refused)
{
    for (uint32_t offset = 4 * 32; offset < 5 * 32; offset++) {
        blob_t blob = make_table(usual, COUNT_OF(usual));
        blob.bytes[offset] = 0xFE;
        assert_refused(&blob);
    }
}

TEST(badly_placed_partitions_are_refused)
{
    static const entry_t cases[][2] = {
        {{0, 0, 0x11000, 0x10000, "app"}, {1, 2, 0x9000, 0x1000, "app not at a multiple of 64 KiB"}},
        {{1, 2, 0x9800, 0x1000, "nvs"}, {0, 0, 0x10000, 0x10000, "data not at a sector"}},
        {{1, 2, 0x9000, 0, "nvs"}, {0, 0, 0x10000, 0x10000, "empty"}},
        {{2, 0, 0x0, 0, "boot"}, {0, 0, 0x10000, 0x10000, "empty at 0"}},
        {{1, 2, 0xFFFFF000, 0x1001, "nvs"}, {0, 0, 0x10000, 0x10000, "end wraps"}},
        {{1, 2, 0x9000, 0xFFFFFFFF, "nvs"}, {0, 0, 0x10000, 0x10000, "end wraps"}},
        {{1, 2, 0x9000, 0x7001, "nvs"}, {0, 0, 0x10000, 0x10000, "overlap by one byte"}},
        {{0, 0, 0x10000, 0x10000, "app"}, {1, 2, 0x9000, 0x7001, "overlap, later one first"}},
        {{0, 0, 0x10000, 0x100000, "app"}, {1, 2, 0x20000, 0x1000, "one inside the other"}},
        {{1, 2, 0x20000, 0x1000, "nvs"}, {0, 0, 0x10000, 0x100000, "one around the other"}},
        {{1, 2, 0x9000, 0x1000, "nvs"}, {1, 2, 0x9000, 0x1000, "the same twice"}},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        entry_t entries[2] = {cases[i][0], cases[i][1]};
        entries[1].label = "second";
        blob_t blob = make_table(entries, 2);
        assert_refused(&blob);
    }
}

TEST(partitions_that_touch_are_accepted)
{
    static const entry_t entries[] = {{1, 2, 0x9000, 0x7000, "nvs"}, {0, 0, 0x10000, 0x10000, "app"}};
    blob_t blob = make_table(entries, 2);

    assert_accepted(&blob);
}

static esp_loader_error_t check_only(blob_t *blob)
{
    return check(blob, NULL);
}

TEST(an_error_of_read_comes_back_whichever_read_fails)
{
    assert_every_read_counts(make_table(usual, COUNT_OF(usual)), check_only);
}

TEST(a_table_is_known_by_its_first_bytes)
{
    blob_t table = make_table(usual, COUNT_OF(usual));
    blob_t image = make_image(&plain_image);
    blob_t byte = make_blob(1, 0xAA);
    esp_loader_source_t source = source_of(&table);

    assert_true(esp_loader_partition_table_is(&source));
    table.bytes[1] = 0x51;
    assert_false(esp_loader_partition_table_is(&source));
    table.bytes[1] = 0x50;
    table.reads = 0;
    table.fail_at = 1;
    table.result = ESP_LOADER_ERROR_IO;
    assert_false(esp_loader_partition_table_is(&source));
    source = source_of(&image);
    assert_false(esp_loader_partition_table_is(&source));
    source = source_of(&byte);
    assert_false(esp_loader_partition_table_is(&source));
    table.fail_at = 0;
    resize_blob(&table, 2);
    source = source_of(&table);
    assert_true(esp_loader_partition_table_is(&source));
    free_blob(&table);
    free_blob(&image);
    free_blob(&byte);
}
