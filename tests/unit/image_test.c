/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Executable images: what the check accepts and every way to refuse.
 */
#include <stdlib.h>
#include <string.h>

#include "builders.h"
#include "image/image.h"
#include "test.h"

/* The builder is not its own judge: digest of its output, computed with Python's struct and hashlib. */
TEST(the_builder_makes_the_known_image)
{
    static const uint8_t expected[ESP_LOADER_MD5_SIZE] = {0x50, 0x84, 0xb4, 0x07, 0xac, 0x7c, 0xf6, 0xa3,
                                                          0xe7, 0xd4, 0x9a, 0x85, 0x8b, 0xc8, 0x0c, 0x4f};
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    blob_t blob = make_image(&plain_image);

    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, blob.bytes, blob.size);
    esp_loader_md5_finish(&md5, digest);
    assert_memory_equal(digest, expected, sizeof(digest));
    free_blob(&blob);
}

TEST(a_sound_image_is_decoded)
{
    image_spec_t spec = plain_image;

    spec.min_revision_legacy = 3;
    spec.min_revision = 102;
    spec.max_revision = 299;
    blob_t blob = make_image(&spec);
    assert_int_equal(check_image(&blob), ESP_LOADER_SUCCESS);
    assert_int_equal(image_info.segment_count, 2);
    assert_int_equal(image_info.flash_mode, 2);
    assert_int_equal(image_info.flash_size_code, 0);
    assert_int_equal(image_info.flash_freq_code, 0x0F);
    assert_int_equal(image_info.entry_addr, 0x40380004);
    assert_int_equal(image_info.chip_id, TEST_CHIP_ID);
    assert_int_equal(image_info.min_revision_legacy, 3);
    assert_int_equal(image_info.min_revision, 102);
    assert_int_equal(image_info.max_revision, 299);
    assert_true(image_info.has_digest);
    assert_int_equal(image_info.size, blob.size);
    assert_in_range(blob.largest_read, 1, 128);
    free_blob(&blob);
}

TEST(an_image_ends_with_its_digest_or_its_checksum)
{
    for (int has_digest = 0; has_digest < 2; has_digest++) {
        image_spec_t spec = plain_image;
        spec.has_digest = has_digest != 0;
        spec.trailing = has_digest != 0 ? 4096 : 0;
        blob_t blob = make_image(&spec);
        const uint32_t end = blob.size - spec.trailing;
        assert_image(blob, ESP_LOADER_SUCCESS);
        assert_int_equal(image_info.has_digest, has_digest);
        assert_int_equal(image_info.size, end);
    }
}

/* All sixteen paddings before the checksum, one and sixteen segments, segments around the size of a piece. */
TEST(images_of_every_shape_are_accepted)
{
    static const unsigned counts[] = {1, 2, 16};
    image_spec_t spec = plain_image;

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        for (uint32_t size = 0; size <= 300; size++) {
            spec.segment_count = counts[i];
            spec.segment_size = size;
            blob_t blob = make_image(&spec);
            const uint32_t end = blob.size;
            assert_image(blob, ESP_LOADER_SUCCESS);
            assert_int_equal(image_info.size, end);
        }
    }
}

TEST(an_image_cut_anywhere_is_refused)
{
    blob_t whole = make_image(&plain_image);

    for (uint32_t size = 0; size < whole.size; size++) {
        blob_t blob = make_image(&plain_image);
        resize_blob(&blob, size);
        assert_image(blob, ESP_LOADER_ERROR_IMAGE_FORMAT);
    }
    free_blob(&whole);
}

/* Patching and plans rely on the walk alone where the content has been checked before. */
TEST(the_walk_alone_refuses_an_image_cut_anywhere)
{
    for (int has_digest = 0; has_digest < 2; has_digest++) {
        image_spec_t spec = plain_image;
        spec.has_digest = has_digest != 0;
        blob_t blob = make_image(&spec);
        for (uint32_t size = blob.size; size > 0; size--) {
            esp_loader_image_info_t info;
            esp_loader_source_t source = source_of(&blob);
            esp_loader_error_t expected =
                size < blob.size ? ESP_LOADER_ERROR_IMAGE_FORMAT : ESP_LOADER_SUCCESS;
            source.size = size;
            assert_int_equal(eli_image_walk(&source, &info), expected);
        }
        free_blob(&blob);
    }
}

static const struct {
    const char *what;
    uint32_t offset;
    size_t size; /* of the value, bytes */
    uint32_t value;
    esp_loader_error_t expected;
} breakages[] = {
    {"magic", 0, 1, 0xEA, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"no segment", 1, 1, 0, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"one more than there may be", 1, 1, 17, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"255 segments", 1, 1, 255, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"digest flag is neither 0 nor 1", 23, 1, 2, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"nor is 255", 23, 1, 0xFF, ESP_LOADER_ERROR_IMAGE_FORMAT},
    /* length of the second segment, whose header stands at 24 + 8 + 100 */
    {"the largest", 136, 4, 0xFFFFFFFF, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"with its header it wraps to 0", 136, 4, 0xFFFFFFF8, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"ends at 0", 136, 4, 0xFFFFFF74, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"half of all addresses", 136, 4, 0x80000000, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"beyond the end", 136, 4, 1000, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {"digest", 284, 4, 0, ESP_LOADER_ERROR_IMAGE_CHECKSUM},
};

TEST_ROWS(a_broken_image_is_refused, breakages)
{
    uint8_t value[4];
    blob_t blob = make_image(&plain_image);
    print_message("%s\n", row->what);
    assert_int_equal(blob.size, 288);
    put_u32(value, row->value);
    memcpy(blob.bytes + row->offset, value, row->size);
    assert_image(blob, row->expected);
}

/* A source of nearly 4 GiB that is all one header: its length must not wrap while the end is looked for. */
static esp_loader_error_t read_endless(void *ctx, uint32_t offset, void *buf, size_t size)
{
    uint8_t *out = buf;

    for (size_t i = 0; i < size; i++) {
        out[i] = offset + i < 32 ? ((const uint8_t *)ctx)[offset + i] : 0;
    }
    return ESP_LOADER_SUCCESS;
}

TEST(an_image_that_ends_at_the_last_address_does_not_wrap)
{
    uint8_t bytes[32] = {0xE9, 1};
    const esp_loader_source_t source = {.read = read_endless, .ctx = bytes, .size = UINT32_MAX};

    put_u32(bytes + 28, UINT32_MAX - 32);
    assert_int_equal(esp_loader_image_check(&source, &image_info), ESP_LOADER_ERROR_IMAGE_FORMAT);
    put_u32(bytes + 28, UINT32_MAX - 32 - 15); /* checksum would be the byte after the last */
    assert_int_equal(esp_loader_image_check(&source, &image_info), ESP_LOADER_ERROR_IMAGE_FORMAT);
}

TEST(a_changed_byte_anywhere_is_noticed)
{
    blob_t blob = make_image(&plain_image);

    for (uint32_t offset = 0; offset < blob.size; offset++) {
        blob.bytes[offset] ^= 0x04;
        assert_int_not_equal(check_image(&blob), ESP_LOADER_SUCCESS);
        blob.bytes[offset] ^= 0x04;
    }
    free_blob(&blob);
}

TEST(a_wrong_checksum_is_refused_without_digest_too)
{
    image_spec_t spec = plain_image;

    spec.has_digest = false;
    blob_t blob = make_image(&spec);
    blob.bytes[blob.size - 1] ^= 0x01;
    assert_int_equal(check_image(&blob), ESP_LOADER_ERROR_IMAGE_CHECKSUM);
    blob.bytes[blob.size - 1] ^= 0x01;
    blob.bytes[40] ^= 0x80; /* in the first segment */
    assert_image(blob, ESP_LOADER_ERROR_IMAGE_CHECKSUM);
}

/* The checksum is that of the segments' data: neither headers nor the bytes up to it count. */
TEST(the_checksum_covers_nothing_but_data)
{
    static const uint32_t others[] = {2, 4, 12, 24, 25, 26, 27, 132, 133, 240, 254};
    image_spec_t spec = plain_image;

    spec.has_digest = false;
    blob_t blob = make_image(&spec);
    assert_int_equal(blob.size, 256); /* segments at 24 and 132 */
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        blob.bytes[others[i]] ^= 0x10;
        assert_int_equal(check_image(&blob), ESP_LOADER_SUCCESS);
        blob.bytes[others[i]] ^= 0x10;
    }
    free_blob(&blob);
}

/* Older images state one byte: of a chip with one major revision its minor one, else the major one. */
static const struct {
    uint16_t chip_id;
    uint8_t legacy;
    uint16_t min, max;
    uint32_t lowest, highest;
} revisions[] = {
    {9, 0, 102, 299, 102, 299},   {9, 3, 102, 299, 102, 299},  {9, 3, 0, 0, 300, 65535},
    {9, 3, 0, 65535, 300, 65535}, {9, 0, 0, 65535, 0, 65535},  {9, 3, 1, 65535, 1, 65535},
    {5, 3, 0, 0, 3, 65535},       {0x55, 3, 0, 0, 300, 65535},
};

TEST_ROWS(both_forms_of_a_revision_say_the_same, revisions)
{
    const esp_loader_image_info_t info = {.chip_id = row->chip_id,
                                          .min_revision_legacy = row->legacy,
                                          .min_revision = row->min,
                                          .max_revision = row->max};
    assert_int_equal(esp_loader_image_min_revision(&info), row->lowest);
    assert_int_equal(esp_loader_image_max_revision(&info), row->highest);
    assert_true(esp_loader_image_allows_revision(&info, row->lowest));
    assert_true(esp_loader_image_allows_revision(&info, row->highest));
    if (row->lowest > 0) {
        assert_false(esp_loader_image_allows_revision(&info, row->lowest - 1));
    }
    assert_int_equal(esp_loader_image_allows_revision(&info, row->highest + 1), row->highest == 65535);
}

TEST(an_error_of_read_comes_back_whichever_read_fails)
{
    assert_every_read_counts(make_image(&plain_image), check_image);
}

/* A file that changes while it is read: walk and second pass see different lengths of the first segment. */
typedef struct {
    blob_t blob;
    unsigned looks;
    uint32_t second_length;
} changing_t;

static esp_loader_error_t read_changing(void *ctx, uint32_t offset, void *buf, size_t size)
{
    changing_t *file = ctx;

    assert_true(offset <= file->blob.size && size <= file->blob.size - offset);
    memcpy(buf, file->blob.bytes + offset, size);
    if (offset == 24 && size == 8 && ++file->looks == 2) {
        put_u32((uint8_t *)buf + 4, file->second_length);
    }
    return ESP_LOADER_SUCCESS;
}

/* One segment of 100 bytes: the checksum stands at 143, the image ends at 176. */
static const struct {
    uint32_t second_length;
    esp_loader_error_t expected;
} second_lengths[] = {
    {0, ESP_LOADER_ERROR_IMAGE_CHECKSUM},
    {99, ESP_LOADER_ERROR_IMAGE_CHECKSUM},
    {111, ESP_LOADER_SUCCESS},            /* up to the checksum: only zeros more */
    {112, ESP_LOADER_ERROR_IMAGE_FORMAT}, /* with the checksum */
    {144, ESP_LOADER_ERROR_IMAGE_FORMAT}, /* to the end */
    {145, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {0x7FFFFFFF, ESP_LOADER_ERROR_IMAGE_FORMAT},
    {0xFFFFFFFF, ESP_LOADER_ERROR_IMAGE_FORMAT},
};

TEST_ROWS(a_source_that_changes_its_mind_is_survived, second_lengths)
{
    image_spec_t spec = plain_image;

    spec.segment_count = 1;
    changing_t file = {.blob = make_image(&spec), .second_length = row->second_length};
    const esp_loader_source_t source = {.read = read_changing, .ctx = &file, .size = file.blob.size};
    assert_int_equal(esp_loader_image_check(&source, &image_info), row->expected);
    assert_true(file.looks >= 2);
    free_blob(&file.blob);
}

TEST(memory_is_read_at_an_offset)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, 5};
    blob_t blob = make_blob(sizeof(bytes), 0);
    uint8_t out[3] = {0};

    memcpy(blob.bytes, bytes, sizeof(bytes));
    assert_int_equal(esp_loader_read_memory(blob.bytes, 2, out, 3), ESP_LOADER_SUCCESS);
    assert_memory_equal(out, bytes + 2, 3);
    free_blob(&blob);
}

TEST(memory_that_is_not_there_is_refused)
{
    uint8_t byte = 0;
    assert_int_equal(esp_loader_read_memory(NULL, 0, &byte, 1), ESP_LOADER_ERROR_INVALID_PARAM);
}
