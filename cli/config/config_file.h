/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A configuration file in memory.
 */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum { CONFIG_FILE_SIZE_MAX = 1 << 18, CONFIG_PATH_SIZE = 4096 };

typedef enum {
    CONFIG_FILE_READ,
    CONFIG_FILE_ABSENT, /**< or nothing that this user may read */
    CONFIG_FILE_FAILED, /**< the sentence says why */
} config_file_result_t;

/** Zero = nothing. */
typedef struct {
    char path[CONFIG_PATH_SIZE]; /**< as shown */
    char *text;                  /**< `size` bytes and a 0 */
    size_t size;
    bool is_of_folder; /**< of the working folder: anybody may have put it there */
} config_file_t;

/** Reads the file; config_file_free() in any case. It must be a regular file of at most CONFIG_FILE_SIZE_MAX bytes.
 *  @param error  a sentence after CONFIG_FILE_FAILED */
config_file_result_t config_file_read(config_file_t *file, const char *path, char *error, size_t error_size);

void config_file_free(config_file_t *file);

#endif
