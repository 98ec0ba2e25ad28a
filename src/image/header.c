/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Executable images: header, segments, checksum and SHA-256. Nothing in an image is trusted before it has
 * been compared with the size of the source. Images of the ESP8266 have a short header without a chip id;
 * some have flash content between two of them, and a CRC. Source: firmware image format document and
 * bin_image.py of esptool 5.6; esp_app_format.h of ESP-IDF 5.
 */
#include "image/image.h"

#include <string.h>

#include "digest/checksum.h"
#include "digest/sha256.h"
#include "common/bytes.h"

#define SEGMENT_HEADER_SIZE 8u
#define SEGMENT_SIZE_OFF    4u  /* in the segment header */
#define CHECKSUM_ALIGNMENT  16u /* the checksum is the last byte of such a unit */

#define SHORT_HEADER_SIZE 8u
#define CRC_SIZE          4u
#define V2_SEGMENT_COUNT  4u
#define NO_MAX_REVISION   65535u

/* Memory that the ESP8266 loads or maps: data, code, flash. A fact of the format: it decides how long the
 * header is, also in a build without that chip, whose memory its tables then do not have. */
static bool is_esp8266_memory(uint32_t address)
{
    return (address >= 0x3FFE8000 && address < 0x40000000) || (address >= 0x40100000 && address < 0x40300000);
}

static esp_loader_error_t decode_short_header(const uint8_t header[SHORT_HEADER_SIZE],
                                              esp_loader_image_info_t *info)
{
    *info = (esp_loader_image_info_t){
        .segment_count = header[1],
        .flash_mode = header[ELI_IMAGE_FLASH_MODE_OFF],
        .flash_size_code = header[ELI_IMAGE_FLASH_SIZE_FREQ_OFF] >> 4,
        .flash_freq_code = header[ELI_IMAGE_FLASH_SIZE_FREQ_OFF] & 0x0F,
        .entry_addr = eli_get_u32(header + 4),
        .chip_id = ESP_LOADER_IMAGE_NO_CHIP_ID,
        .max_revision = NO_MAX_REVISION,
        .segments_off = SHORT_HEADER_SIZE,
    };
    bool is_sound = header[0] == ESP_LOADER_IMAGE_MAGIC && info->segment_count != 0 &&
                    info->segment_count <= ESP_LOADER_IMAGE_MAX_SEGMENTS;
    return is_sound ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_IMAGE_FORMAT;
}

/* Where the first segment's address would be one of the ESP8266, it is: as pins and drive strengths of a
 * longer header it would be invalid. */
static esp_loader_error_t decode_header(const uint8_t header[ESP_LOADER_IMAGE_HEADER_SIZE],
                                        esp_loader_image_info_t *info)
{
    RETURN_ON_ERROR(decode_short_header(header, info));
    if (is_esp8266_memory(eli_get_u32(header + 8))) {
        return ESP_LOADER_SUCCESS;
    }
    info->segments_off = ESP_LOADER_IMAGE_HEADER_SIZE;
    info->chip_id = eli_get_u16(header + 12);
    info->min_revision_legacy = header[14];
    info->min_revision = eli_get_u16(header + 15);
    info->max_revision = eli_get_u16(header + 17);
    info->has_digest = header[23] == 1;
    info->tail_size = info->has_digest ? ESP_LOADER_SHA256_SIZE : 0;
    return header[23] <= 1 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_IMAGE_FORMAT;
}

bool eli_image_is_certain(const uint8_t head[ELI_IMAGE_HEAD_SIZE], target_chip_t *out_chip)
{
    esp_loader_image_info_t info;
    uint32_t address = eli_get_u32(head + ESP_LOADER_IMAGE_HEADER_SIZE);

    if (head[0] == ELI_IMAGE_MAGIC_V2) {
        *out_chip = esp_loader_chip_of_image(ESP_LOADER_IMAGE_NO_CHIP_ID);
        return head[1] == V2_SEGMENT_COUNT && is_esp8266_memory(eli_get_u32(head + 4)) &&
               eli_get_u32(head + SHORT_HEADER_SIZE) == 0 && *out_chip != ESP_UNKNOWN_CHIP;
    }
    if (decode_short_header(head, &info) != ESP_LOADER_SUCCESS) {
        *out_chip = ESP_UNKNOWN_CHIP;
        return false;
    }
    if (is_esp8266_memory(eli_get_u32(head + SHORT_HEADER_SIZE))) {
        address = eli_get_u32(head + SHORT_HEADER_SIZE);
    } else {
        info.chip_id = eli_get_u16(head + 12);
    }
    *out_chip = esp_loader_chip_of_image(info.chip_id);
    return esp_loader_chip_memory(*out_chip, address) != ESP_LOADER_MEMORY_NONE;
}

/* Size of the data of the segment whose header is at @p offset. */
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

/* A flash-mapped segment, then the header that counts. */
static esp_loader_error_t decode_second_header(const esp_loader_source_t *source,
                                               esp_loader_image_info_t *info)
{
    uint8_t header[SHORT_HEADER_SIZE];
    uint32_t offset = SHORT_HEADER_SIZE + SEGMENT_HEADER_SIZE;
    uint32_t size;

    RETURN_ON_ERROR(read_segment_size(source, SHORT_HEADER_SIZE, &size));
    RETURN_ON_ERROR(skip(source, &offset, size));
    RETURN_ON_ERROR(eli_source_read(source, offset, header, sizeof(header)));
    RETURN_ON_ERROR(decode_short_header(header, info));
    info->segments_off = offset + SHORT_HEADER_SIZE;
    info->has_flash_content = true;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_image_walk(const esp_loader_source_t *source, esp_loader_image_info_t *out_info)
{
    uint8_t header[ESP_LOADER_IMAGE_HEADER_SIZE];

    RETURN_ON_ERROR(eli_source_read(source, 0, header, sizeof(header)));
    RETURN_ON_ERROR(header[0] == ELI_IMAGE_MAGIC_V2 ? decode_second_header(source, out_info)
                                                    : decode_header(header, out_info));
    uint32_t offset = out_info->segments_off;
    for (unsigned i = 0; i < out_info->segment_count; i++) {
        uint32_t size;
        RETURN_ON_ERROR(read_segment_size(source, offset, &size));
        offset += SEGMENT_HEADER_SIZE;
        RETURN_ON_ERROR(skip(source, &offset, size));
    }
    RETURN_ON_ERROR(skip(source, &offset, CHECKSUM_ALIGNMENT - offset % CHECKSUM_ALIGNMENT));
    RETURN_ON_ERROR(skip(source, &offset, out_info->tail_size));
    out_info->size = offset;
    return ESP_LOADER_SUCCESS;
}

/* One pass over an image, from its first byte on. */
typedef struct {
    const esp_loader_source_t *source;
    uint32_t offset;
    uint8_t checksum;
    bool has_crc;
    uint32_t crc;
    eli_sha256_t digest;
} pass_t;

/* CRC-32 of IEEE 802.3, bit by bit: it is needed for one form of image of one chip. */
static uint32_t crc_add(uint32_t crc, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0);
        }
    }
    return crc;
}

static esp_loader_error_t pass_over(pass_t *pass, uint32_t size, bool is_segment_data)
{
    uint8_t piece[ELI_IMAGE_PIECE_SIZE];

    while (size > 0) {
        uint32_t part = size < sizeof(piece) ? size : (uint32_t)sizeof(piece);
        RETURN_ON_ERROR(eli_source_read(pass->source, pass->offset, piece, part));
        eli_sha256_update(&pass->digest, piece, part);
        if (pass->has_crc) {
            pass->crc = crc_add(pass->crc, piece, part);
        }
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

/* What an ESP8266 image carries is the CRC's complement when its highest bit is set, one more than it
 * otherwise. */
static bool is_crc_right(const pass_t *pass, const uint8_t stored[CRC_SIZE])
{
    uint32_t crc = ~pass->crc;
    return eli_get_u32(stored) == ((crc & 0x80000000u) != 0 ? ~crc : crc + 1);
}

/* Older tools append no CRC, and no boot code of the ESP8266 looks at it: one that fits is part of the image,
 * anything else is not. */
static esp_loader_error_t take_crc(const pass_t *pass, esp_loader_image_info_t *info)
{
    uint8_t stored[CRC_SIZE];

    if (pass->source->size - info->size < CRC_SIZE) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_source_read(pass->source, info->size, stored, sizeof(stored)));
    if (is_crc_right(pass, stored)) {
        info->has_crc = true;
        info->tail_size = CRC_SIZE;
        info->size += CRC_SIZE;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check_digest(pass_t *pass, uint32_t digest_off)
{
    uint8_t stored[ESP_LOADER_SHA256_SIZE];
    uint8_t digest[ESP_LOADER_SHA256_SIZE];

    RETURN_ON_ERROR(eli_source_read(pass->source, digest_off, stored, sizeof(stored)));
    eli_sha256_finish(&pass->digest, digest);
    return memcmp(stored, digest, sizeof(digest)) == 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_IMAGE_CHECKSUM;
}

esp_loader_error_t esp_loader_image_check(const esp_loader_source_t *source,
                                          esp_loader_image_info_t *out_info)
{
    uint8_t stored;

    RETURN_ON_ERROR(eli_image_walk(source, out_info));
    pass_t pass = {.source = source,
                   .checksum = ELI_CHECKSUM_SEED,
                   .has_crc = out_info->has_flash_content,
                   .crc = UINT32_MAX};
    uint32_t digest_off = eli_image_digest_off(out_info);

    eli_sha256_init(&pass.digest);
    RETURN_ON_ERROR(pass_over(&pass, out_info->segments_off, false));
    RETURN_ON_ERROR(pass_over_segments(&pass, out_info->segment_count));
    if (pass.offset >= digest_off) {
        return ESP_LOADER_ERROR_IMAGE_FORMAT; /* the source says something else than at first */
    }
    RETURN_ON_ERROR(pass_over(&pass, digest_off - pass.offset, false));

    RETURN_ON_ERROR(eli_source_read(source, digest_off - 1, &stored, 1));
    if (stored != pass.checksum) {
        return ESP_LOADER_ERROR_IMAGE_CHECKSUM;
    }
    if (pass.has_crc) {
        return take_crc(&pass, out_info);
    }
    return out_info->has_digest ? check_digest(&pass, digest_off) : ESP_LOADER_SUCCESS;
}

uint32_t esp_loader_image_flash_size(const esp_loader_image_info_t *info)
{
    /* 512 KB, 256 KB, 1, 2, 4, 2 and 4 MB in halves, -, 8 MB, 16 MB; 0 = no such code */
    static const uint8_t short_header_log2[] = {19, 18, 20, 21, 22, 21, 22, 0, 23, 24};
    uint8_t code = info->flash_size_code;

    if (info->chip_id != ESP_LOADER_IMAGE_NO_CHIP_ID) {
        return code <= 7 ? 0x100000u << code : 0;
    }
    return code < sizeof(short_header_log2) && short_header_log2[code] != 0 ? 1u << short_header_log2[code]
                                                                            : 0;
}
