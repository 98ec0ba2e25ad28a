/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The status register of the flash chip. Source: data sheet of the Winbond W25Q64JV, instruction 05h; other
 * makers follow it.
 */
#include "session/core.h"
#include "session/flash.h"

#define READ_STATUS_REGISTER_1 0x05u

esp_loader_error_t esp_loader_flash_read_status(esp_loader_t *loader, uint8_t *out_status)
{
    uint32_t word;
    RETURN_ON_ERROR(eli_flash_id_enter(loader));
    RETURN_ON_ERROR(eli_flash_attach(loader));
    RETURN_ON_ERROR(eli_spi_read(loader, READ_STATUS_REGISTER_1, &word, 1));
    *out_status = (uint8_t)word;
    return ESP_LOADER_SUCCESS;
}
