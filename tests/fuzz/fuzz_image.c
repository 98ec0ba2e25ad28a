/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Executable images. What is accepted lies inside its source and does not depend on what follows; without its
 * last byte it is refused; with other flash parameters it is still accepted and says them. What the simulated
 * chip boots from, another reading of the same format, the library accepts.
 *
 * Input: flash parameters, where to cut the image for patching, then the image.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/image.h"
#include "../../tools/mkimage/image.h"
#include "esp_sim.h"
#include "source.h"

enum { DIGEST_FLAG_OFF = 23, IMAGE_OFF = 0x1000, ESP32S3_ID = 9 };

static void check_accepted(fuzz_input_t image, const esp_loader_image_info_t *info)
{
    esp_loader_image_info_t same;
    FUZZ_CHECK(info->size <= image.size && info->size % 4 == 0);
    FUZZ_CHECK(info->segment_count >= 1 && info->segment_count <= ESP_LOADER_IMAGE_MAX_SEGMENTS);
    FUZZ_CHECK(info->segments_off < info->size && info->tail_size < info->size);
    FUZZ_CHECK(!info->has_digest || info->tail_size == ESP_LOADER_SHA256_SIZE);

    uint8_t *exact = fuzz_copy((fuzz_input_t){image.data, info->size});
    fuzz_input_t cut = {exact, info->size};
    esp_loader_source_t source = fuzz_source(&cut);
    FUZZ_CHECK(esp_loader_image_check(&source, &same) == ESP_LOADER_SUCCESS);
    FUZZ_CHECK(same.size == info->size && same.segments_off == info->segments_off);
    FUZZ_CHECK(same.entry_addr == info->entry_addr && same.chip_id == info->chip_id);
    cut.size -= info->has_crc ? 5 : 1; /* without its CRC it is still one */
    source = fuzz_source(&cut);
    FUZZ_CHECK(esp_loader_image_check(&source, &same) != ESP_LOADER_SUCCESS);
    free(exact);
}

static void check_patched(const esp_loader_flash_params_t *params, fuzz_input_t image,
                          const esp_loader_image_info_t *before)
{
    esp_loader_image_info_t info;
    esp_loader_source_t source = fuzz_source(&image);
    FUZZ_CHECK(esp_loader_image_check(&source, &info) == ESP_LOADER_SUCCESS);
    FUZZ_CHECK(info.size == before->size && info.entry_addr == before->entry_addr);
    FUZZ_CHECK(info.flash_mode ==
               (params->mode_code == ESP_LOADER_FLASH_KEEP ? before->flash_mode : params->mode_code));
    FUZZ_CHECK(info.flash_size_code ==
               (params->size_code == ESP_LOADER_FLASH_KEEP ? before->flash_size_code : params->size_code));
    FUZZ_CHECK(info.flash_freq_code ==
               (params->freq_code == ESP_LOADER_FLASH_KEEP ? before->flash_freq_code : params->freq_code));
}

static void patch(const esp_loader_flash_params_t *params, uint8_t piece, fuzz_input_t image,
                  const esp_loader_image_info_t *info)
{
    esp_loader_image_patch_t patch;
    esp_loader_source_t source = fuzz_source(&image);
    if (esp_loader_image_patch_prepare(&source, params, &patch) != ESP_LOADER_SUCCESS) {
        FUZZ_CHECK(!patch.is_active);
        return;
    }
    uint8_t *whole = fuzz_copy(image);
    uint8_t *pieces = fuzz_copy(image);
    size_t step = piece % 40u + 1;
    esp_loader_image_patch_apply(&patch, 0, whole, image.size);
    for (size_t at = 0; at < image.size; at += step) {
        size_t size = image.size - at < step ? image.size - at : step;
        esp_loader_image_patch_apply(&patch, (uint32_t)at, pieces + at, size);
    }
    FUZZ_CHECK(image.size == 0 || memcmp(whole, pieces, image.size) == 0);
    for (size_t i = 0; i < image.size; i++) {
        bool is_digest = patch.digest_off <= i && i - patch.digest_off < ESP_LOADER_SHA256_SIZE;
        FUZZ_CHECK(whole[i] == image.data[i] || (patch.is_active && (i == 2 || i == 3 || is_digest)));
    }
    if (info != NULL && patch.is_active) {
        check_patched(params, (fuzz_input_t){whole, image.size}, info);
    }
    free(whole);
    free(pieces);
}

static void describe(const esp_loader_source_t *source)
{
    esp_loader_app_description_t app;
    esp_loader_bootloader_description_t bootloader;
    if (esp_loader_app_description_read(source, &app) == ESP_LOADER_SUCCESS) {
        FUZZ_CHECK(strlen(app.version) < sizeof(app.version) && strlen(app.project) < sizeof(app.project));
        FUZZ_CHECK(strlen(app.time) < sizeof(app.time) && strlen(app.date) < sizeof(app.date));
        FUZZ_CHECK(strlen(app.sdk) < sizeof(app.sdk));
    }
    if (esp_loader_bootloader_description_read(source, &bootloader) == ESP_LOADER_SUCCESS) {
        FUZZ_CHECK(strlen(bootloader.sdk) < sizeof(bootloader.sdk));
        FUZZ_CHECK(strlen(bootloader.date_time) < sizeof(bootloader.date_time));
    }
}

/* The library takes an image for one of the ESP8266 by what another has as pin settings. */
static bool looks_like_esp8266(fuzz_input_t image)
{
    return image.size < 12 || image.data[11] == 0x3F || image.data[11] == 0x40;
}

static void compare_with_chip(fuzz_input_t image, const esp_loader_image_info_t *info)
{
    static esp_sim_t *sim;
    char error[200];
    sim_image_why_t why;
    sim_image_t seen;
    if (sim == NULL) {
        sim = esp_sim_new(&(esp_sim_config_t){.chip = "esp32s3", .flash_size = 256 * 1024}, error,
                          sizeof(error));
        FUZZ_CHECK(sim != NULL);
    }
    memcpy(esp_sim_flash(sim) + IMAGE_OFF, image.data, image.size);
    if (sim_image_check(sim, IMAGE_OFF, (uint32_t)image.size, SIM_READER_BOOTLOADER, &seen, &why) &&
        !looks_like_esp8266(image) && image.data[DIGEST_FLAG_OFF] <= 1) {
        FUZZ_CHECK(info != NULL && info->size == seen.size && info->entry_addr == seen.entry);
        FUZZ_CHECK(info->chip_id == ESP32S3_ID && info->segment_count == seen.segment_count);
    }
    memset(esp_sim_flash(sim) + IMAGE_OFF, 0xFF, image.size);
}

void fuzz_one(const uint8_t *data, size_t size)
{
    fuzz_input_t input = {data, size};
    const uint8_t mode = fuzz_u8(&input);
    const uint8_t codes = fuzz_u8(&input);
    const uint8_t piece = fuzz_u8(&input);
    const esp_loader_flash_params_t params = {
        .mode_code = mode,
        .freq_code = (piece & 0x40) != 0 ? ESP_LOADER_FLASH_KEEP : codes & 0x0F,
        .size_code = (piece & 0x80) != 0 ? ESP_LOADER_FLASH_KEEP : codes >> 4};
    fuzz_input_t image = fuzz_take(&input, 16384);
    esp_loader_image_info_t info;
    const esp_loader_source_t source = fuzz_source(&image);

    bool is_accepted = esp_loader_image_check(&source, &info) == ESP_LOADER_SUCCESS;
    if (is_accepted) {
        check_accepted(image, &info);
    }
    patch(&params, piece, image, is_accepted ? &info : NULL);
    describe(&source);
    if (image.size > 0) {
        compare_with_chip(image, is_accepted ? &info : NULL);
    }
}

static void put_image(fuzz_seed_t *seed, const char *chip, bool is_app, bool has_digest)
{
    const mkimage_chip_t *row = mkimage_chip_find(chip);
    FUZZ_CHECK(row != NULL);
    const mkimage_options_t options = {.chip = row,
                                       .header_chip_id = row->image_id,
                                       .max_revision = 65535,
                                       .has_digest = has_digest,
                                       .fill = MKIMAGE_FILL_ZERO,
                                       .project = "fuzz",
                                       .version = "1"};
    size_t size = 0;
    uint8_t *image = (is_app ? mkimage_app : mkimage_bootloader)(&options, MKIMAGE_MIN_SIZE, &size);
    FUZZ_CHECK(image != NULL);
    fuzz_put(seed, image, size);
    free(image);
}

/* An image of the ESP8266 with one short segment, and one with flash content in front. */
static void put_esp8266(fuzz_seed_t *seed, bool has_flash_content)
{
    static const uint8_t plain[] = {0xE9, 1, 2, 0x30, 4, 0, 0x10, 0x40, 0, 0, 0x10, 0x40, 4, 0, 0, 0,
                                    1,    2, 3, 4,    0, 0, 0,    0,    0, 0, 0,    0,    0, 0, 0, 0xEF ^ 4};
    static const uint8_t first[] = {0xEA, 4, 0, 0, 0, 0, 0x10, 0x40, 0, 0, 0, 0, 0, 0, 0, 0};
    if (has_flash_content) {
        fuzz_put(seed, first, sizeof(first));
    }
    fuzz_put(seed, plain, sizeof(plain));
    fuzz_put_u32(seed, 0);
}

FUZZ_SEEDS(8)
{
    fuzz_put_u8(seed, number % 2 == 0 ? 2 : ESP_LOADER_FLASH_KEEP);
    fuzz_put_u8(seed, 0x3F);
    fuzz_put_u8(seed, number * 37);
    if (number < 6) {
        put_image(seed, number < 4 ? "esp32s3" : "esp32", number % 2 != 0, number / 2 % 2 == 0);
    } else {
        put_esp8266(seed, number == 7);
    }
}
