/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Changing flash parameters in an image's header: what is changed, that the digest fits again, and what is
 * refused.
 */
#include <string.h>

#include "builders.h"
#include "test.h"

#define KEEP ESP_LOADER_FLASH_KEEP

static esp_loader_image_patch_t patch;

static esp_loader_error_t prepare(blob_t *blob, const esp_loader_flash_params_t *params)
{
    esp_loader_source_t source = source_of(blob);

    return esp_loader_image_patch_prepare(&source, params, &patch);
}

TEST(a_patched_image_has_new_parameters_and_a_right_digest)
{
    const esp_loader_flash_params_t params = {.mode_code = 0, .freq_code = 2, .size_code = 4};
    image_spec_t spec = plain_image;

    spec.trailing = 64;
    blob_t blob = make_image(&spec);
    blob_t original = make_image(&spec);
    assert_int_equal(prepare(&blob, &params), ESP_LOADER_SUCCESS);
    assert_true(patch.is_active);
    esp_loader_image_patch_apply(&patch, 0, blob.bytes, blob.size);
    assert_int_equal(check_image(&blob), ESP_LOADER_SUCCESS);
    assert_int_equal(image_info.flash_mode, 0);
    assert_int_equal(image_info.flash_freq_code, 2);
    assert_int_equal(image_info.flash_size_code, 4);
    assert_memory_equal(blob.bytes + 4, original.bytes + 4, image_info.size - 32 - 4);
    assert_memory_equal(blob.bytes + image_info.size, original.bytes + image_info.size, 64);
    free_blob(&blob);
    free_blob(&original);
}

static const struct {
    esp_loader_flash_params_t params;
    uint8_t mode;
    uint8_t size_freq;
} changes[] = {
    {{0, KEEP, KEEP}, 0x00, 0x0F},
    {{KEEP, 0, KEEP}, 0x02, 0x00},
    {{KEEP, KEEP, 5}, 0x02, 0x5F},
    {{1, 0x0F, 0x0F}, 0x01, 0xFF},
};

TEST_ROWS(each_parameter_can_be_kept, changes)
{
    blob_t blob = make_image(&plain_image);

    assert_int_equal(prepare(&blob, &row->params), ESP_LOADER_SUCCESS);
    esp_loader_image_patch_apply(&patch, 0, blob.bytes, blob.size);
    assert_int_equal(blob.bytes[2], row->mode);
    assert_int_equal(blob.bytes[3], row->size_freq);
    assert_image(blob, ESP_LOADER_SUCCESS);
}

TEST(what_is_kept_is_what_the_image_has)
{
    const esp_loader_flash_params_t params = {.mode_code = KEEP, .freq_code = KEEP, .size_code = 5};
    blob_t blob = plain_image_for(TEST_CHIP_ID);

    blob.bytes[3] = 0x21;
    assert_int_equal(prepare(&blob, &params), ESP_LOADER_SUCCESS);
    esp_loader_image_patch_apply(&patch, 0, blob.bytes, blob.size);
    assert_int_equal(blob.bytes[3], 0x51);
    free_blob(&blob);
}

TEST(patching_in_pieces_is_patching_at_once)
{
    const esp_loader_flash_params_t params = {.mode_code = 3, .freq_code = 1, .size_code = 5};
    blob_t whole = make_image(&plain_image);

    assert_int_equal(prepare(&whole, &params), ESP_LOADER_SUCCESS);
    esp_loader_image_patch_apply(&patch, 0, whole.bytes, whole.size);
    for (uint32_t piece = 1; piece <= 64; piece++) {
        blob_t blob = make_image(&plain_image);
        for (uint32_t offset = 0; offset < blob.size; offset += piece) {
            uint32_t size = blob.size - offset < piece ? blob.size - offset : piece;
            esp_loader_image_patch_apply(&patch, offset, blob.bytes + offset, size);
        }
        assert_memory_equal(blob.bytes, whole.bytes, whole.size);
        free_blob(&blob);
    }
    free_blob(&whole);
}

TEST(an_image_without_digest_is_patched_in_the_header_only)
{
    const esp_loader_flash_params_t params = {.mode_code = 0, .freq_code = KEEP, .size_code = KEEP};
    image_spec_t spec = plain_image;

    spec.has_digest = false;
    blob_t blob = make_image(&spec);
    blob_t original = make_image(&spec);
    assert_int_equal(prepare(&blob, &params), ESP_LOADER_SUCCESS);
    assert_int_equal(patch.digest_off, UINT32_MAX);
    esp_loader_image_patch_apply(&patch, 0, blob.bytes, blob.size);
    assert_int_equal(blob.bytes[2], 0);
    assert_memory_equal(blob.bytes + 3, original.bytes + 3, blob.size - 3);
    free_blob(&blob);
    free_blob(&original);
}

static const struct {
    const char *what;
    uint32_t size; /* of data; 0: none, and not an image either */
    bool is_image;
    esp_loader_flash_params_t params;
} unpatched[] = {{"all is kept", 0, true, {KEEP, KEEP, KEEP}},
                 {"data", 64, false, {0, 0, 0}},
                 {"empty", 0, false, {0, 0, 0}}};

TEST_ROWS(nothing_is_patched_where_there_is_nothing_to_patch, unpatched)
{
    uint8_t bytes[4] = {0xE9, 1, 2, 3};
    blob_t blob = row->is_image ? make_image(&plain_image) : make_blob(row->size, 0x11);
    print_message("%s\n", row->what);
    assert_int_equal(prepare(&blob, &row->params), ESP_LOADER_SUCCESS);
    assert_false(patch.is_active);
    esp_loader_image_patch_apply(&patch, 0, bytes, sizeof(bytes));
    assert_int_equal(bytes[2], 2);
    free_blob(&blob);
}

TEST(a_patch_that_cannot_be_is_refused)
{
    const esp_loader_flash_params_t params = {0, 0, 0};
    const esp_loader_flash_params_t big_freq = {0, 0x10, 0};
    const esp_loader_flash_params_t big_size = {0, 0, 0xFE};
    blob_t blob = make_image(&plain_image);

    assert_int_equal(prepare(&blob, &big_freq), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(prepare(&blob, &big_size), ESP_LOADER_ERROR_INVALID_PARAM);
    blob.bytes[1] = 17;
    assert_int_equal(prepare(&blob, &params), ESP_LOADER_ERROR_IMAGE_FORMAT);
    free_blob(&blob);
}

static esp_loader_error_t prepare_zeros(blob_t *blob)
{
    static const esp_loader_flash_params_t params = {0, 0, 0};

    return prepare(blob, &params);
}

TEST(an_error_of_read_stops_patching_whichever_read_fails)
{
    assert_every_read_counts(make_image(&plain_image), prepare_zeros);
}
