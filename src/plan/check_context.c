/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What all checks of a plan's content need: recording what is wrong, and going through the parts of the images.
 */
#include "plan/check.h"

esp_loader_error_t eli_check_fail(eli_check_t *check, size_t index, uint32_t offset, esp_loader_error_t error,
                                  esp_loader_fault_t fault, uint32_t value)
{
    check->detail->stage = ESP_LOADER_STAGE_CHECK;
    check->detail->attempts = 0;
    check->detail->error = error;
    check->detail->cause = error;
    check->detail->fault = (uint8_t)fault;
    check->detail->address = check->images[index].offset + offset;
    check->detail->value = value;
    check->detail->image = (int32_t)index;
    return error;
}

esp_loader_error_t eli_check_fail_content(eli_check_t *check, size_t index, uint32_t offset,
                                          esp_loader_error_t error)
{
    if (error == ESP_LOADER_ERROR_IMAGE_FORMAT || error == ESP_LOADER_ERROR_IMAGE_CHECKSUM) {
        return eli_check_fail(check, index, offset, error, ESP_LOADER_FAULT_NONE, 0);
    }
    return eli_check_fail(check, index, offset, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_FAULT_NONE,
                          (uint32_t)error);
}

static esp_loader_error_t visit_image(eli_check_t *check, size_t index, eli_check_visit_t visit)
{
    const esp_loader_image_t *image = &check->images[index];
    esp_loader_parts_t parts;
    esp_loader_part_t part;

    esp_loader_parts_begin(&parts, &image->source, image->offset);
    do {
        esp_loader_error_t err = esp_loader_parts_next(&parts, &part);
        if (err != ESP_LOADER_SUCCESS) {
            return eli_check_fail_content(check, index, 0, err);
        }
        if (part.offset == 0 || eli_check_is_merged(image)) {
            RETURN_ON_ERROR(visit(check, index, &part));
        }
    } while (part.kind != ESP_LOADER_PART_END && eli_check_is_merged(image));
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_check_each_part(eli_check_t *check, eli_check_visit_t visit)
{
    for (size_t i = 0; i < check->count; i++) {
        if (!check->images[i].is_raw) {
            RETURN_ON_ERROR(visit_image(check, i, visit));
        }
    }
    return ESP_LOADER_SUCCESS;
}
