/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Executable images: header, segments, checksum and SHA-256. Nothing an image says is believed before it has
 * been compared with the size of the source. Images of the ESP8266, whose header is shorter, are not
 * understood. Source: firmware image format document of esptool 5.3; esp_app_format.h of ESP-IDF 5.
 */
#include "image/image.h"

#include <string.h>

#include "digest/checksum.h"
#include "digest/sha256.h"
#include "protocol/bytes.h"

#define SEGMENT_HEADER_SIZE 8u
#define SEGMENT_SIZE_OFF    4u  /* in the segment header */
#define CHECKSUM_ALIGNMENT  16u /* the checksum is the last byte of such a unit */

static esp_loader_error_t decode_header(const uint8_t header[ESP_LOADER_IMAGE_HEADER_SIZE],
                                        esp_loader_image_info_t *info)
{
    *info = (esp_loader_image_info_t){
        .segment_count = header[1],
        .flash_mode = header[ELI_IMAGE_FLASH_MODE_OFF],
        .flash_size_code = header[ELI_IMAGE_FLASH_SIZE_FREQ_OFF] >> 4,
        .flash_freq_code = header[ELI_IMAGE_FLASH_SIZE_FREQ_OFF] & 0x0F,
        .entry_addr = eli_get_u32(header + 4),
        .chip_id = eli_get_u16(header + 12),
        .min_revision_legacy = header[14],
        .min_revision = eli_get_u16(header + 15),
        .max_revision = eli_get_u16(header + 17),
        .has_digest = header[23] == 1,
    };
    if (header[0] != ESP_LOADER_IMAGE_MAGIC || info->segment_count == 0 ||
        info->segment_count > ESP_LOADER_IMAGE_MAX_SEGMENTS || header[23] > 1) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT;
    }
    return ESP_LOADER_SUCCESS;
}

/* Size of the data of the segment whose header stands at @p offset. */
static esp_loader_error_t read_segment_size(const esp_loader_source_t *source, uint32_t offset,
                                            uint32_t *out_size)
{
    uint8_t header[SEGMENT_HEADER_SIZE];

    RETURN_ON_ERROR(eli_source_read(source, offset, header, sizeof(header)));
    *out_size = eli_get_u32(header + SEGMENT_SIZE_OFF);
    return ESP_LOADER_SUCCESS;
}

/* Moves *offset forward, but not beyond the end of the source. */
static esp_loader_error_t skip(const esp_loader_source_t *source, uint32_t *offset, uint32_t size)
{
    if (size > source->size - *offset) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT;
    }
    *offset += size;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_image_walk(const esp_loader_source_t *source, esp_loader_image_info_t *out_info)
{
    uint8_t header[ESP_LOADER_IMAGE_HEADER_SIZE];
    uint32_t offset = ESP_LOADER_IMAGE_HEADER_SIZE;

    RETURN_ON_ERROR(eli_source_read(source, 0, header, sizeof(header)));
    RETURN_ON_ERROR(decode_header(header, out_info));
    for (unsigned i = 0; i < out_info->segment_count; i++) {
        uint32_t size;
        RETURN_ON_ERROR(read_segment_size(source, offset, &size));
        offset += SEGMENT_HEADER_SIZE;
        RETURN_ON_ERROR(skip(source, &offset, size));
    }
    RETURN_ON_ERROR(skip(source, &offset, CHECKSUM_ALIGNMENT - offset % CHECKSUM_ALIGNMENT));
    if (out_info->has_digest) {
        RETURN_ON_ERROR(skip(source, &offset, ESP_LOADER_SHA256_SIZE));
    }
    out_info->size = offset;
    return ESP_LOADER_SUCCESS;
}

/* One pass over an image, from its first byte on. */
typedef struct {
    const esp_loader_source_t *source;
    uint32_t offset;
    uint8_t checksum;
    eli_sha256_t digest;
} pass_t;

static esp_loader_error_t pass_over(pass_t *pass, uint32_t size, bool is_segment_data)
{
    uint8_t piece[ELI_IMAGE_PIECE_SIZE];

    while (size > 0) {
        uint32_t part = size < sizeof(piece) ? size : (uint32_t)sizeof(piece);
        RETURN_ON_ERROR(eli_source_read(pass->source, pass->offset, piece, part));
        eli_sha256_update(&pass->digest, piece, part);
        if (is_segment_data) {
            pass->checksum = eli_checksum_add(pass->checksum, piece, part);
        }
        pass->offset += part;
        size -= part;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t pass_over_segments(pass_t *pass, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint32_t size;
        RETURN_ON_ERROR(read_segment_size(pass->source, pass->offset, &size));
        RETURN_ON_ERROR(pass_over(pass, SEGMENT_HEADER_SIZE, false));
        RETURN_ON_ERROR(pass_over(pass, size, true));
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_image_check(const esp_loader_source_t *source,
                                          esp_loader_image_info_t *out_info)
{
    pass_t pass = {.source = source, .checksum = ELI_CHECKSUM_SEED};
    uint8_t stored[ESP_LOADER_SHA256_SIZE];
    uint8_t digest[ESP_LOADER_SHA256_SIZE];

    RETURN_ON_ERROR(eli_image_walk(source, out_info));
    uint32_t digest_off = eli_image_digest_off(out_info);

    eli_sha256_init(&pass.digest);
    RETURN_ON_ERROR(pass_over(&pass, ESP_LOADER_IMAGE_HEADER_SIZE, false));
    RETURN_ON_ERROR(pass_over_segments(&pass, out_info->segment_count));
    if (pass.offset >= digest_off) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT; /* the source says something else than at first */
    }
    RETURN_ON_ERROR(pass_over(&pass, digest_off - pass.offset, false));

    RETURN_ON_ERROR(eli_source_read(source, digest_off - 1, stored, 1));
    if (stored[0] != pass.checksum) {
        return ESP_LOADER_ERROR_IMAGE_CHECKSUM;
    }
    if (!out_info->has_digest) {
        return ESP_LOADER_SUCCESS;
    }
    eli_sha256_finish(&pass.digest, digest);
    RETURN_ON_ERROR(eli_source_read(source, digest_off, stored, sizeof(stored)));
    return memcmp(stored, digest, sizeof(digest)) == 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_IMAGE_CHECKSUM;
}
