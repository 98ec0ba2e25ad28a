/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What "esp-loader image" has found in a file. image.c looks into it, image_text.c shows it to people,
 * image_json.c to programs.
 */
#ifndef CLI_IMAGE_CONTENT_H
#define CLI_IMAGE_CONTENT_H

#include <jansson.h>

#include "esp_loader_content.h"
#include "report/exit_code.h"
#include "text/flash_params.h"
#include "files/image_file.h"

enum { IMAGE_NO_MAXIMUM = 65535, IMAGE_PARTITION_ENCRYPTED = 1u, IMAGE_PARTITION_READ_ONLY = 2u };

/** A part of the file. */
typedef struct {
    esp_loader_part_t part;
    esp_loader_view_t view;
    esp_loader_source_t source;       /**< from its beginning to the end of the file */
    esp_loader_error_detail_t detail; /**< of its check; an image may be shown although it is damaged */
    uint32_t partition_count;         /**< of a table */
    bool has_partition;
    esp_loader_partition_t partition; /**< that the part is in */
} content_part_t;

/** A file and what is in it. */
typedef struct {
    const char *path;
    image_file_t file;
    esp_loader_source_t source;
    content_part_t *parts;
    size_t count;
    uint32_t flash_offset; /**< where the file belongs, from its first part */
} content_t;

/** Is it more than one image or table with something after it? */
bool image_content_is_merged(const content_t *content);

/** Names of the flash parameters in the header of an executable image. */
flash_params_text_t image_content_flash(const esp_loader_part_t *part);

/** Does its header say which revisions it allows? */
bool image_content_has_revisions(const esp_loader_image_info_t *info);

/** Prints all of it; CLI_OK, or CLI_INPUT after a sentence when the file cannot be read. */
cli_exit_t image_text_print(const content_t *content);

/** An object's members. */
json_t *image_json_members(const content_t *content);

#endif
