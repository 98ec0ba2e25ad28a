/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a chip's ROM prints when it starts, for example "rst:0x15 (USB_UART_CHIP_RESET),boot:0x0
 * (DOWNLOAD(USB/UART0))": the only way to learn whether a reset has led out of download mode. Source: the
 * boot mode messages in ESP-IDF's and esptool's documentation.
 */
#ifndef CLI_BOOT_TEXT_H
#define CLI_BOOT_TEXT_H

#include <stddef.h>

#include "esp_loader_io.h"

typedef enum {
    BOOT_UNKNOWN = 0, /**< it says nothing of it */
    BOOT_FLASH,
    BOOT_DOWNLOAD,
} boot_mode_t;

/** What a target prints during connecting, examined line by line. Zero = nothing yet. */
typedef struct {
    boot_mode_t mode; /**< of the last boot that was told in full, but download mode stays: another reset may
                         have left it again */
    char line[160];
    size_t size;
} boot_text_t;

/** Takes the next @p size bytes, which may hold anything. */
void boot_text_take(boot_text_t *text, const void *bytes, size_t size);

/** Looks for a complete boot mode in @p text of @p size bytes, which may hold anything. */
boot_mode_t boot_text_find(const char *text, size_t size);

/** Listens for a moment to a target that has just been reset. Sends nothing. */
boot_mode_t boot_text_listen(esp_loader_port_t *port);

#endif
