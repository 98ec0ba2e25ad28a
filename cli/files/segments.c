/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Segment headers: load address and size, each four bytes, little endian. Source: esptool 5.3, firmware image
 * format.
 */
#include "files/segments.h"

/** Of the ESP8266's flash content in front of a second header. */
enum { FLASH_CONTENT_OFF = 8 };

static uint32_t get_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

void segments_begin(segments_t *segments, const esp_loader_source_t *source,
                    const esp_loader_image_info_t *info)
{
    *segments = (segments_t){.source = source,
                             .info = info,
                             .offset = info->has_flash_content ? FLASH_CONTENT_OFF : info->segments_off,
                             .count = info->segment_count + (info->has_flash_content ? 1u : 0u)};
}

esp_loader_error_t segments_next(segments_t *segments, segment_t *out_segment)
{
    const esp_loader_source_t *source = segments->source;
    uint8_t header[8];

    if (segments->offset > source->size || sizeof(header) > source->size - segments->offset) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT;
    }
    RETURN_ON_ERROR(source->read(source->ctx, segments->offset, header, sizeof(header)));
    *out_segment = (segment_t){.address = get_u32(header),
                               .size = get_u32(header + 4),
                               .offset = segments->offset + (uint32_t)sizeof(header)};
    if (out_segment->size > source->size - out_segment->offset) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT; /* the file changes while it is read */
    }
    segments->offset = out_segment->offset + out_segment->size;
    if (segments->info->has_flash_content && segments->index == 0) {
        segments->offset = segments->info->segments_off; /* after the second header */
    }
    segments->index++;
    return ESP_LOADER_SUCCESS;
}
