/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The parts of a file, and their places. Parts of a file that is written to flash begin on sectors. Content
 * that only might be an image or a table counts as one at the beginning of a file, whose name says as much;
 * inside of a file there has to be no doubt. Source of the signature block: ESP-IDF 6.1, "Secure Boot v2".
 */
#include "image/image.h"

#include <string.h>

#include "common/bytes.h"

#define SECTOR_SIZE      4096u
#define TABLE_SIZE       0xC00u
#define TABLE_SLOT_SIZE  32u
#define SIGNATURE_MAGIC  0xE7u
#define DESCRIPTION_OFF  32u
#define BOOTLOADER_MAGIC 0x50u
#define SEGMENT_HEADER   8u
#define NOWHERE          UINT32_MAX

static uint32_t next_sector(uint32_t offset)
{
    return offset > UINT32_MAX - SECTOR_SIZE ? UINT32_MAX : (offset / SECTOR_SIZE + 1) * SECTOR_SIZE;
}

/* First sector at or after @p offset. */
static uint32_t sector_from(uint32_t offset)
{
    return offset % SECTOR_SIZE == 0 ? offset : next_sector(offset);
}

/* Block 1 of a signature: magic number and the version of RSA or ECDSA. */
static bool is_signature(const uint8_t *head)
{
    return head[0] == SIGNATURE_MAGIC && (head[1] == 2 || head[1] == 3);
}

/* Reads as much of the first bytes as there are; the others are 0. */
static esp_loader_error_t read_head(const esp_loader_source_t *source, uint32_t offset,
                                    uint8_t head[ELI_IMAGE_HEAD_SIZE])
{
    uint32_t left = offset < source->size ? source->size - offset : 0;

    memset(head, 0, ELI_IMAGE_HEAD_SIZE);
    return left == 0 ? ESP_LOADER_SUCCESS
                     : eli_source_read(source, offset, head,
                                       left < ELI_IMAGE_HEAD_SIZE ? left : ELI_IMAGE_HEAD_SIZE);
}

/* ---- executable images ---- */

static esp_loader_error_t find_mapped_segment(const esp_loader_source_t *image, esp_loader_part_t *part)
{
    uint32_t offset = part->info.segments_off;

    part->is_mapped = part->info.has_flash_content;
    for (unsigned i = 0; i < part->info.segment_count && !part->is_mapped; i++) {
        uint8_t header[SEGMENT_HEADER];
        RETURN_ON_ERROR(eli_source_read(image, offset, header, sizeof(header)));
        part->is_mapped = esp_loader_chip_memory(part->chip, eli_get_u32(header)) == ESP_LOADER_MEMORY_FLASH;
        offset += SEGMENT_HEADER + eli_get_u32(header + 4);
    }
    return ESP_LOADER_SUCCESS;
}

/* Older bootloaders have no description; where there is one, its first text says a version. */
static esp_loader_error_t find_bootloader_description(const esp_loader_source_t *image,
                                                      esp_loader_part_t *part)
{
    uint8_t head[9];

    if (part->is_mapped || part->info.segments_off != ESP_LOADER_IMAGE_HEADER_SIZE) {
        return ESP_LOADER_SUCCESS; /* with such a header an image has 48 bytes at least */
    }
    RETURN_ON_ERROR(eli_source_read(image, DESCRIPTION_OFF, head, sizeof(head)));
    part->is_bootloader =
        head[0] == BOOTLOADER_MAGIC && head[1] == 0 && head[2] == 0 && head[8] > ' ' && head[8] < 0x7F;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t find_signature(const esp_loader_source_t *image, esp_loader_part_t *part)
{
    uint8_t head[ELI_IMAGE_HEAD_SIZE];

    RETURN_ON_ERROR(read_head(image, sector_from(part->info.size), head));
    part->is_signed = is_signature(head);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_executable(const esp_loader_source_t *image, esp_loader_part_t *part,
                                          const uint8_t head[ELI_IMAGE_HEAD_SIZE])
{
    target_chip_t chip = ESP_UNKNOWN_CHIP;
    part->is_certain = image->size >= ELI_IMAGE_HEAD_SIZE && eli_image_is_certain(head, &chip);
    part->chip = chip;

    esp_loader_error_t err = eli_image_walk(image, &part->info);
    if (err == ESP_LOADER_ERROR_IMAGE_FORMAT) {
        part->kind = part->is_certain ? ESP_LOADER_PART_EXECUTABLE : ESP_LOADER_PART_DATA;
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(err);
    part->kind = ESP_LOADER_PART_EXECUTABLE;
    part->is_complete = true;
    part->size = part->info.size;
    part->chip = esp_loader_chip_of_image(part->info.chip_id);
    RETURN_ON_ERROR(find_mapped_segment(image, part));
    RETURN_ON_ERROR(find_bootloader_description(image, part));
    return find_signature(image, part);
}

/* ---- others ---- */

/* Inside of a file, the next slot has to be one of a table, too. */
static esp_loader_error_t is_table(const esp_loader_source_t *source, uint32_t offset, bool *out_is_it)
{
    uint8_t head[ELI_IMAGE_HEAD_SIZE];

    *out_is_it = true;
    if (offset == 0 || source->size - offset < 2 * TABLE_SLOT_SIZE) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(read_head(source, offset + TABLE_SLOT_SIZE, head));
    *out_is_it = (head[0] == 0xAA && head[1] == 0x50) || (head[0] == 0xEB && head[1] == 0xEB) ||
                 (head[0] == 0xFF && head[1] == 0xFF);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t is_blank(const esp_loader_source_t *source, uint32_t offset, uint32_t size,
                                   bool *out_is_it)
{
    uint8_t piece[ELI_IMAGE_PIECE_SIZE];

    *out_is_it = true;
    for (uint32_t done = 0; done < size && *out_is_it;) {
        uint32_t count = size - done < sizeof(piece) ? size - done : (uint32_t)sizeof(piece);
        RETURN_ON_ERROR(eli_source_read(source, offset + done, piece, count));
        for (uint32_t i = 0; i < count && *out_is_it; i++) {
            *out_is_it = piece[i] == 0xFF;
        }
        done += count;
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_other(const esp_loader_source_t *source, const esp_loader_source_t *rest,
                                     esp_loader_part_t *part, const uint8_t head[ELI_IMAGE_HEAD_SIZE])
{
    bool is_it = false;

    part->kind = ESP_LOADER_PART_DATA;
    if (head[0] == 0xAA && head[1] == 0x50) {
        RETURN_ON_ERROR(is_table(source, part->offset, &is_it));
        part->kind = is_it ? ESP_LOADER_PART_TABLE : ESP_LOADER_PART_DATA;
        part->size = is_it && part->size > TABLE_SIZE ? TABLE_SIZE : part->size;
        return ESP_LOADER_SUCCESS;
    }
    if (head[0] == 0xFF) {
        uint32_t size = part->size < SECTOR_SIZE ? part->size : SECTOR_SIZE;
        RETURN_ON_ERROR(is_blank(source, part->offset, size, &is_it));
        part->kind = is_it ? ESP_LOADER_PART_BLANK : ESP_LOADER_PART_DATA;
        part->size = is_it ? size : part->size;
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_source_format(rest, &part->format));
    part->kind = part->format != ESP_LOADER_FORMAT_UNKNOWN ? ESP_LOADER_PART_FOREIGN : ESP_LOADER_PART_DATA;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_part_at(const esp_loader_source_t *source, uint32_t offset,
                                      esp_loader_part_t *out_part)
{
    uint8_t head[ELI_IMAGE_HEAD_SIZE];
    esp_loader_view_t view;
    const esp_loader_source_t rest = esp_loader_view(&view, source, offset);

    *out_part = (esp_loader_part_t){.offset = offset, .size = rest.size, .chip = ESP_UNKNOWN_CHIP};
    if (rest.size == 0) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(read_head(source, offset, head));
    if (head[0] == ESP_LOADER_IMAGE_MAGIC || (head[0] == ELI_IMAGE_MAGIC_V2 && head[1] == 4)) {
        return read_executable(&rest, out_part, head);
    }
    return read_other(source, &rest, out_part, head);
}

/* ---- the walk ---- */

void esp_loader_parts_begin(esp_loader_parts_t *parts, const esp_loader_source_t *source,
                            uint32_t flash_offset)
{
    *parts = (esp_loader_parts_t){
        .source = source, .flash_offset = flash_offset, ._signature = NOWHERE, ._table = NOWHERE};
}

/* First beginning of a partition at or after @p position of the file; its end when there is none. */
static esp_loader_error_t next_partition(const esp_loader_parts_t *parts, uint32_t position,
                                         uint32_t *out_next)
{
    esp_loader_view_t view;
    const esp_loader_source_t table = esp_loader_view(&view, parts->source, parts->_table);
    esp_loader_partition_t partition;
    esp_loader_error_t err;

    *out_next = parts->source->size;
    for (uint32_t i = 0; (err = esp_loader_partition_get(&table, i, &partition)) == ESP_LOADER_SUCCESS; i++) {
        if (partition.offset >= parts->flash_offset && partition.offset - parts->flash_offset >= position &&
            partition.offset - parts->flash_offset < *out_next) {
            *out_next = partition.offset - parts->flash_offset;
        }
    }
    return err == ESP_LOADER_ERROR_INVALID_PARAM ? ESP_LOADER_SUCCESS : err;
}

/* From its first valid table on a file is what that says. */
static esp_loader_error_t keep_table(esp_loader_parts_t *parts, const esp_loader_part_t *part)
{
    esp_loader_view_t view;
    const esp_loader_source_t table = esp_loader_view(&view, parts->source, part->offset);

    if (parts->_table != NOWHERE) {
        return ESP_LOADER_SUCCESS;
    }
    esp_loader_error_t err = esp_loader_partition_table_check(&table, NULL);
    if (err == ESP_LOADER_SUCCESS) {
        parts->_table = part->offset;
    }
    return err == ESP_LOADER_ERROR_PARTITION ? ESP_LOADER_SUCCESS : err;
}

static bool counts(const esp_loader_part_t *part)
{
    return part->kind == ESP_LOADER_PART_TABLE ||
           (part->kind == ESP_LOADER_PART_EXECUTABLE && (part->is_certain || part->offset == 0)) ||
           (part->kind == ESP_LOADER_PART_FOREIGN && part->offset == 0);
}

static esp_loader_error_t take_signature(esp_loader_parts_t *parts, esp_loader_part_t *part)
{
    uint32_t left = parts->source->size - parts->_signature;

    *part = (esp_loader_part_t){.kind = ESP_LOADER_PART_SIGNATURE,
                                .offset = parts->_signature,
                                .size = left < SECTOR_SIZE ? left : SECTOR_SIZE,
                                .chip = ESP_UNKNOWN_CHIP};
    parts->_signature = NOWHERE;
    return ESP_LOADER_SUCCESS;
}

/* Where the walk goes on after a part that counts, or after a sector with nothing that does. */
static esp_loader_error_t advance(esp_loader_parts_t *parts, const esp_loader_part_t *part, bool is_counted)
{
    uint32_t next = is_counted ? sector_from(part->offset + part->size) : next_sector(part->offset);

    parts->_next = next;
    if (is_counted && part->is_signed) {
        parts->_signature = next;
        parts->_next = next_sector(next);
    }
    return parts->_table == NOWHERE ? ESP_LOADER_SUCCESS : next_partition(parts, parts->_next, &parts->_next);
}

esp_loader_error_t esp_loader_parts_next(esp_loader_parts_t *parts, esp_loader_part_t *out_part)
{
    if (parts->_signature != NOWHERE) {
        return take_signature(parts, out_part);
    }
    while (parts->_next < parts->source->size) {
        RETURN_ON_ERROR(esp_loader_part_at(parts->source, parts->_next, out_part));
        bool is_counted = counts(out_part);
        if (is_counted && out_part->kind == ESP_LOADER_PART_TABLE) {
            RETURN_ON_ERROR(keep_table(parts, out_part));
        }
        RETURN_ON_ERROR(advance(parts, out_part, is_counted));
        if (is_counted) {
            return ESP_LOADER_SUCCESS;
        }
    }
    *out_part = (esp_loader_part_t){
        .kind = ESP_LOADER_PART_END, .offset = parts->source->size, .chip = ESP_UNKNOWN_CHIP};
    return ESP_LOADER_SUCCESS;
}
