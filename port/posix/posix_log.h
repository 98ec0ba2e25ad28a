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

/** Writes one line if @p level is not above @p highest. */
void posix_log(esp_loader_log_level_t highest, esp_loader_log_level_t level, const char *fmt, va_list args);

/** Dumps @p data in lines of 16 bytes if @p level is not above @p highest; @p label may be NULL. */
void posix_log_hex(esp_loader_log_level_t highest, esp_loader_log_level_t level, const char *label,
                   const uint8_t *data, size_t size);

#endif
