/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The places where a chip looks for something: whatever file covers them, there has to be what it looks for.
 */
#include "plan/check.h"

/* What a bootloader takes a header's size for whose code has no meaning. Source: update_flash_config() of
 * ESP-IDF 6.0's bootloader. */
#define SIZE_OF_NO_CODE 0x200000u

static esp_loader_error_t part_at(eli_check_t *check, size_t index, uint32_t flash_offset,
                                  esp_loader_part_t *out_part)
{
    const esp_loader_image_t *image = &check->images[index];
    const uint32_t offset = flash_offset - image->offset;

    esp_loader_error_t err = esp_loader_part_at(&image->source, offset, out_part);
    return err == ESP_LOADER_SUCCESS ? err : eli_check_fail_content(check, index, offset, err);
}

/* Fails because of the content at @p flash_offset; a file of a known format is called by its name. */
static esp_loader_error_t fail_at(eli_check_t *check, size_t index, uint32_t flash_offset,
                                  esp_loader_error_t error, esp_loader_fault_t fault)
{
    esp_loader_part_t first;

    RETURN_ON_ERROR(part_at(check, index, check->images[index].offset, &first));
    if (first.kind == ESP_LOADER_PART_FOREIGN) {
        return eli_check_fail(check, index, 0, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_FAULT_FOREIGN,
                              first.format);
    }
    return eli_check_fail(check, index, flash_offset - check->images[index].offset, error, fault, 0);
}

/* ---- the bootloader ---- */

/* Flash parameters are covered by a signature: the block of secure boot V2 after the image, or the digest of
 * V1 in front of it in the same file. */
static esp_loader_error_t is_signed(eli_check_t *check, size_t index, const esp_loader_part_t *bootloader,
                                    bool *out_is_signed)
{
    const esp_loader_image_t *image = &check->images[index];
    esp_loader_part_t part = {.kind = ESP_LOADER_PART_BLANK};

    *out_is_signed = bootloader->is_signed;
    for (uint32_t offset = 0; offset < bootloader->offset && !*out_is_signed;
         offset += ESP_LOADER_SECTOR_SIZE) {
        RETURN_ON_ERROR(part_at(check, index, image->offset + offset, &part));
        *out_is_signed = part.kind != ESP_LOADER_PART_BLANK;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check_patch(eli_check_t *check, size_t index, const esp_loader_part_t *bootloader)
{
    bool is_fixed = false;

    if (check->params == NULL || !eli_flash_params_change(check->params, &bootloader->info)) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(is_signed(check, index, bootloader, &is_fixed));
    return is_fixed ? eli_check_fail(check, index, bootloader->offset, ESP_LOADER_ERROR_SECURITY,
                                     ESP_LOADER_FAULT_SIGNED, 0)
                    : ESP_LOADER_SUCCESS;
}

/* A bootloader believes its header, as it will be in flash, and refuses a table that needs more. */
static esp_loader_error_t check_header_size(eli_check_t *check, const esp_loader_part_t *bootloader)
{
    esp_loader_image_info_t info = bootloader->info;

    if (check->params != NULL && check->params->size_code != ESP_LOADER_FLASH_KEEP) {
        info.flash_size_code = check->params->size_code;
    }
    const uint32_t size = esp_loader_image_flash_size(&info);
    return info.chip_id == ESP_LOADER_IMAGE_NO_CHIP_ID
               ? ESP_LOADER_SUCCESS
               : eli_check_partitions_end(check, size != 0 ? size : SIZE_OF_NO_CODE,
                                          ESP_LOADER_FAULT_PARTITION_HEADER);
}

static esp_loader_error_t check_bootloader(eli_check_t *check, size_t index, uint32_t place)
{
    esp_loader_part_t part;

    if (!eli_check_covers(&check->images[index], place)) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(part_at(check, index, place, &part));
    if (part.kind != ESP_LOADER_PART_EXECUTABLE) {
        return fail_at(check, index, place, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_FAULT_NONE);
    }
    RETURN_ON_ERROR(check_patch(check, index, &part));
    return check_header_size(check, &part);
}

/* ---- the table ---- */

/* Without a table among the images. A file of one of the other formats never belongs there; anything else not
 * where there is also something that needs a table: what begins there beside any executable image, and what a
 * larger file has there beside an app. */
static esp_loader_error_t check_table_place(eli_check_t *check, size_t index)
{
    const esp_loader_image_t *image = &check->images[index];
    esp_loader_part_t first;

    if (check->table_image != ELI_NO_IMAGE || check->is_table_place_loaded ||
        !eli_check_covers(image, ELI_USUAL_TABLE)) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(part_at(check, index, image->offset, &first));
    bool is_needed = image->offset == ELI_USUAL_TABLE ? check->has_chip_id : check->has_app;
    return first.kind == ESP_LOADER_PART_FOREIGN || is_needed
               ? fail_at(check, index, ELI_USUAL_TABLE, ESP_LOADER_ERROR_IMAGE_PLACE,
                         ESP_LOADER_FAULT_PLACE_TABLE)
               : ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_check_places(eli_check_t *check, size_t index, uint16_t chip_id,
                                    uint32_t bootloader_offset)
{
    if (check->images[index].is_raw) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(check_bootloader(check, index, bootloader_offset));
    return chip_id != ESP_LOADER_IMAGE_NO_CHIP_ID ? check_table_place(check, index) : ESP_LOADER_SUCCESS;
}

/* ---- an app ---- */

esp_loader_error_t eli_check_may_be_misplaced(eli_check_t *check, size_t index, bool *out_may_be)
{
    const esp_loader_image_t *image = &check->images[index];
    esp_loader_part_t part;

    *out_may_be = false;
    if (image->is_raw || check->table_image != ELI_NO_IMAGE) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(part_at(check, index, image->offset, &part));
    *out_may_be = part.kind == ESP_LOADER_PART_FOREIGN || part.is_bootloader;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_check_fail_misplaced(eli_check_t *check, size_t index)
{
    return fail_at(check, index, check->images[index].offset, ESP_LOADER_ERROR_IMAGE_PLACE,
                   ESP_LOADER_FAULT_PLACE_APP);
}
