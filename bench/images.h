/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the benchmark flashes and what it finds in the flash: reproducible bytes, no files.
 */
#ifndef BENCH_IMAGES_H
#define BENCH_IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    IMAGE_RANDOM,   /**< does not compress */
    IMAGE_FIRMWARE, /**< compresses to 0.55 to 0.65 of its size, as code does */
    IMAGE_SET, /**< bootloader, partition table and app, as `make demo` flashes them; content like firmware */
    IMAGE_PIECES, /**< the random one, cut into 64 that follow each other */
    IMAGE_NEAR,   /**< the same, each of which ends 24 bytes before the next begins */
    IMAGE_KINDS
} image_kind_t;

/** A range of the bytes of image_fill() that is flashed as an image of its own. */
typedef struct {
    uint32_t offset;
    uint32_t size;
} image_part_t;

#define IMAGE_MAX_PARTS 64

/** Is it the random one in pieces? */
static inline bool image_is_cut(image_kind_t kind)
{
    return kind == IMAGE_PIECES || kind == IMAGE_NEAR;
}

/** What the flash holds before a run, also before and after the image. */
typedef enum {
    FLASH_USED,    /**< other content in every sector */
    FLASH_BLANK,   /**< erased */
    FLASH_SAME,    /**< the image */
    FLASH_EDITED,  /**< the image with other bytes in 1 % of its sectors: one function changed */
    FLASH_SHIFTED, /**< the image, moved by 16 bytes */
} flash_kind_t;

/** What of the first @p size bytes is flashed: IMAGE_SET is in parts, whatever the size, IMAGE_PIECES and IMAGE_NEAR in 64, the others
 * are one.
 *  @return their number */
size_t image_parts(image_kind_t kind, uint32_t size, image_part_t parts[IMAGE_MAX_PARTS]);

/** Bytes from the start of the first to the end of the last part of the set. */
#define IMAGE_SET_SIZE 0x50000u

/** Fills @p data with an image. */
void image_fill(image_kind_t kind, uint8_t *data, size_t size);

/** Brings @p flash, @p flash_size bytes, into a state with regard to an image at @p offset. */
void flash_fill(flash_kind_t kind, const uint8_t *image, size_t size, uint8_t *flash, size_t flash_size,
                uint32_t offset);

/** @p data as one zlib stream of the highest level, for the caller to free; aborts when there is no memory.
 */
uint8_t *image_deflate(const uint8_t *data, size_t size, size_t *out_size);

/** Size of that stream. */
size_t image_deflated_size(const uint8_t *data, size_t size);

#endif
