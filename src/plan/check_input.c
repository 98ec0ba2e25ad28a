/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Everything about a plan that can be checked without a target: arguments and ranges here, the content in
 * check_tables.c, check_parts.c and check_places.c. What needs the target is checked in check_target.c.
 */
#include "plan/check.h"

#define MIN_BUFFER_SIZE 256u

static bool are_options_valid(const esp_loader_plan_options_t *options)
{
    return options != NULL && options->buffer != NULL && options->buffer_size >= MIN_BUFFER_SIZE &&
           (options->flash_params == NULL || eli_flash_params_are_valid(options->flash_params));
}

static esp_loader_error_t check_range(eli_check_t *check, size_t index)
{
    const esp_loader_image_t *image = &check->images[index];

    if (image->source.read == NULL || image->source.size == 0) {
        return eli_check_fail(check, index, 0, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_FAULT_NONE,
                              image->source.size);
    }
    if (image->offset % ESP_LOADER_SECTOR_SIZE != 0) {
        return eli_check_fail(check, index, 0, ESP_LOADER_ERROR_ALIGNMENT, ESP_LOADER_FAULT_NONE, 0);
    }
    if (image->source.size - 1 > UINT32_MAX - image->offset) {
        return eli_check_fail(check, index, 0, ESP_LOADER_ERROR_FLASH_RANGE, ESP_LOADER_FAULT_NONE,
                              image->source.size);
    }
    return ESP_LOADER_SUCCESS;
}

static uint32_t last_sector(const esp_loader_image_t *image)
{
    return (image->offset + (image->source.size - 1)) / ESP_LOADER_SECTOR_SIZE;
}

/* Against the images before it, whose ranges are checked. */
static esp_loader_error_t check_overlap(eli_check_t *check, size_t index)
{
    const esp_loader_image_t *image = &check->images[index];

    for (size_t i = 0; i < index; i++) {
        const esp_loader_image_t *other = &check->images[i];
        if (image->offset / ESP_LOADER_SECTOR_SIZE <= last_sector(other) &&
            other->offset / ESP_LOADER_SECTOR_SIZE <= last_sector(image)) {
            return eli_check_fail(check, index, 0, ESP_LOADER_ERROR_OVERLAP, ESP_LOADER_FAULT_NONE,
                                  other->offset);
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check_ranges(eli_check_t *check)
{
    for (size_t i = 0; i < check->count; i++) {
        RETURN_ON_ERROR(check_range(check, i));
    }
    for (size_t i = 0; i < check->count; i++) {
        RETURN_ON_ERROR(check_overlap(check, i));
    }
    return ESP_LOADER_SUCCESS;
}

/* The images may state their chip. */
static esp_loader_error_t check_places(eli_check_t *check)
{
    target_chip_t chip = check->has_chip_id ? esp_loader_chip_of_image(check->chip_id) : ESP_UNKNOWN_CHIP;
    const uint32_t bootloader_offset = esp_loader_chip_bootloader_offset(chip);

    for (size_t i = 0; chip != ESP_UNKNOWN_CHIP && i < check->count; i++) {
        RETURN_ON_ERROR(eli_check_places(check, i, check->chip_id, bootloader_offset));
    }
    return ESP_LOADER_SUCCESS;
}

/* Each step relies on the ones before it having passed for every image. */
esp_loader_error_t eli_check_all(eli_check_t *check, const esp_loader_plan_options_t *options)
{
    *check->detail = (esp_loader_error_detail_t){.stage = ESP_LOADER_STAGE_CHECK, .image = -1};
    if (check->images == NULL || check->count == 0 || !are_options_valid(options)) {
        check->detail->error = ESP_LOADER_ERROR_INVALID_PARAM;
        check->detail->cause = ESP_LOADER_ERROR_INVALID_PARAM;
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    check->params = options->flash_params;
    check->sums_are_checked = options->content_is_checked;
    RETURN_ON_ERROR(check_ranges(check));
    RETURN_ON_ERROR(eli_check_table(check));
    RETURN_ON_ERROR(eli_check_parts(check));
    return check_places(check);
}

esp_loader_error_t esp_loader_plan_check(const esp_loader_image_t *images, size_t count,
                                         const esp_loader_plan_options_t *options,
                                         esp_loader_error_detail_t *out_detail)
{
    esp_loader_error_detail_t unread;
    eli_check_t check = {
        .images = images, .count = count, .detail = out_detail != NULL ? out_detail : &unread};

    return eli_check_all(&check, options);
}
