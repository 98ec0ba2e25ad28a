/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Erasing without writing. A ROM has no command for it, but its FLASH_BEGIN erases before it replies, so a
 * write that is begun and never continued is an erase.
 */
#include "session/core.h"
#include "session/flash.h"
#include "session/limits.h"

#define REGION_ERASE_BLOCK_SIZE 1024u

static esp_loader_error_t erase_range(esp_loader_t *loader, uint32_t offset, uint32_t size)
{
    if (eli_is_stub(loader)) {
        const uint32_t words[] = {offset, size};
        return eli_tell(loader, (eli_shape_t){ELI_ERASE_REGION, 2, 1, 0, 0}, words,
                        eli_erase_ms(offset, size));
    }
    return eli_flash_begin(loader, ELI_FLASH_BEGIN, size, size / REGION_ERASE_BLOCK_SIZE,
                           REGION_ERASE_BLOCK_SIZE, offset);
}

esp_loader_error_t eli_flash_erase_region(esp_loader_t *loader, uint32_t offset, uint32_t size)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_ERASE));
    RETURN_ON_ERROR(eli_flash_check_range(loader, offset, size));
    return erase_range(loader, offset, size);
}

esp_loader_error_t esp_loader_flash_erase_region(esp_loader_t *loader, uint32_t offset, uint32_t size)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_ERASE));
    if (offset % ELI_SECTOR_SIZE != 0 || size % ELI_SECTOR_SIZE != 0 || size == 0) {
        return eli_fail(loader, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_ALIGNMENT,
                        ESP_LOADER_STAGE_CHECK, offset, size);
    }
    RETURN_ON_ERROR(eli_flash_attach(loader));
    return eli_flash_erase_region(loader, offset, size);
}

esp_loader_error_t esp_loader_flash_erase(esp_loader_t *loader)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_ERASE));
    RETURN_ON_ERROR(eli_flash_attach(loader));
    if (eli_is_stub(loader)) {
        return eli_tell(loader, (eli_shape_t){.opcode = ELI_ERASE_FLASH}, NULL,
                        eli_chip_erase_ms(loader->_flash_size));
    }
    RETURN_ON_ERROR(eli_flash_check_range(loader, 0, loader->_flash_size));
    return erase_range(loader, 0, loader->_flash_size);
}
