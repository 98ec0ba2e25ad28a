/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Images of the ESP8266: the short header, and the form with flash content between two of them and a CRC.
 */
#include <stdlib.h>
#include <string.h>

#include "builders.h"
#include "image/image.h"
#include "test.h"

/* Sizes of the images that are built here. */
enum { V1_SIZE = 192, V2_SIZE = 372, V2_CRC = 0x34BC85CB, V3_SIZE = 368, V2_SECOND_HEADER = 176 };

static uint32_t put_header(uint8_t *at, uint8_t magic, uint8_t count)
{
    at[0] = magic;
    at[1] = count;
    at[2] = 2;    /* DIO */
    at[3] = 0x4F; /* 4 MB, 80 MHz */
    put_u32(at + 4, 0x40100004);
    return 8;
}

static uint32_t put_segment(uint8_t *at, uint32_t address, uint32_t size, unsigned seed, uint8_t *checksum)
{
    put_u32(at, address);
    put_u32(at + 4, size);
    for (uint32_t i = 0; i < size; i++) {
        at[8 + i] = (uint8_t)(i * 7 + seed);
        *checksum ^= at[8 + i];
    }
    return 8 + size;
}

/* @p form 1: two segments for RAM. 2: flash content first, a second header, a CRC. 3: as 1, with a segment
 * that is mapped from flash. */
static blob_t make_form(int form)
{
    static const uint32_t sizes[] = {0, V1_SIZE, V2_SIZE, V3_SIZE};
    blob_t blob = make_blob(sizes[form], 0);
    uint8_t checksum = 0xEF;
    uint8_t ignored = 0;
    uint8_t *at = blob.bytes;
    if (form == 2) {
        at += put_header(at, 0xEA, 4);
        at += put_segment(at, 0, 160, 3, &ignored);
    }
    at += put_header(at, 0xE9, form == 3 ? 3 : 2);
    if (form == 3) {
        at += put_segment(at, 0x40201010, 160, 3, &checksum);
    }
    at += put_segment(at, form == 3 ? 0x3FFE8000 : 0x40100000, form == 3 ? 60 : 100, form == 3 ? 2 : 1,
                      &checksum);
    at += put_segment(at, form == 3 ? 0x40100000 : 0x3FFE8000, form == 3 ? 100 : 60, form == 3 ? 1 : 2,
                      &checksum);
    uint32_t end = ((uint32_t)(at - blob.bytes) + 16) / 16 * 16;
    blob.bytes[end - 1] = checksum;
    if (form == 2) {
        put_u32(blob.bytes + end, V2_CRC);
    }
    return blob;
}

/* The builder is not its own judge: digests of what esptool 5.6 makes of the same segments. */
TEST(the_builder_makes_what_esptool_makes)
{
    static const uint8_t expected[3][ESP_LOADER_MD5_SIZE] = {
        {0x3b, 0xf0, 0x0a, 0xa6, 0x70, 0x4a, 0xb0, 0xf5, 0xdf, 0xc5, 0x3b, 0xd8, 0xa7, 0x70, 0x85, 0xef},
        {0x93, 0x15, 0xaf, 0x1b, 0x07, 0x59, 0xdf, 0x20, 0x1d, 0x95, 0x82, 0x30, 0x4b, 0xfd, 0xc8, 0xa5},
        {0x1a, 0xe1, 0x6a, 0x42, 0x9e, 0xc8, 0x1e, 0x6f, 0x6b, 0xad, 0x83, 0x50, 0x8c, 0x54, 0x3b, 0x7a}};
    for (int form = 1; form <= 3; form++) {
        uint8_t digest[ESP_LOADER_MD5_SIZE];
        esp_loader_md5_t md5;
        blob_t blob = make_form(form);
        esp_loader_md5_init(&md5);
        esp_loader_md5_update(&md5, blob.bytes, blob.size);
        esp_loader_md5_finish(&md5, digest);
        assert_memory_equal(digest, expected[form - 1], sizeof(digest));
        free_blob(&blob);
    }
}

TEST(every_form_is_decoded)
{
    for (int form = 1; form <= 3; form++) {
        blob_t blob = make_form(form);
        uint32_t size = blob.size;
        resize_blob(&blob, size + 100); /* what follows belongs to nobody */
        assert_int_equal(check_image(&blob), ESP_LOADER_SUCCESS);
        assert_int_equal(image_info.chip_id, ESP_LOADER_IMAGE_NO_CHIP_ID);
        assert_int_equal(image_info.segment_count, form == 3 ? 3 : 2);
        assert_int_equal(image_info.entry_addr, 0x40100004);
        assert_int_equal(image_info.flash_mode, 2);
        assert_int_equal(image_info.flash_size_code, 4);
        assert_int_equal(image_info.flash_freq_code, 15);
        assert_int_equal(image_info.max_revision, 65535);
        assert_false(image_info.has_digest);
        assert_int_equal(image_info.size, size);
        assert_int_equal(image_info.has_crc, form == 2);
        assert_int_equal(image_info.segments_off, form == 2 ? V2_SECOND_HEADER + 8 : 8);
        free_blob(&blob);
    }
}

/* Whatever byte of a segment for RAM is damaged, the checksum says so, or the structure does not fit any
 * more; the flash content of form 2 is in the CRC only. */
TEST(damage_is_found)
{
    for (int form = 1; form <= 3; form++) {
        blob_t blob = make_form(form);
        const uint32_t data = form == 2 ? V2_SECOND_HEADER + 16 : 16;
        for (uint32_t at = form == 2 ? 8 : data; at < blob.size; at++) {
            bool is_padding = form != 2 && at >= (form == 3 ? 352 : 184) && at < blob.size - 1;
            bool is_header = form == 3 ? (at >= 176 && at < 184) || (at >= 244 && at < 252)
                                       : form == 1 && at >= 116 && at < 124;
            if (is_padding || is_header) {
                continue; /* in no checksum: a damaged size may or may not lead to another structure */
            }
            blob.bytes[at] ^= 0x01;
            esp_loader_error_t err = check_image(&blob);
            if (form != 2) {
                assert_int_not_equal(err, ESP_LOADER_SUCCESS);
            } else {
                assert_true(err != ESP_LOADER_SUCCESS || !image_info.has_crc);
            }
            blob.bytes[at] ^= 0x01;
        }
        free_blob(&blob);
    }
}

TEST(truncated_image_is_refused)
{
    for (int form = 1; form <= 3; form++) {
        blob_t blob = make_form(form);
        if (form == 2) {
            resize_blob(&blob, blob.size - 4); /* its CRC may be missing */
        }
        while (blob.size > 0) {
            resize_blob(&blob, blob.size - 1);
            assert_int_equal(check_image(&blob), ESP_LOADER_ERROR_IMAGE_FORMAT);
        }
        free_blob(&blob);
    }
}

/* What follows would be one. */
TEST(a_flash_segment_that_reaches_beyond_the_image_is_refused)
{
    blob_t inner = make_form(1);
    blob_t blob = make_blob(16 + inner.size, 0);

    memcpy(blob.bytes + 16, inner.bytes, inner.size);
    put_header(blob.bytes, 0xEA, 4);
    put_u32(blob.bytes + 8, 0);
    put_u32(blob.bytes + 12, inner.size + 1);
    assert_int_equal(check_image(&blob), ESP_LOADER_ERROR_IMAGE_FORMAT);
    free_blob(&inner);
    free_blob(&blob);
}

TEST(an_error_of_read_comes_back_whichever_read_fails)
{
    for (int form = 1; form <= 3; form++) {
        assert_every_read_counts(make_form(form), check_image);
    }
}

/* With two headers it is one by its first words, without looking further. */
static const struct {
    uint32_t at, word;
    bool is_certain;
} first_words[] = {{4, 0x40100004, true},  {4, 0x3FFE8000, true}, {4, 0x40300000, false},
                   {4, 0x12345678, false}, {8, 0, true},          {8, 1, false},
                   {8, 0x40100000, false}, {0, 0x4F0204EA, true}, {0, 0x4F0203EA, false}};

TEST_ROWS(first_words_leave_no_doubt_about_two_headers, first_words)
{
    target_chip_t chip;
    blob_t blob = make_form(2);
    put_u32(blob.bytes + row->at, row->word);
    assert_int_equal(eli_image_is_certain(blob.bytes, &chip), row->is_certain);
    free_blob(&blob);
}

/* esptool appends a CRC since 2.4.0, esptool2 never; no boot loader of this chip looks at it. */
TEST(an_image_without_a_crc_that_fits_is_sound)
{
    blob_t blob = make_form(2);
    blob.bytes[V2_SIZE - 1] ^= 1;
    assert_int_equal(check_image(&blob), ESP_LOADER_SUCCESS);
    assert_false(image_info.has_crc);
    assert_int_equal(image_info.size, V2_SIZE - 4);
    for (uint32_t cut = 1; cut <= 4; cut++) {
        resize_blob(&blob, V2_SIZE - cut);
        assert_int_equal(check_image(&blob), ESP_LOADER_SUCCESS);
        assert_false(image_info.has_crc);
        assert_int_equal(image_info.size, V2_SIZE - 4);
    }
    resize_blob(&blob, V2_SIZE + 12); /* padding */
    assert_int_equal(check_image(&blob), ESP_LOADER_SUCCESS);
    assert_int_equal(image_info.size, V2_SIZE - 4);
    blob.bytes[V2_SIZE - 5] ^= 1; /* the checksum */
    assert_image(blob, ESP_LOADER_ERROR_IMAGE_CHECKSUM);
}

static const struct {
    const char *what;
    uint32_t at, word;
} second_headers[] = {{"magic", V2_SECOND_HEADER, 0x4F0202EA},
                      {"number of segments", V2_SECOND_HEADER, 0x4F0211E9},
                      {"size of the flash content", 12, 0xFFFFFFF0}};

TEST_ROWS(second_header_must_be_one, second_headers)
{
    blob_t blob = make_form(2);
    print_message("%s\n", row->what);
    put_u32(blob.bytes + row->at, row->word);
    assert_image(blob, ESP_LOADER_ERROR_IMAGE_FORMAT);
}

TEST(first_bytes_tell_an_image_with_two_headers_from_data)
{
    eli_image_kind_t kind;
    blob_t blob = make_form(2);
    esp_loader_source_t source = source_of(&blob);
    assert_int_equal(eli_source_kind(&source, &kind), ESP_LOADER_SUCCESS);
    assert_int_equal(kind, ELI_IMAGE_EXECUTABLE);
    blob.bytes[1] = 5;
    assert_int_equal(eli_source_kind(&source, &kind), ESP_LOADER_SUCCESS);
    assert_int_equal(kind, ELI_IMAGE_DATA);
    free_blob(&blob);
}

/* Data, code and flash of this chip; in a longer header those bytes would be pins and drive strengths. */
static const struct {
    uint32_t address;
    bool is_short;
} first_addresses[] = {{0x3FFE7FFF, false}, {0x3FFE8000, true}, {0x3FFFFFFF, true}, {0x40000000, false},
                       {0x400FFFFF, false}, {0x40100000, true}, {0x402FFFFF, true}, {0x40300000, false}};

TEST_ROWS(the_first_address_tells_a_short_header, first_addresses)
{
    esp_loader_image_info_t info = {0};
    blob_t blob = make_esp8266_image(row->address, 100);
    esp_loader_source_t source = source_of(&blob);
    (void)eli_image_walk(&source, &info);
    assert_int_equal(info.chip_id == ESP_LOADER_IMAGE_NO_CHIP_ID, row->is_short);
    free_blob(&blob);
}

/* The parameters of a bootloader are in its one header; an app with two is left alone. */
TEST(one_header_is_patched_and_two_are_not)
{
    static const esp_loader_flash_params_t params = {.mode_code = 3, .freq_code = 0, .size_code = 2};
    for (int form = 1; form <= 2; form++) {
        esp_loader_image_patch_t patch;
        blob_t blob = make_form(form);
        esp_loader_source_t source = source_of(&blob);
        assert_int_equal(esp_loader_image_patch_prepare(&source, &params, &patch), ESP_LOADER_SUCCESS);
        assert_int_equal(patch.is_active, form == 1);
        esp_loader_image_patch_apply(&patch, 0, blob.bytes, blob.size);
        assert_int_equal(blob.bytes[2], form == 1 ? 3 : 2);
        assert_int_equal(blob.bytes[3], form == 1 ? 0x20 : 0x4F);
        assert_image(blob, ESP_LOADER_SUCCESS);
    }
}
