/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files on images share: bounded reading of a source, telling kinds of content apart, and the walk
 * over an executable image's structure. Layout of all formats: docs/formats.md.
 */
#ifndef ELI_IMAGE_H
#define ELI_IMAGE_H

#include "esp_loader_content.h"

#define ELI_IMAGE_PIECE_SIZE 128u /**< bytes read at a time, on the stack */

/** Offsets in the header of an executable image. */
enum {
    ELI_IMAGE_FLASH_MODE_OFF = 2,
    ELI_IMAGE_FLASH_SIZE_FREQ_OFF = 3,
};

/** What the first bytes say that an image is. */
typedef enum {
    ELI_IMAGE_DATA = 0,
    ELI_IMAGE_EXECUTABLE,
    ELI_IMAGE_PARTITION_TABLE,
} eli_image_kind_t;

/** Reads exactly @p size bytes that must lie inside the source.
 *  @retval ESP_LOADER_ERROR_IMAGE_FORMAT  they do not
 *  @return otherwise the error of the source's read() */
esp_loader_error_t eli_source_read(const esp_loader_source_t *source, uint32_t offset, void *buf,
                                   size_t size);

/** Tells by the first bytes what a source holds; says nothing about whether it is valid.
 *  @return the error of the source's read() */
esp_loader_error_t eli_source_kind(const esp_loader_source_t *source, eli_image_kind_t *out_kind);

/** Bytes that identify an executable image without a doubt: its header and that of its first segment. */
#define ELI_IMAGE_HEAD_SIZE 32u

/** Is this the head of an executable image, by all four: magic number, number of segments, chip id of a chip
 * that this build has, and first segment in that chip's memory? */
bool eli_image_is_certain(const uint8_t head[ELI_IMAGE_HEAD_SIZE], target_chip_t *out_chip);

/** Format of the file that begins at @p source: by name, or UNKNOWN.
 *  @return the error of the source's read() */
esp_loader_error_t eli_source_format(const esp_loader_source_t *source, esp_loader_format_t *out_format);

/** Would these parameters change the header of this image? */
bool eli_flash_params_change(const esp_loader_flash_params_t *params, const esp_loader_image_info_t *info);

/** Decodes the header and follows the segments to the end of an executable image, without reading their data.
 *  @retval ESP_LOADER_ERROR_IMAGE_FORMAT  not an executable image, truncated, or its structure is invalid
 *  @return otherwise the error of the source's read() */
esp_loader_error_t eli_image_walk(const esp_loader_source_t *source, esp_loader_image_info_t *out_info);

/** Offset of what follows a walked image's checksum: its SHA-256 or its end. */
static inline uint32_t eli_image_digest_off(const esp_loader_image_info_t *info)
{
    return info->size - info->tail_size;
}

/** First byte of an ESP8266 image whose flash content comes first. */
#define ELI_IMAGE_MAGIC_V2 0xEAu

/** Do the parameters leave an image as it is? */
bool eli_flash_params_keep_all(const esp_loader_flash_params_t *params);

/** Are all codes "keep" or small enough for their place in the header? */
bool eli_flash_params_are_valid(const esp_loader_flash_params_t *params);

#endif
