/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The content of a plan's images: executable images are complete, for one chip, and where they can start; an
 * app partition of the table has an app.
 */
#include "plan/check.h"

#include <string.h>

static esp_loader_error_t check_sum(eli_check_t *check, size_t index, const esp_loader_part_t *part)
{
    esp_loader_view_t view;
    esp_loader_image_info_t info;
    const esp_loader_source_t image = esp_loader_view(&view, &check->images[index].source, part->offset);

    esp_loader_error_t err = esp_loader_image_check(&image, &info);
    return err == ESP_LOADER_SUCCESS ? err : eli_check_fail_content(check, index, part->offset, err);
}

/* Keeps what later checks ask for; all images are for one chip. */
static esp_loader_error_t note_part(eli_check_t *check, size_t index, const esp_loader_part_t *part)
{
    const uint32_t offset = check->images[index].offset + part->offset;
    const uint16_t chip_id = part->info.chip_id;

    if (check->has_chip_id && chip_id != check->chip_id) {
        return eli_check_fail(check, index, part->offset, ESP_LOADER_ERROR_IMAGE_CHIP, ESP_LOADER_FAULT_NONE,
                              chip_id);
    }
    check->has_chip_id = true;
    check->chip_id = chip_id;
    check->has_app = check->has_app || part->is_mapped;
    check->is_table_place_loaded =
        check->is_table_place_loaded || (offset < ELI_USUAL_TABLE && part->size > ELI_USUAL_TABLE - offset);
    return ESP_LOADER_SUCCESS;
}

/* Before the table nothing is started but the bootloader, by the ROM, which loads to RAM. The ESP8266 has
 * boot loaders of many makes, with places of their own. */
static esp_loader_error_t check_place(eli_check_t *check, size_t index, const esp_loader_part_t *part)
{
    const uint32_t offset = check->images[index].offset + part->offset;
    const uint32_t table = check->table_image != ELI_NO_IMAGE ? check->table_offset : ELI_USUAL_TABLE;
    const uint32_t place = esp_loader_chip_bootloader_offset(part->chip);
    esp_loader_fault_t fault = ESP_LOADER_FAULT_NONE;

    if (part->chip == ESP_UNKNOWN_CHIP || part->info.chip_id == ESP_LOADER_IMAGE_NO_CHIP_ID) {
        return ESP_LOADER_SUCCESS;
    }
    if (offset == place) {
        fault = part->is_mapped ? ESP_LOADER_FAULT_PLACE_BOOTLOADER : ESP_LOADER_FAULT_NONE;
    } else if (offset < table) {
        fault = ESP_LOADER_FAULT_PLACE_OFFSET;
    } else if (offset == table) {
        fault = ESP_LOADER_FAULT_PLACE_TABLE;
    }
    return fault == ESP_LOADER_FAULT_NONE
               ? ESP_LOADER_SUCCESS
               : eli_check_fail(check, index, part->offset, ESP_LOADER_ERROR_IMAGE_PLACE, fault,
                                fault == ESP_LOADER_FAULT_PLACE_OFFSET ? place : 0);
}

esp_loader_error_t eli_check_end(eli_check_t *check, size_t index, uint32_t offset, uint32_t size,
                                 const esp_loader_partition_t *partition)
{
    const uint32_t before = check->images[index].offset + offset - partition->offset;

    if (size <= partition->size - before) {
        return ESP_LOADER_SUCCESS;
    }
    memcpy(check->detail->partition, partition->label, sizeof(check->detail->partition));
    return eli_check_fail(check, index, offset, ESP_LOADER_ERROR_PARTITION, ESP_LOADER_FAULT_IMAGE_LARGER,
                          size);
}

/* @p size bytes at @p offset of an image must lie inside the partition that has the first of them. */
static esp_loader_error_t check_fit(eli_check_t *check, size_t index, uint32_t offset, uint32_t size)
{
    const uint32_t flash_offset = check->images[index].offset + offset;
    esp_loader_partition_t partition;
    bool is_there;

    if (check->table_image == ELI_NO_IMAGE || flash_offset <= check->table_offset) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_check_partition_at(check, flash_offset, &partition, &is_there));
    if (!is_there) {
        return eli_check_fail(check, index, offset, ESP_LOADER_ERROR_PARTITION,
                              ESP_LOADER_FAULT_IMAGE_OUTSIDE, size);
    }
    return eli_check_end(check, index, offset, size, &partition);
}

static esp_loader_error_t check_part(eli_check_t *check, size_t index, const esp_loader_part_t *part)
{
    if (part->kind != ESP_LOADER_PART_EXECUTABLE) {
        return ESP_LOADER_SUCCESS;
    }
    if (!part->is_complete) {
        return eli_check_fail(check, index, part->offset, ESP_LOADER_ERROR_IMAGE_FORMAT,
                              ESP_LOADER_FAULT_NONE, 0);
    }
    if (!check->sums_are_checked) {
        RETURN_ON_ERROR(check_sum(check, index, part));
    }
    RETURN_ON_ERROR(note_part(check, index, part));
    RETURN_ON_ERROR(check_place(check, index, part));
    return check_fit(check, index, part->offset, part->size);
}

/* An app partition has an app, unless a file with more than that leaves it blank. */
static esp_loader_error_t check_app(eli_check_t *check, size_t index, const esp_loader_partition_t *partition)
{
    const esp_loader_image_t *image = &check->images[index];
    const uint32_t offset = partition->offset - image->offset;
    esp_loader_part_t part;

    esp_loader_error_t err = esp_loader_part_at(&image->source, offset, &part);
    if (err != ESP_LOADER_SUCCESS) {
        return eli_check_fail_content(check, index, offset, err);
    }
    if (part.kind == ESP_LOADER_PART_EXECUTABLE && part.is_bootloader) {
        memcpy(check->detail->partition, partition->label, sizeof(check->detail->partition));
        return eli_check_fail(check, index, offset, ESP_LOADER_ERROR_IMAGE_PLACE, ESP_LOADER_FAULT_PLACE_APP,
                              0);
    }
    if (part.kind == ESP_LOADER_PART_EXECUTABLE || (part.kind == ESP_LOADER_PART_BLANK && offset > 0)) {
        return ESP_LOADER_SUCCESS;
    }
    return eli_check_fail(
        check, index, offset, ESP_LOADER_ERROR_IMAGE_FORMAT,
        part.kind == ESP_LOADER_PART_FOREIGN ? ESP_LOADER_FAULT_FOREIGN : ESP_LOADER_FAULT_NONE, part.format);
}

static esp_loader_error_t check_apps(eli_check_t *check, size_t index)
{
    esp_loader_view_t view;
    const esp_loader_source_t table = eli_check_table_source(check, &view);
    esp_loader_partition_t partition;

    for (uint32_t i = 0; i < check->partition_count; i++) {
        esp_loader_error_t err = esp_loader_partition_get(&table, i, &partition);
        if (err != ESP_LOADER_SUCCESS) {
            return eli_check_fail_content(check, check->table_image, 0, err);
        }
        if (partition.type == ESP_LOADER_PARTITION_TYPE_APP &&
            eli_check_covers(&check->images[index], partition.offset)) {
            RETURN_ON_ERROR(check_app(check, index, &partition));
        }
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_check_parts(eli_check_t *check)
{
    for (size_t i = 0; i < check->count; i++) {
        if (!check->images[i].is_raw) {
            RETURN_ON_ERROR(check_fit(check, i, 0, check->images[i].source.size));
        }
    }
    RETURN_ON_ERROR(eli_check_each_part(check, check_part));
    for (size_t i = 0; check->table_image != ELI_NO_IMAGE && i < check->count; i++) {
        if (!check->images[i].is_raw) {
            RETURN_ON_ERROR(check_apps(check, i));
        }
    }
    return ESP_LOADER_SUCCESS;
}
