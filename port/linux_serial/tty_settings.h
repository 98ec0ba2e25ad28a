/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Terminal settings of a serial device. A file of its own because the kernel's <asm/termbits.h>, the only way
 * to set an arbitrary rate, cannot be included together with <termios.h>.
 */
#ifndef ESP_LOADER_PORT_TTY_SETTINGS_H
#define ESP_LOADER_PORT_TTY_SETTINGS_H

#include <stdint.h>

#include "esp_loader_error.h"

/** Makes the tty @p fd a transparent byte pipe (8N1, no echo, no flow control, lines kept on close, one byte
 * satisfies a read) at @p rate_baud, and drops what the kernel has buffered.
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND    @p fd is not a tty
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the device cannot do the rate within 3 %
 *  @retval ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_DISCONNECTED */
esp_loader_error_t tty_make_raw(int fd, uint32_t rate_baud);

/** Changes the rate only, which is not 0: that would drop DTR. What is queued in either direction stays.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the device cannot do the rate within 3 %
 *  @retval ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_DISCONNECTED */
esp_loader_error_t tty_set_rate(int fd, uint32_t rate_baud);

#endif
