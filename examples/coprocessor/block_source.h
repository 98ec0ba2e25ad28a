/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Images on a server, with one block of RAM on the host: a read is served from the block that was fetched last, or
 * fetches the one it needs. The library reads headers and checks in small pieces; a server is asked in whole blocks.
 */
#ifndef BLOCK_SOURCE_H
#define BLOCK_SOURCE_H

#include "esp_loader.h"

enum { BLOCK_SOURCE_SIZE = 1024 };

typedef struct {
    /** Fetches exactly @p size bytes at @p offset of image @p image, as by an HTTP request for a range. */
    esp_loader_error_t (*fetch)(void *ctx, size_t image, uint32_t offset, uint8_t *out, size_t size);
    const uint32_t *sizes; /**< of the images, bytes */
    void *ctx;             /**< passed to fetch() */
    /* zero at first */
    size_t _image;
    uint32_t _offset;
    size_t _size; /* bytes in the block, 0 = none */
    uint8_t _block[BLOCK_SOURCE_SIZE];
} block_source_t;

/** As read() of coprocessor_host_t.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  the image has no such bytes; nothing was fetched */
esp_loader_error_t block_source_read(block_source_t *source, size_t image, uint32_t offset, void *buf,
                                     size_t size);

#endif
