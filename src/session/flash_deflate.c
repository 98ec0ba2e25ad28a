/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Writing one image that the caller has compressed: the loader on the target inflates it.
 */
#include "session/blocks.h"
#include "session/flash.h"

static esp_loader_error_t start(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg)
{
    eli_deflate_announce(loader, cfg->offset, cfg->image_size, cfg->compressed_size, cfg->block_size,
                         &cfg->_state._blocks);
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_CHECK));
    if (loader->_is.secure_download ||
        (!eli_is_stub(loader) && !eli_has(eli_target(loader), ELI_ROM_DEFLATE))) {
        return eli_fail_unsupported(loader, cfg->offset);
    }
    return eli_flash_start(loader, &cfg->_state._blocks, eli_inflated_size(loader, cfg->image_size), 1);
}

esp_loader_error_t esp_loader_flash_deflate_start(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg)
{
    cfg->_state._blocks._failure = start(loader, cfg);
    return cfg->_state._blocks._failure;
}

esp_loader_error_t esp_loader_flash_deflate_write(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg,
                                                  const void *payload, uint32_t size)
{
    return eli_blocks_write(loader, &cfg->_state._blocks, payload, size);
}

esp_loader_error_t esp_loader_flash_deflate_finish(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg)
{
    RETURN_ON_ERROR(eli_blocks_check_end(loader, &cfg->_state._blocks, ESP_LOADER_STAGE_WRITE));
    return eli_flash_close(loader, &cfg->_state._blocks);
}
