/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Log lines of the Linux ports on standard error. A line is put together first and written by one call, so
 * lines of several ports do not mix.
 */
#define _GNU_SOURCE
#include "posix_log.h"

#include <stdbool.h>
#include <stdio.h>

enum { LINE_SIZE = 256, BYTES_PER_LINE = 16 };

static bool is_wanted(const esp_loader_port_t *port, esp_loader_log_level_t level)
{
    const esp_loader_log_level_t highest =
        *(const esp_loader_log_level_t *)(const void *)((const char *)port +
                                                        offsetof(posix_logging_port_t, log_level));

    return level != ESP_LOADER_LOG_LEVEL_NONE && level <= highest;
}

void posix_port_log(esp_loader_port_t *port, esp_loader_log_level_t level, const char *fmt, va_list args)
{
    static const char *const names[] = {"", "error", "warning", "info", "debug"};
    char line[LINE_SIZE];

    if (!is_wanted(port, level) || level > ESP_LOADER_LOG_LEVEL_DEBUG) {
        return;
    }
    if (vsnprintf(line, sizeof(line), fmt, args) < 0) {
        return;
    }
    fprintf(stderr, "%s: %s\n", names[level], line);
}

void posix_port_log_hex(esp_loader_port_t *port, esp_loader_log_level_t level, const char *label,
                        const uint8_t *data, size_t size)
{
    if (!is_wanted(port, level)) {
        return;
    }
    for (size_t off = 0; off < size; off += BYTES_PER_LINE) {
        char line[3 * BYTES_PER_LINE + 1];
        size_t count = size - off < BYTES_PER_LINE ? size - off : BYTES_PER_LINE;

        for (size_t i = 0; i < count; i++) {
            snprintf(line + 3 * i, sizeof(line) - 3 * i, " %02x", data[off + i]);
        }
        fprintf(stderr, "%s %04zx:%s\n", label == NULL ? "data" : label, off, line);
    }
}
