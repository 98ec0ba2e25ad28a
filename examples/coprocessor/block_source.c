/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "block_source.h"

#include <string.h>

static bool has_byte(const block_source_t *source, size_t image, uint32_t offset)
{
    return source->_image == image && offset >= source->_offset && offset - source->_offset < source->_size;
}

static esp_loader_error_t fetch_block(block_source_t *source, size_t image, uint32_t offset)
{
    const uint32_t begin = offset - offset % BLOCK_SOURCE_SIZE;
    const uint32_t left = source->sizes[image] - begin;
    const size_t size = left < BLOCK_SOURCE_SIZE ? left : (size_t)BLOCK_SOURCE_SIZE;

    source->_size = 0; /* whatever comes of it, the old block is gone */
    RETURN_ON_ERROR(source->fetch(source->ctx, image, begin, source->_block, size));
    source->_image = image;
    source->_offset = begin;
    source->_size = size;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t block_source_read(block_source_t *source, size_t image, uint32_t offset, void *buf,
                                     size_t size)
{
    uint8_t *out = buf;

    if (offset > source->sizes[image] || size > source->sizes[image] - offset) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    while (size > 0) {
        if (!has_byte(source, image, offset)) {
            RETURN_ON_ERROR(fetch_block(source, image, offset));
        }
        const size_t left = source->_size - (offset - source->_offset);
        const size_t piece = size < left ? size : left;
        memcpy(out, source->_block + (offset - source->_offset), piece);
        out += piece;
        offset += (uint32_t)piece;
        size -= piece;
    }
    return ESP_LOADER_SUCCESS;
}
