/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Output files that are complete or untouched: the content is written to a temporary file in the same folder,
 * which replaces the old file only when all of it was written. Depends on the C library alone, so that every
 * program may use it.
 */
#ifndef CLI_OUTPUT_FILE_H
#define CLI_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

typedef struct {
    FILE *stream;    /**< write here */
    char *path;      /**< private: the file after all symbolic links */
    char *temporary; /**< private: file beside it, NULL = written in place */
} output_file_t;

/** Starts an output file. A file that exists stays as it is until output_file_commit(), and may be read as an
 * input meanwhile; the new one takes over its permissions. A symbolic link stays one: the file it leads to is
 * replaced. What is not a regular file (a device, a pipe, /dev/stdout) is written in place.
 *  @return false: errno says why, and there is nothing to close */
bool output_file_open(output_file_t *output, const char *path);

/** Closes the file and puts it in the place of the old one.
 *  @return false: errno says why; the old file is untouched, the temporary file is gone */
bool output_file_commit(output_file_t *output);

/** Closes the file and removes what was written; the old file is untouched. */
void output_file_discard(output_file_t *output);

#endif
