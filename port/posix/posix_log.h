/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where the Linux ports' log lines go: standard error, and only as far as the port's `log_level` field
 * allows.
 */
#ifndef ESP_LOADER_PORT_POSIX_LOG_H
#define ESP_LOADER_PORT_POSIX_LOG_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_io.h"

/** The first members of a port that logs by the functions below. */
typedef struct {
    esp_loader_port_t port;
    esp_loader_log_level_t log_level; /**< highest level that is written */
} posix_logging_port_t;

/** Fails to compile unless @p type begins as posix_logging_port_t does. */
#define POSIX_LOGGING_PORT(type)                                                                             \
    _Static_assert(offsetof(type, port) == offsetof(posix_logging_port_t, port) &&                           \
                       offsetof(type, log_level) == offsetof(posix_logging_port_t, log_level),               \
                   "begins as posix_logging_port_t")

/** `log` of a port: one line. */
void posix_port_log(esp_loader_port_t *port, esp_loader_log_level_t level, const char *fmt, va_list args);

/** `log_hex` of a port: lines of 16 bytes; @p label may be NULL. */
void posix_port_log_hex(esp_loader_port_t *port, esp_loader_log_level_t level, const char *label,
                        const uint8_t *data, size_t size);

#endif
