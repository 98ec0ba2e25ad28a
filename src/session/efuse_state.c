/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading what a plan of a burn needs.
 */
#include "session/efuse_state.h"

#if defined(ESP_LOADER_EFUSE_BURN)

#include <string.h>

#include "session/chip.h"

esp_loader_error_t eli_efuse_enter(esp_loader_t *loader, const eli_efuse_layout_t **out_layout)
{
    RETURN_ON_ERROR(eli_register_enter(loader, 0));
    *out_layout = eli_efuse_layout_of(loader->_chip);
    return *out_layout != NULL ? ESP_LOADER_SUCCESS : eli_fail_unsupported(loader, 0);
}

esp_loader_error_t eli_efuse_read_state(esp_loader_t *loader, uint32_t blocks, esp_loader_efuse_state_t *out)
{
    const eli_efuse_layout_t *layout = NULL;
    uint32_t revision;
    RETURN_ON_ERROR(eli_efuse_enter(loader, &layout));
    memset(out, 0, sizeof(*out));
    out->chip = loader->_chip;
    RETURN_ON_ERROR(eli_chip_revision(loader, &revision));
    out->revision = (uint16_t)revision;
    out->image.block_count = layout->block_count;
    for (uint8_t block = 0; block < layout->block_count; block++) {
        if ((blocks >> block & 1u) != 0) {
            RETURN_ON_ERROR(esp_loader_efuse_read_block(loader, block, &out->image.blocks[block]));
        }
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_efuse_read_state(esp_loader_t *loader, esp_loader_efuse_state_t *out)
{
    const eli_efuse_layout_t *layout = NULL;
    RETURN_ON_ERROR(eli_efuse_enter(loader, &layout));
    if (out == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, 0);
    }
    return eli_efuse_read_state(loader, UINT32_MAX, out);
}

#endif
