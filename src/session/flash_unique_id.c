/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flash chip's own number. A file of its own, so that a program which does not ask for it does not link
 * it.
 */
#include "session/core.h"
#include "session/flash.h"

#define RDUID       0x4Bu
#define DUMMY_BITS  32u
#define SIZE_USUAL  8u
#define SIZE_DOUBLE 16u

esp_loader_error_t esp_loader_flash_read_unique_id(esp_loader_t *loader, uint8_t *out_id, size_t size)
{
    uint32_t words[SIZE_DOUBLE / 4];
    uint8_t all_and = 0xFF;
    uint8_t all_or = 0;
    RETURN_ON_ERROR(eli_flash_id_enter(loader));
    if (out_id == NULL || (size != SIZE_USUAL && size != SIZE_DOUBLE)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, (uint32_t)size);
    }
    RETURN_ON_ERROR(
        eli_spi_read_after(loader, RDUID, ELI_SPI_USR_DUMMY, DUMMY_BITS - 1, words, (uint32_t)size / 4));
    for (size_t i = 0; i < size; i++) {
        out_id[i] = (uint8_t)(words[i / 4] >> (i % 4 * 8));
        all_and &= out_id[i];
        all_or |= out_id[i];
    }
    if (all_and == 0xFF || all_or == 0) {
        return eli_fail(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_FLASH_ID,
                        ESP_LOADER_STAGE_ATTACH, 0, words[0]);
    }
    return ESP_LOADER_SUCCESS;
}
