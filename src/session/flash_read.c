/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading flash. A ROM gives 64 bytes per command.
 */
#include "session/session.h"

#include <string.h>

#define ROM_READ_SIZE 64u

static esp_loader_error_t read_slow(esp_loader_t *loader, uint32_t address, uint8_t *buf, uint32_t size)
{
    const eli_command_t command = {.opcode = ELI_READ_FLASH_SLOW,
                                   .words = {address, size},
                                   .word_count = 2,
                                   .reply_size = ROM_READ_SIZE};
    eli_reply_t reply;
    RETURN_ON_ERROR(eli_transact(loader, &command, address, &reply));
    memcpy(buf, reply.payload, size);
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_flash_read(esp_loader_t *loader, uint8_t *buf, uint32_t address,
                                         uint32_t length)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_READ));
    if (loader->_is.secure_download || (eli_target(loader)->features & ELI_ROM_READ_SLOW) == 0) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, address, 0);
    }
    RETURN_ON_ERROR(eli_flash_attach(loader));
    RETURN_ON_ERROR(eli_flash_check_range(loader, address, length));
    for (uint32_t done = 0; done < length;) {
        uint32_t size = length - done < ROM_READ_SIZE ? length - done : ROM_READ_SIZE;
        RETURN_ON_ERROR(read_slow(loader, address + done, buf + done, size));
        done += size;
    }
    return ESP_LOADER_SUCCESS;
}
