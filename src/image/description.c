/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an image says about itself: the descriptions at the beginning of an application's and of a
 * bootloader's first segment. Source: esp_app_desc.h and esp_bootloader_desc.h of ESP-IDF 6.
 */
#include "image/image.h"

#include <string.h>

#include "common/bytes.h"

#define DESCRIPTION_OFF  (ESP_LOADER_IMAGE_HEADER_SIZE + 8u) /* after the first segment's header */
#define APP_SIZE         182u                                /* what is read of 256 bytes */
#define APP_MAGIC        0xABCD5432u
#define BOOTLOADER_SIZE  64u /* what is read of 80 bytes */
#define BOOTLOADER_MAGIC 0x50u

/* A field that may use all of its bytes becomes a text with an end. */
static void copy_text(char *out, const uint8_t *field, size_t size)
{
    memcpy(out, field, size);
    out[size] = '\0';
}

static esp_loader_error_t read_description(const esp_loader_source_t *source, uint8_t *out, size_t size)
{
    eli_image_kind_t kind;

    RETURN_ON_ERROR(eli_source_kind(source, &kind));
    return kind == ELI_IMAGE_EXECUTABLE ? eli_source_read(source, DESCRIPTION_OFF, out, size)
                                        : ESP_LOADER_ERROR_IMAGE_FORMAT;
}

esp_loader_error_t esp_loader_app_description_read(const esp_loader_source_t *source,
                                                   esp_loader_app_description_t *out_description)
{
    uint8_t d[APP_SIZE];

    RETURN_ON_ERROR(read_description(source, d, sizeof(d)));
    if (eli_get_u32(d) != APP_MAGIC) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT;
    }
    out_description->secure_version = eli_get_u32(d + 4);
    copy_text(out_description->version, d + 16, 32);
    copy_text(out_description->project, d + 48, 32);
    copy_text(out_description->time, d + 80, 16);
    copy_text(out_description->date, d + 96, 16);
    copy_text(out_description->sdk, d + 112, 32);
    memcpy(out_description->elf_sha256, d + 144, 32);
    out_description->min_block_revision = eli_get_u16(d + 176);
    out_description->max_block_revision = eli_get_u16(d + 178);
    out_description->mmu_page_log2 = d[180];
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t
esp_loader_bootloader_description_read(const esp_loader_source_t *source,
                                       esp_loader_bootloader_description_t *out_description)
{
    uint8_t d[BOOTLOADER_SIZE];

    RETURN_ON_ERROR(read_description(source, d, sizeof(d)));
    if (d[0] != BOOTLOADER_MAGIC) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT;
    }
    out_description->secure_version = d[3];
    out_description->version = eli_get_u32(d + 4);
    copy_text(out_description->sdk, d + 8, 32);
    copy_text(out_description->date_time, d + 40, 24);
    return ESP_LOADER_SUCCESS;
}
