/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The time in front of a line.
 */
#ifndef CLI_MONITOR_TIMESTAMP_H
#define CLI_MONITOR_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { TIMESTAMP_SIZE = 128 };

/** What there is without a format of the user's, as in ESP-IDF's monitor. */
#define TIMESTAMP_USUAL "%Y-%m-%d %H:%M:%S"

/** Writes the time as @p format says: strftime()'s, and `%f` for the microseconds. Returns the length; 0 when there
 * is nothing, or no room for it. */
size_t timestamp_text(const char *format, const struct timespec *at, char out[TIMESTAMP_SIZE]);

/** Does the format make text, without control characters? */
bool timestamp_is_usable(const char *format);

#endif
