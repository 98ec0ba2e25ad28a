/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sources of bytes: the one for memory, and the one place where the library reads from a source for a check.
 */
#include "image/image.h"

#include <string.h>

esp_loader_error_t esp_loader_read_memory(void *ctx, uint32_t offset, void *buf, size_t size)
{
    if (ctx == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    memcpy(buf, (const uint8_t *)ctx + offset, size);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_view(void *ctx, uint32_t offset, void *buf, size_t size)
{
    const esp_loader_view_t *view = ctx;

    return view->source->read(view->source->ctx, view->offset + offset, buf, size);
}

esp_loader_source_t esp_loader_view(esp_loader_view_t *view, const esp_loader_source_t *source,
                                    uint32_t offset)
{
    *view = (esp_loader_view_t){source, offset < source->size ? offset : source->size};
    return (esp_loader_source_t){.read = read_view, .ctx = view, .size = source->size - view->offset};
}

esp_loader_error_t eli_source_read(const esp_loader_source_t *source, uint32_t offset, void *buf, size_t size)
{
    if (offset > source->size || size > source->size - offset) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT;
    }
    return source->read(source->ctx, offset, buf, size);
}

esp_loader_error_t eli_source_kind(const esp_loader_source_t *source, eli_image_kind_t *out_kind)
{
    uint8_t first[2] = {0};

    *out_kind = ELI_IMAGE_DATA;
    if (source->size < sizeof(first)) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_source_read(source, 0, first, sizeof(first)));
    if (first[0] == ESP_LOADER_IMAGE_MAGIC || (first[0] == ELI_IMAGE_MAGIC_V2 && first[1] == 4)) {
        *out_kind = ELI_IMAGE_EXECUTABLE;
    } else if (first[0] == 0xAA && first[1] == 0x50) {
        *out_kind = ELI_IMAGE_PARTITION_TABLE;
    }
    return ESP_LOADER_SUCCESS;
}
