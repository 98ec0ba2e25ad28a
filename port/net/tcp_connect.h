/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Opening a TCP connection within a deadline.
 */
#ifndef ESP_LOADER_PORT_TCP_CONNECT_H
#define ESP_LOADER_PORT_TCP_CONNECT_H

#include <stdint.h>

#include "esp_loader_error.h"
#include "posix_io.h"

/** Connects @p stream, all of it but the descriptor set, to @p host, trying its addresses in the order the
 * resolver gives, with a non-blocking socket, Nagle's delay off. The deadline does not cover resolving a
 * name.
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND  no such host, no route, or nothing listens there
 *  @retval ESP_LOADER_ERROR_PORT_ACCESS     forbidden by this machine
 *  @retval ESP_LOADER_ERROR_TIMEOUT         no answer before the deadline
 *  @retval ESP_LOADER_ERROR_IO              anything else
 *  @retval ESP_LOADER_ERROR_CANCELLED       the stream's is_cancelled() returned true */
esp_loader_error_t tcp_connect(const char *host, const char *service, uint64_t deadline_us,
                               posix_stream_t *stream);

#endif
