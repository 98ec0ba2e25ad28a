/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The file to which everything goes that comes from the target, byte for byte.
 */
#ifndef CLI_MONITOR_LOG_FILE_H
#define CLI_MONITOR_LOG_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Begins as LOG_FILE_CLOSED. */
typedef struct {
    int fd;              /**< -1 = nothing is written */
    bool has_failed;     /**< something could not be written, which has been said */
    char path[PATH_MAX]; /**< of the last one that was open; "" = none */
} log_file_t;

#define LOG_FILE_CLOSED                                                                                      \
    (log_file_t)                                                                                             \
    {                                                                                                        \
        .fd = -1                                                                                             \
    }

/** Opens the file, what is in it stays. @p path NULL = the last one again, or else one named after the time.
 *  @return false after a sentence */
bool log_file_open(log_file_t *log, const char *path);

/** Writes the bytes, all of them; a failure is printed, and closes the file. */
void log_file_write(log_file_t *log, const uint8_t *bytes, size_t size);

/** Closes the file; prints a failure. Harmless when none is open. */
void log_file_close(log_file_t *log);

#endif
