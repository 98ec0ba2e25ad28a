/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * strftime() with the `%f` of Python's, which ESP-IDF's monitor has.
 */
#define _GNU_SOURCE
#include "monitor/timestamp.h"

#include <stdio.h>
#include <string.h>

/** Replaces each %f; false when there is no room. */
static bool put_microseconds(const char *format, long microseconds, char out[TIMESTAMP_SIZE])
{
    size_t used = 0;

    while (*format != '\0') {
        const bool is_fraction = format[0] == '%' && format[1] == 'f';
        const size_t size = is_fraction ? 6 : format[0] == '%' && format[1] != '\0' ? 2 : 1;

        if (used + size >= TIMESTAMP_SIZE) {
            return false;
        }
        if (is_fraction) {
            snprintf(out + used, TIMESTAMP_SIZE - used, "%06ld", microseconds);
        } else {
            memcpy(out + used, format, size);
        }
        used += size;
        format += is_fraction ? 2 : size;
    }
    out[used] = '\0';
    return true;
}

size_t timestamp_text(const char *format, const struct timespec *at, char out[TIMESTAMP_SIZE])
{
    char whole[TIMESTAMP_SIZE];
    struct tm local;

    out[0] = '\0';
    if (!put_microseconds(format, at->tv_nsec / 1000, whole) || localtime_r(&at->tv_sec, &local) == NULL) {
        return 0;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    return strftime(out, TIMESTAMP_SIZE, whole, &local);
#pragma GCC diagnostic pop
}

bool timestamp_is_usable(const char *format)
{
    const struct timespec some_time = {.tv_sec = 1700000000};
    char text[TIMESTAMP_SIZE];
    const size_t size = timestamp_text(format, &some_time, text);

    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7F) {
            return false;
        }
    }
    return size > 0;
}
