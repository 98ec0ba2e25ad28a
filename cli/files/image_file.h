/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A file as the source of an image: read piece by piece where the library asks, never held in memory.
 */
#ifndef CLI_IMAGE_FILE_H
#define CLI_IMAGE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "esp_loader_image.h"
#include "report/report.h"
#include "text/safe_text.h"

typedef struct {
    int fd; /**< -1 when not open */
    uint32_t size;
    char name[SAFE_TEXT_SIZE]; /**< last part of the path, safe to be shown */
} image_file_t;

/** Opens @p path; "-" is standard input, which is read to its end. false and a sentence in @p why when it cannot be used: "app.bin is empty". */
bool image_file_open(image_file_t *file, const char *path, char why[REPORT_SIZE]);

/** Closes it; harmless when not open. */
void image_file_close(image_file_t *file);

/** The file as a source; it must stay open and in place. A file that shrinks meanwhile is a read error. */
esp_loader_source_t image_file_source(image_file_t *file);

/** How a file was at one time. */
typedef struct {
    off_t size;
    struct timespec modified;
} image_file_stamp_t;

image_file_stamp_t image_file_stamp(const image_file_t *file);

/** Has the file been written to since? Another file in its place does not count: the open one is read. */
bool image_file_has_changed(const image_file_t *file, const image_file_stamp_t *since);

#endif
