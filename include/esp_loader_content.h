/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a file contains: executable images, partition tables and signatures at any place in it, and files of
 * other formats by name. Pure functions on sources, no heap; a file is read piece by piece and need not be in
 * memory. Rules: docs/formats.md.
 */
#ifndef ESP_LOADER_CONTENT_H
#define ESP_LOADER_CONTENT_H

#include "esp_loader_image.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Kind of memory at an address of a chip. */
typedef enum {
    ESP_LOADER_MEMORY_NONE = 0, /**< nothing that an image is loaded or mapped to */
    ESP_LOADER_MEMORY_RAM,
    ESP_LOADER_MEMORY_FLASH, /**< a window through which flash is mapped */
} esp_loader_memory_t;

/** Kind of memory at @p address on @p chip; NONE for a chip that this build does not know. */
esp_loader_memory_t esp_loader_chip_memory(target_chip_t chip, uint32_t address);

/** File formats that cannot be flashed, recognised by their first bytes. */
typedef enum {
    ESP_LOADER_FORMAT_UNKNOWN = 0,
    ESP_LOADER_FORMAT_ELF,
    ESP_LOADER_FORMAT_UF2,
    ESP_LOADER_FORMAT_GZIP,
    ESP_LOADER_FORMAT_ZIP,
    ESP_LOADER_FORMAT_HTML,
    ESP_LOADER_FORMAT_CSV, /**< text with fields between commas, such as a partition table's source */
    ESP_LOADER_FORMAT_HEX, /**< Intel HEX: the first record is complete and its checksum matches */
    ESP_LOADER_FORMAT_COUNT
} esp_loader_format_t;

/** Name of a format with its article, e.g. "an ELF file"; never NULL. */
const char *esp_loader_format_name(esp_loader_format_t format);

/** The rest of another source, from @c offset on. */
typedef struct {
    const esp_loader_source_t *source; /**< the other one */
    uint32_t offset;                   /**< where the view begins in it, bytes */
} esp_loader_view_t;

/** Source of the bytes of @p source from @p offset on; empty if @p offset exceeds its size. @p source and
 * @p view must outlive it. */
esp_loader_source_t esp_loader_view(esp_loader_view_t *view, const esp_loader_source_t *source,
                                    uint32_t offset);

/** Flash size in the header of an image, bytes; 0 = unknown code. */
uint32_t esp_loader_image_flash_size(const esp_loader_image_info_t *info);

/** Chip revisions that an image supports, major * 100 + minor, from whichever form of the fields is valid; a
 * maximum of 65535 means no limit. On an ESP32-C3 the one-byte form is compared with the minor number
 * alone. */
uint32_t esp_loader_image_min_revision(const esp_loader_image_info_t *info);
/** The highest one; see esp_loader_image_min_revision(). */
uint32_t esp_loader_image_max_revision(const esp_loader_image_info_t *info);
/** true when @p revision, major * 100 + minor, is one of them. */
bool esp_loader_image_allows_revision(const esp_loader_image_info_t *info, uint32_t revision);

/** Kind of content at one offset of a file. */
typedef enum {
    ESP_LOADER_PART_END = 0, /**< the file ends */
    ESP_LOADER_PART_DATA,
    ESP_LOADER_PART_BLANK,      /**< a whole sector 0xFF, or the rest of the file */
    ESP_LOADER_PART_EXECUTABLE, /**< a bootloader or an app */
    ESP_LOADER_PART_TABLE,      /**< a partition table, perhaps an invalid one */
    ESP_LOADER_PART_SIGNATURE,  /**< a block of secure boot V2 */
    ESP_LOADER_PART_FOREIGN,    /**< a file of another format */
} esp_loader_part_kind_t;

/** One part of a file. */
typedef struct {
    esp_loader_part_kind_t kind; /**< what it is */
    esp_loader_format_t format;  /**< of FOREIGN */
    uint32_t offset;             /**< in the file, bytes */
    uint32_t size;               /**< bytes; up to the end of the file if the part's end is unknown */

    /* the rest is of EXECUTABLE */
    target_chip_t chip; /**< ESP_UNKNOWN_CHIP = none of this build */
    bool is_certain;    /**< magic, number of segments, chip id and first address are all valid */
    bool is_complete;   /**< the end of its segments was found; the fields below are then valid */
    bool is_mapped;     /**< has segments that are mapped from flash: an app, started by a bootloader */
    bool is_bootloader; /**< has a bootloader's description, and no such segments */
    bool is_signed;     /**< a signature block follows it */
    esp_loader_image_info_t info; /**< its header */
} esp_loader_part_t;

/** Identifies the content at @p offset, a multiple of 4096 bytes. Reads headers only: checksums are checked
 * by esp_loader_image_check() and esp_loader_partition_table_check(). Uses about 350 bytes of stack.
 *  @return the error of the source's read() */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_part_at(const esp_loader_source_t *source, uint32_t offset,
                                      esp_loader_part_t *out_part);

/** A walk through a file. */
typedef struct {
    const esp_loader_source_t *source; /**< the file */
    uint32_t flash_offset;             /**< where the file will be in flash */
    uint32_t _next;
    uint32_t _signature;
    uint32_t _table;
} esp_loader_parts_t;

/** Begins a walk through @p source, which must outlive it.
 *  @param flash_offset  where it will be in flash, a multiple of 4096 bytes */
void esp_loader_parts_begin(esp_loader_parts_t *parts, const esp_loader_source_t *source,
                            uint32_t flash_offset);

/** Finds the next part: an EXECUTABLE (inside a file only if is_certain), a TABLE or SIGNATURE, a FOREIGN
 * part at the beginning, or END. Examines every sector; after a valid table only the beginnings of its
 * partitions, because their content belongs to the application.
 *  @return the error of the source's read() */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_parts_next(esp_loader_parts_t *parts, esp_loader_part_t *out_part);

#ifdef __cplusplus
}
#endif

#endif
