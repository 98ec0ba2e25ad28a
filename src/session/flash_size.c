/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How large the flash is if its id does not contain the size, or states more than there is. Addresses beyond
 * the end of a flash chip lead to its start again, and sizes are powers of two: so whatever its true size is,
 * one that is smaller than it is taken for has the same in both halves.
 */
#include <string.h>

#include "session/core.h"
#include "session/flash.h"
#include "session/limits.h"

#define SAMPLE_SIZE 0x10000u

esp_loader_error_t esp_loader_flash_set_size(esp_loader_t *loader, uint32_t size)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_CHECK));
    if (size % ELI_SECTOR_SIZE != 0 || (size & (size - 1)) != 0) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, size);
    }
    loader->_flash_size = size;
    loader->_is.flash_size_stated = size != 0;
    loader->_is.flash_attached = false; /* attaching sends it to the target */
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_flash_set_pins(esp_loader_t *loader, uint32_t pins)
{
    const uint32_t wanted =
        pins == ESP_LOADER_FLASH_PINS_HSPI ? ELI_SPI_PADS_IN_EFUSE : ELI_FLASH_ON_ANY_PINS;

    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_CHECK));
    if (pins != 0 && (!ELI_KNOWS_PINS || !eli_has(eli_target(loader), wanted))) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, 0, pins);
    }
    loader->_flash_pins = pins;
    loader->_is.flash_attached = false;
    if (!loader->_is.flash_size_stated && !loader->_is.secure_download) {
        loader->_flash_size = 0; /* that of the flash at the other pins */
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t is_same(esp_loader_t *loader, uint32_t a, uint32_t b, uint32_t size,
                                  bool *out_is_same)
{
    uint8_t digests[2][ESP_LOADER_MD5_SIZE];

    RETURN_ON_ERROR(eli_flash_md5(loader, a, size, digests[0]));
    RETURN_ON_ERROR(eli_flash_md5(loader, b, size, digests[1]));
    *out_is_same = memcmp(digests[0], digests[1], ESP_LOADER_MD5_SIZE) == 0;
    return ESP_LOADER_SUCCESS;
}

/* Erased flash, and any other that is the same all over, is the same at any distance. A sample alone does not
 * decide: one flipped bit of an address may have put what is at the start into the middle, too. */
esp_loader_error_t esp_loader_flash_measure_size(esp_loader_t *loader, uint32_t *out_size)
{
    bool is_repeated = true;
    bool is_uniform = false;

    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_VERIFY));
    RETURN_ON_ERROR(eli_flash_attach(loader));
    uint32_t size = eli_flash_reach(loader);
    while (is_repeated && size >= 2 * SAMPLE_SIZE) {
        RETURN_ON_ERROR(is_same(loader, 0, size / 2, SAMPLE_SIZE, &is_repeated));
        if (is_repeated) {
            RETURN_ON_ERROR(is_same(loader, 0, SAMPLE_SIZE / 2, SAMPLE_SIZE / 2, &is_uniform));
        }
        if (is_repeated && !is_uniform) {
            RETURN_ON_ERROR(is_same(loader, 0, size / 2, size / 2, &is_repeated));
        }
        if (is_repeated) {
            size = is_uniform ? 0 : size / 2;
        }
    }
    *out_size = size == eli_flash_reach(loader) ? loader->_flash_size : size;
    return ESP_LOADER_SUCCESS;
}
