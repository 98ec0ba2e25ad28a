/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the checks of a plan's content share. check_input.c is the driver, with what needs no look at the
 * content; check_tables.c finds the partition table, check_parts.c checks the content of the images,
 * check_places.c the places where a chip looks for something. Each rule, and which boot code it is for:
 * docs/formats.md.
 */
#ifndef ELI_CHECK_H
#define ELI_CHECK_H

#include "esp_loader_plan.h"
#include "image/image.h"

#define ELI_USUAL_TABLE 0x8000u  /**< where ESP-IDF puts the partition table unless told otherwise */
#define ELI_USUAL_APP   0x10000u /**< and the app */
#define ELI_NO_IMAGE    SIZE_MAX

/** A check under way. */
typedef struct {
    const esp_loader_image_t *images;
    size_t count;
    const esp_loader_flash_params_t *params; /**< asked for, NULL = none */

    size_t table_image; /**< index of the image with the partition table; ELI_NO_IMAGE = there is none */
    uint32_t table_offset;
    uint32_t partition_count;
    bool sums_are_checked; /**< of the executable images, before */
    bool has_chip_id;
    uint16_t chip_id;           /**< of the executable images so far */
    bool is_table_place_loaded; /**< an image that begins before it reaches over the usual place of the table:
                                   a boot loader of another system, which knows no table */
    bool has_app;               /**< an image with segments that are mapped from flash */
    esp_loader_error_detail_t *detail; /**< of the session, or the caller's */
} eli_check_t;

/* ---- check_context.c ---- */

/** Records a failure of the content at @p offset of an image. */
esp_loader_error_t eli_check_fail(eli_check_t *check, size_t index, uint32_t offset, esp_loader_error_t error,
                                  esp_loader_fault_t fault, uint32_t value);

/** The same with what reading or parsing gave; an error of the image's own read() becomes SOURCE. */
esp_loader_error_t eli_check_fail_content(eli_check_t *check, size_t index, uint32_t offset,
                                          esp_loader_error_t error);

/** Does an image have a byte at this offset of the flash? */
static inline bool eli_check_covers(const esp_loader_image_t *image, uint32_t flash_offset)
{
    return flash_offset >= image->offset && flash_offset - image->offset < image->source.size;
}

/** Is it examined beyond its beginning? An image that begins in the area of bootloader and table may be
 * several files in one; one that begins after them is one file, and the rest of its content is not examined.
 */
static inline bool eli_check_is_merged(const esp_loader_image_t *image)
{
    return image->offset <= ELI_USUAL_TABLE;
}

/** Calls @p visit for each part of each image that is not raw. */
typedef esp_loader_error_t (*eli_check_visit_t)(eli_check_t *check, size_t index,
                                                const esp_loader_part_t *part);
esp_loader_error_t eli_check_each_part(eli_check_t *check, eli_check_visit_t visit);

/* ---- check_input.c ---- */

/** All checks that need no target. On failure check->detail says why. */
esp_loader_error_t eli_check_all(eli_check_t *check, const esp_loader_plan_options_t *options);

/* ---- check_tables.c ---- */

/** Finds the plan's table, the first one in flash, and checks it and its place. */
esp_loader_error_t eli_check_table(eli_check_t *check);

/** The table, which must be there; @p view must outlive it. */
esp_loader_source_t eli_check_table_source(const eli_check_t *check, esp_loader_view_t *view);

/** The partition with the byte at @p flash_offset; *out_is_there is false when there is none, or no table. */
esp_loader_error_t eli_check_partition_at(eli_check_t *check, uint32_t flash_offset,
                                          esp_loader_partition_t *out, bool *out_is_there);

/** Are the partitions within @p limit bytes of flash? */
esp_loader_error_t eli_check_partitions_end(eli_check_t *check, uint32_t limit, esp_loader_fault_t fault);

/* ---- check_parts.c ---- */

/** Checks the content of the images, and its places against the plan's table. */
esp_loader_error_t eli_check_parts(eli_check_t *check);

/** Fails when @p size bytes at @p offset of an image end after the partition, which has the first of them. */
esp_loader_error_t eli_check_end(eli_check_t *check, size_t index, uint32_t offset, uint32_t size,
                                 const esp_loader_partition_t *partition);

/* ---- check_places.c ---- */

/** What does an image have in the places where a chip with this image chip id looks for its bootloader and
 * its table? */
esp_loader_error_t eli_check_places(eli_check_t *check, size_t index, uint16_t chip_id,
                                    uint32_t bootloader_offset);

/** Is the image a file of another format or a bootloader, which must not begin where an app does? Then it is
 * worth knowing where the target has its app partitions, if the plan brings no table. */
esp_loader_error_t eli_check_may_be_misplaced(eli_check_t *check, size_t index, bool *out_may_be);

/** Fails because such an image begins where an app does. */
esp_loader_error_t eli_check_fail_misplaced(eli_check_t *check, size_t index);

#endif
