/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Makes executable images: header, segments, checksum, digest, and on request one defect.
 */
#ifndef MKIMAGE_IMAGE_H
#define MKIMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chips.h"
#include "content.h"

#define MKIMAGE_MIN_SIZE       1024u                /**< smallest image, bytes */
#define MKIMAGE_MAX_BOOTLOADER (64u * 1024u)        /**< all of it has to fit into RAM */
#define MKIMAGE_MAX_APP        (4u * 1024u * 1024u) /**< fits the mapped windows of every chip */

/** What is wrong with the image on purpose. */
typedef enum {
    MKIMAGE_INTACT = 0,
    MKIMAGE_BREAK_MAGIC,    /**< first byte is not 0xE9 */
    MKIMAGE_BREAK_CHECKSUM, /**< checksum byte is wrong, digest fits */
    MKIMAGE_BREAK_DIGEST,   /**< SHA-256 is wrong, checksum fits */
    MKIMAGE_BREAK_CONTENT,  /**< one bit of the last segment flipped: checksum and digest are both wrong */
    MKIMAGE_BREAK_SEGMENTS, /**< segment count is 17 */
    MKIMAGE_BREAK_LENGTH,   /**< the last 64 bytes are missing */
} mkimage_defect_t;

/** false when @p name is none of "magic", "checksum", "digest", "content", "segments", "length". */
bool mkimage_defect_find(const char *name, mkimage_defect_t *out_defect);

typedef struct {
    const mkimage_chip_t *chip;
    uint16_t header_chip_id; /**< normally chip->image_id */
    uint8_t flash_mode;
    uint8_t flash_size;
    uint8_t flash_freq;
    uint8_t min_revision_legacy;
    uint16_t min_revision; /**< major * 100 + minor */
    uint16_t max_revision;
    bool has_digest;
    mkimage_fill_t fill;
    uint64_t seed;
    mkimage_defect_t defect;
    const char *project; /**< app description, at most 31 bytes */
    const char *version; /**< app description, at most 31 bytes */
} mkimage_options_t;

/** Makes a bootloader-like image, all of it loaded to RAM, with a bootloader description in front.
 *  @param size  bytes of the whole file, MKIMAGE_MIN_SIZE to MKIMAGE_MAX_BOOTLOADER, multiple of 16
 *  @return the image, to be freed by the caller; NULL when there is no memory
 *  @param out_size  @p size, less when the defect is a missing end */
uint8_t *mkimage_bootloader(const mkimage_options_t *options, size_t size, size_t *out_size);

/** Makes an application image: mapped data with an app description in front, data and code for RAM, and from
 * 128 KiB on mapped code. Parameters as above, at most MKIMAGE_MAX_APP. */
uint8_t *mkimage_app(const mkimage_options_t *options, size_t size, size_t *out_size);

/** A segment whose content is given. */
typedef struct {
    uint32_t addr;
    size_t size; /**< multiple of 4 */
    const uint8_t *data;
} mkimage_segment_t;

/** Makes an image of @p count segments (1 to 16), in their order. Parameters and result as above. */
uint8_t *mkimage_segments(const mkimage_options_t *options, uint32_t entry, const mkimage_segment_t *segments,
                          size_t count, size_t *out_size);

#endif
