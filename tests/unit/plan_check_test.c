/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The checks of a plan that need no target: each accepts what is right and refuses with its own code and
 * detail.
 */
#include <string.h>

#include "check_bench.h"
#include "test.h"

static const entry_t entries[] = {
    {1, 0x02, 0x9000, 0x6000, "nvs"},
    {0, 0x00, 0x10000, 0x2000, "factory"},
    {0, 0x10, 0x20000, 0x2000, "ota_0"},
};

/* Bootloader, table, app: what everybody flashes. */
static void begin_usual(void)
{
    plan_begin();
    plan_add(0x0, make_image(&plain_image));
    plan_add(0x8000, make_table(entries, 3));
    plan_add(0x10000, make_image(&plain_image));
}

TEST(the_usual_plan_is_accepted)
{
    begin_usual();
    assert_int_equal(esp_loader_plan_check(plan.images, plan.count, &plan.options, NULL), ESP_LOADER_SUCCESS);
    assert_accepted();
}

TEST(impossible_arguments_are_refused)
{
    static const esp_loader_flash_params_t bad_params = {0, 0x10, 0};
    plan_begin();
    assert_refused(ESP_LOADER_ERROR_INVALID_PARAM, -1, 0); /* no images */
    begin_usual();
    plan.options.buffer = NULL;
    assert_refused(ESP_LOADER_ERROR_INVALID_PARAM, -1, 0);
    begin_usual();
    plan.options.buffer_size = 255;
    assert_refused(ESP_LOADER_ERROR_INVALID_PARAM, -1, 0);
    begin_usual();
    plan.options.flash_params = &bad_params;
    assert_refused(ESP_LOADER_ERROR_INVALID_PARAM, -1, 0);

    begin_usual();
    assert_int_equal(esp_loader_plan_check(NULL, 1, &plan.options, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_plan_check(plan.images, plan.count, NULL, NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST(an_image_without_bytes_or_read_is_refused)
{
    begin_usual();
    plan.images[1].source.size = 0;
    assert_refused(ESP_LOADER_ERROR_INVALID_PARAM, 1, 0);
    begin_usual();
    plan.images[2].source.read = NULL;
    assert_refused(ESP_LOADER_ERROR_INVALID_PARAM, 2, plan.blobs[2].size);
}

static const uint32_t offsets_inside[] = {1, 4, 0x800, 0x10FFF, 0xFFFFFFFF};

TEST_ROWS(an_offset_inside_a_sector_is_refused, offsets_inside)
{
    plan_begin();
    plan_add(0x30000, make_blob(10, 0));
    plan_add(*row, make_blob(10, 0));
    assert_refused(ESP_LOADER_ERROR_ALIGNMENT, 1, 0);
}

static esp_loader_error_t read_zeros(void *ctx, uint32_t offset, void *buf, size_t size)
{
    (void)ctx;
    (void)offset;
    memset(buf, 0, size);
    return ESP_LOADER_SUCCESS;
}

TEST(a_range_beyond_32_bits_is_refused)
{
    plan_begin();
    plan_add(0xFFFFF000, make_blob(0x1000, 0));
    assert_accepted();
    plan_begin();
    plan_add(0xFFFFF000, make_blob(0x1001, 0));
    assert_refused(ESP_LOADER_ERROR_FLASH_RANGE, 0, 0x1001);
    plan_begin();
    plan.images[plan.count++] =
        (esp_loader_image_t){.offset = 0x1000, .source = {.read = read_zeros, .size = UINT32_MAX}};
    assert_refused(ESP_LOADER_ERROR_FLASH_RANGE, 0, UINT32_MAX);
}

static const struct {
    uint32_t first, first_size, second, second_size;
    bool is_overlap;
} pairs[] = {
    {0x10000, 0x1000, 0x11000, 0x1000, false},
    {0x10000, 0x1001, 0x11000, 0x1000, true},
    {0x11000, 0x1000, 0x10000, 0x1001, true},
    {0x11000, 0x1000, 0x10000, 0x1000, false},
    {0x10000, 1, 0x10000, 1, true},
    {0x10000, 0x8000, 0x12000, 1, true},
    {0x12000, 1, 0x10000, 0x8000, true},
};

TEST_ROWS(images_that_share_a_sector_are_refused, pairs)
{
    plan_begin();
    plan_add(row->first, make_blob(row->first_size, 0));
    plan_add(row->second, make_blob(row->second_size, 0));
    assert_refused_if(row->is_overlap, ESP_LOADER_ERROR_OVERLAP, 1, row->first);
}

TEST(raw_images_must_not_overlap_either)
{
    plan_begin();
    plan_add(0x10000, make_blob(0x1001, 0))->is_raw = true;
    plan_add(0x11000, make_blob(16, 0))->is_raw = true;
    assert_refused(ESP_LOADER_ERROR_OVERLAP, 1, 0x10000);
}

static const uint32_t damage_offsets[] = {0x0, 0x10000, 0x20000};

TEST_ROWS(a_damaged_executable_image_is_refused_anywhere, damage_offsets)
{
    plan_begin();
    plan_add(0x8000, make_blob(10, 0));
    blob_t *blob = &plan.blobs[plan.count];
    plan_add(*row, make_image(&plain_image));
    blob->bytes[50] ^= 1;
    assert_refused(ESP_LOADER_ERROR_IMAGE_CHECKSUM, 1, 0);
}

TEST(what_was_checked_is_not_summed_up_again_but_looked_at)
{
    plan_begin();
    blob_t *blob = &plan.blobs[plan.count];
    plan_add(0x10000, make_image(&plain_image));
    blob->bytes[50] ^= 1;
    plan.options.content_is_checked = true;
    assert_accepted();
    plan_add(0x10000, make_image(&plain_image)); /* the other checks are made */
    assert_refused(ESP_LOADER_ERROR_OVERLAP, 1, 0x10000);
    plan.options.content_is_checked = false;
}

/* Magic, number of segments, chip id and first address leave no doubt. */
static const uint32_t truncated_offsets[] = {0x0, 0x1000, 0x3000, 0x10000, 0x11000, 0x300000};

TEST_ROWS(a_truncated_image_is_refused_anywhere, truncated_offsets)
{
    for (uint32_t size = 32; size < 288; size += 51) {
        plan_begin();
        blob_t blob = make_image(&plain_image);
        resize_blob(&blob, size);
        plan_add(*row, blob);
        assert_refused(ESP_LOADER_ERROR_IMAGE_FORMAT, 0, 0);
    }
}

/* Each of the four spoiled: it may be something else. */
TEST(what_only_begins_like_an_image_is_refused_where_an_app_belongs)
{
    static const struct {
        uint32_t offset;
        bool has_table;
        bool is_refused;
    } cases[] = {{0x3000, false, false}, {0x10000, false, false}, {0x10000, true, true},
                 {0x20000, true, true},  {0x11000, true, false},  {0x9000, true, false}};
    static const struct {
        uint32_t at;
        uint8_t byte;
    } spoils[] = {{0, 0xE8}, {1, 17}, {12, 0x77}, {27, 0x90}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t k = 0; k < sizeof(spoils) / sizeof(spoils[0]); k++) {
            plan_begin();
            blob_t blob = make_image(&plain_image);
            resize_blob(&blob, 100);
            blob.bytes[spoils[k].at] = spoils[k].byte;
            plan_add(cases[i].offset, blob);
            if (cases[i].has_table) {
                plan_add(0x8000, make_table(entries, 3));
            }
            assert_refused_if(cases[i].is_refused, ESP_LOADER_ERROR_IMAGE_FORMAT, 0, 0);
        }
    }
}

/* What one more image makes of the usual plan. */
static const struct {
    const char *what;
    uint32_t offset;
    enum { DATA, IMAGE, SIZED_IMAGE, TABLE } kind;
    uint32_t size; /* of data and a sized image; chip of another image */
    uint8_t byte;  /* that data is full of */
    bool is_raw;
    esp_loader_error_t error; /* SUCCESS: accepted */
    uint32_t value;
} additions[] = {
    {"data where an app begins", 0x20000, DATA, 64, 0x12, false, ESP_LOADER_ERROR_IMAGE_FORMAT, 0},
    {"blank data where an app begins", 0x20000, DATA, 64, 0xFF, false, ESP_LOADER_ERROR_IMAGE_FORMAT, 0},
    {"too short to say what it is", 0x20000, DATA, 1, 0xE9, false, ESP_LOADER_ERROR_IMAGE_FORMAT, 0},
    {"raw data where an app begins", 0x20000, DATA, 64, 0x12, true, ESP_LOADER_SUCCESS, 0},
    {"data where data belongs", 0x9000, DATA, 64, 0x12, false, ESP_LOADER_SUCCESS, 0},
    {"raw data outside all partitions", 0x400000, DATA, 64, 0xE9, true, ESP_LOADER_SUCCESS, 0},
    {"an image for another chip", 0x20000, IMAGE, 13, 0, false, ESP_LOADER_ERROR_IMAGE_CHIP, 13},
    {"a raw image for another chip", 0x20000, IMAGE, 13, 0, true, ESP_LOADER_SUCCESS, 0},
    {"an app that fills its partition", 0x20000, SIZED_IMAGE, 0x2000, 0, false, ESP_LOADER_SUCCESS, 0},
    {"an app larger than its partition", 0x20000, SIZED_IMAGE, 0x2010, 0, false, ESP_LOADER_ERROR_PARTITION,
     0x2010},
    {"a second table", 0x30000, TABLE, 0, 0, false, ESP_LOADER_ERROR_PARTITION, 0x8000},
    {"a second table in a partition", 0x9000, TABLE, 0, 0, false, ESP_LOADER_SUCCESS, 0},
    /* an image lies inside one partition */
    {"a whole partition", 0x9000, DATA, 0x6000, 0x33, false, ESP_LOADER_SUCCESS, 0},
    {"a byte more", 0x9000, DATA, 0x6001, 0x33, false, ESP_LOADER_ERROR_PARTITION, 0x6001},
    {"its end", 0xA000, DATA, 0x5000, 0x33, false, ESP_LOADER_SUCCESS, 0},
    {"a byte more than its end", 0xA000, DATA, 0x5001, 0x33, false, ESP_LOADER_ERROR_PARTITION, 0x5001},
    {"between two", 0xF000, DATA, 1, 0x33, false, ESP_LOADER_ERROR_PARTITION, 1},
    {"inside an app's", 0x21000, DATA, 0x1000, 0x33, false, ESP_LOADER_SUCCESS, 0},
    {"a byte more than the app's", 0x21000, DATA, 0x1001, 0x33, false, ESP_LOADER_ERROR_PARTITION, 0x1001},
    {"after the last", 0x22000, DATA, 1, 0x33, false, ESP_LOADER_ERROR_PARTITION, 1},
    {"before the table", 0x7000, DATA, 0x1000, 0x33, false, ESP_LOADER_SUCCESS, 0},
    {"far after the last", 0x400000, DATA, 1, 0x33, false, ESP_LOADER_ERROR_PARTITION, 1},
};

TEST_ROWS(one_more_image_is_accepted_or_refused, additions)
{
    print_message("%s\n", row->what);
    begin_usual();
    plan_add(row->offset, row->kind == DATA          ? make_blob(row->size, row->byte)
                          : row->kind == IMAGE       ? plain_image_for((uint16_t)row->size)
                          : row->kind == SIZED_IMAGE ? make_image_of_size(row->size)
                                                     : make_table(entries, 3))
        ->is_raw = row->is_raw;
    assert_refused_if(row->error != ESP_LOADER_SUCCESS, row->error, 3, row->value);
}

TEST(an_invalid_table_is_refused)
{
    begin_usual();
    plan.blobs[1].bytes[4] ^= 1;
    assert_refused(ESP_LOADER_ERROR_PARTITION, 1, 0);
    begin_usual();
    plan.blobs[1].bytes[4] ^= 1;
    plan.images[1].is_raw = true;
    assert_accepted();
}

/* Whichever comes first in the plan, and an invalid one, too. */
TEST(a_table_in_a_partition_is_data)
{
    plan_begin();
    plan_add(0x9000, make_table(entries, 3));
    plan_add(0x8000, make_table(entries, 3));
    plan.blobs[0].bytes[40] ^= 1;
    assert_accepted();
}

TEST(partitions_before_the_end_of_the_table_are_refused)
{
    static const entry_t cases[] = {{1, 2, 0x8000, 0x1000, "on the table"},
                                    {1, 2, 0x1000, 0x1000, "before it"}};
    static const entry_t allowed[] = {{2, 0, 0x0, 0x8000, "bootloader"},
                                      {3, 0, 0x8000, 0x1000, "partitions"},
                                      {1, 2, 0x9000, 0x1000, "nvs"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        plan_begin();
        plan_add(0x8000, make_table(&cases[i], 1));
        assert_refused(ESP_LOADER_ERROR_PARTITION, 0, cases[i].offset);
    }
    plan_begin();
    plan_add(0x8000, make_table(allowed, 3));
    assert_accepted();
}

TEST(the_table_may_come_last_and_stand_elsewhere)
{
    static const entry_t moved[] = {{0, 0, 0x20000, 0x10000, "app"}};
    plan_begin();
    plan_add(0x20000, make_blob(100, 0x44));
    plan_add(0x10000, make_table(moved, 1));
    assert_refused(ESP_LOADER_ERROR_IMAGE_FORMAT, 0, 0);
}

/* A table that is data in a partition of the first one. */
static void begin_with_second_table(void)
{
    plan_usual();
    plan_add(0x30000, make_table(content_entries, 4));
}

/* Whichever read of whichever image fails. */
TEST(an_error_of_read_is_a_source_error_with_its_value)
{
    for (size_t image = 0; image < 4; image++) {
        begin_with_second_table();
        assert_int_equal(plan_check(), ESP_LOADER_SUCCESS);
        unsigned reads = plan.blobs[image].reads;
        for (unsigned n = 1; n <= reads; n++) {
            begin_with_second_table();
            plan.blobs[image].fail_at = n;
            plan.blobs[image].result = ESP_LOADER_ERROR_IO;
            esp_loader_error_t err = plan_check();
            assert_int_equal(err, ESP_LOADER_ERROR_SOURCE);
            assert_int_equal(plan.detail.value, ESP_LOADER_ERROR_IO);
            assert_int_equal(plan.detail.image, image);
        }
    }
}

/* The same of a file with everything in it, whose bootloader is to be patched, and of one of another format.
 */
TEST(an_error_of_read_is_one_in_larger_files_too)
{
    static const esp_loader_flash_params_t other = {0, ESP_LOADER_FLASH_KEEP, ESP_LOADER_FLASH_KEEP};
    for (int form = 0; form < 2; form++) {
        esp_loader_error_t err;
        unsigned n = 0;
        do {
            if (form == 0) {
                plan_merged(ESP32_ID, 0x1000);
                plan.options.flash_params = &other;
            } else {
                plan_begin();
                plan_add(0x7000, make_blob(0x1001, 0));
                memcpy(plan.blobs[0].bytes, "PK\3\4", 4);
                plan_add(0x10000, make_image(&plain_image));
            }
            plan.blobs[0].fail_at = ++n;
            plan.blobs[0].result = ESP_LOADER_ERROR_IO;
            err = plan_check();
            assert_true(err == ESP_LOADER_ERROR_SOURCE || plan.blobs[0].reads < n);
        } while (err == ESP_LOADER_ERROR_SOURCE);
        assert_int_equal(err, form == 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_IMAGE_FORMAT);
        assert_true(n > 4);
    }
}

/* Every look at a segment after the first finds it longer than it was. */
static unsigned looks;

static esp_loader_error_t read_growing(void *ctx, uint32_t offset, void *buf, size_t size)
{
    const blob_t *blob = ctx;

    memcpy(buf, blob->bytes + offset, size);
    if (offset == 24 && size == 8 && ++looks > 3) {
        put_u32((uint8_t *)buf + 4, 0x7FFFFFFF);
    }
    return ESP_LOADER_SUCCESS;
}

TEST(a_file_that_changes_between_two_looks_is_refused_as_an_image)
{
    plan_begin();
    plan_add(0x10000, make_image(&plain_image))->source.read = read_growing;
    plan.images[0].source.ctx = &plan.blobs[0];
    looks = 0;
    assert_refused(ESP_LOADER_ERROR_IMAGE_FORMAT, 0, 0);
    assert_true(looks > 3);
}

TEST(every_first_byte_and_size_is_survived)
{
    for (unsigned value = 0; value < 256; value++) {
        for (uint32_t size = 1; size < 40; size++) {
            plan_begin();
            plan_add(0x30000, make_blob(size, (uint8_t)value));
            assert_accepted();
        }
    }
}
