/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How sessions begin: what is the same over every kind of link, and the ways to connect.
 */
#ifndef ELI_CONNECT_H
#define ELI_CONNECT_H

#include "session/chip.h"
#include "session/flash.h"

/** Forgets the target: the first step of every way to connect. */
static inline void eli_connect_begin(esp_loader_t *loader)
{
    eli_forget_failure(loader, ESP_LOADER_STAGE_RESET);
    loader->_chip = ESP_UNKNOWN_CHIP;
    loader->_flash_size = 0;
    loader->_is.connected = false;
    loader->_is.stub_running = ELI_STUB_NONE;
    loader->_is.secure_download = false;
    loader->_is.flash_attached = false;
    loader->_is.flash_size_stated = false;
    loader->_block_opcode = 0;
    loader->_unfinished_ms = 0;
    if (ELI_BOUNDS_ERASES) {
        loader->_told_flash_size = 0;
    }
}

/** Connects over a byte stream: reset, SYNC, detection. */
esp_loader_error_t eli_connect_by_sync(esp_loader_t *loader, const esp_loader_connect_args_t *args);

#endif
