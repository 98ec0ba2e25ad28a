/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Segment headers: load address and size, each four bytes, little endian. Source: esptool 5.3, firmware image
 * format.
 */
#include "segments.h"

static uint32_t get_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

esp_loader_error_t segments_next(const esp_loader_source_t *source, uint32_t *offset, segment_t *out_segment)
{
    uint8_t header[8];

    if (*offset > source->size || sizeof(header) > source->size - *offset) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT;
    }
    RETURN_ON_ERROR(source->read(source->ctx, *offset, header, sizeof(header)));
    *out_segment = (segment_t){.address = get_u32(header),
                               .size = get_u32(header + 4),
                               .offset = *offset + (uint32_t)sizeof(header)};
    if (out_segment->size > source->size - out_segment->offset) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT; /* the file changes while it is read */
    }
    *offset = out_segment->offset + out_segment->size;
    return ESP_LOADER_SUCCESS;
}
