/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Writing one image that the caller has compressed: the loader on the target inflates it.
 */
#include "session/blocks.h"
#include "session/flash.h"
#include "session/limits.h"

#define ROM_SIZE_UNIT 0x400u /* a ROM wants the inflated size as a multiple of this */

static esp_loader_error_t start(esp_loader_t *loader, const esp_loader_flash_deflate_cfg_t *cfg)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_CHECK));
    bool is_stub = eli_is_stub(loader);
    if (loader->_is.secure_download || (!is_stub && !eli_has(eli_target(loader), ELI_ROM_DEFLATE))) {
        return eli_fail_unsupported(loader, cfg->offset);
    }
    if (!eli_flash_is_aligned(loader, cfg->offset)) {
        return eli_fail_for(loader, ESP_LOADER_ERROR_INVALID_PARAM, ESP_LOADER_ERROR_ALIGNMENT, cfg->offset,
                            0);
    }
    if (cfg->image_size == 0 || cfg->compressed_size == 0 || cfg->block_size == 0 ||
        cfg->block_size > eli_limit_block_size(loader, ELI_MAX_BLOCK_SIZE)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, cfg->offset, cfg->block_size);
    }
    RETURN_ON_ERROR(eli_flash_attach(loader));

    uint32_t size = cfg->image_size;
    if (!is_stub) {
        size = (size + ROM_SIZE_UNIT - 1) / ROM_SIZE_UNIT * ROM_SIZE_UNIT;
    }
    RETURN_ON_ERROR(eli_flash_check_range(loader, cfg->offset, size));
    return eli_flash_begin(loader, ELI_FLASH_DEFL_BEGIN, size,
                           eli_block_count(cfg->compressed_size, cfg->block_size), cfg->block_size,
                           cfg->offset);
}

esp_loader_error_t esp_loader_flash_deflate_start(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg)
{
    return eli_blocks_begin(&cfg->_state._blocks, start(loader, cfg));
}

esp_loader_error_t eli_deflate_send(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg,
                                    const uint8_t *data, uint32_t size, eli_sent_t *out_sent)
{
    /* One small block may inflate to the whole image, so each gets the time of the whole image. A stub also
     * erases meanwhile. */
    uint32_t erase_ms = eli_is_stub(loader) ? eli_erase_ms(cfg->offset, cfg->image_size) : 0;
    const eli_series_t series = {.stage = ESP_LOADER_STAGE_WRITE,
                                 .opcode = ELI_FLASH_DEFL_DATA,
                                 .address = cfg->offset,
                                 .is_stream = true,
                                 .size = cfg->compressed_size,
                                 .block_size = cfg->block_size,
                                 .work_ms = erase_ms + eli_write_ms(cfg->image_size)};
    return eli_blocks_send(loader, &cfg->_state._blocks, &series, data, size, out_sent);
}

esp_loader_error_t esp_loader_flash_deflate_write(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg,
                                                  const void *payload, uint32_t size)
{
    eli_sent_t sent;
    RETURN_ON_ERROR(eli_deflate_send(loader, cfg, payload, size, &sent));
    return eli_blocks_collect(loader, &cfg->_state._blocks, &sent);
}

esp_loader_error_t esp_loader_flash_deflate_finish(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg)
{
    RETURN_ON_ERROR(eli_blocks_check_end(loader, &cfg->_state._blocks, ESP_LOADER_STAGE_WRITE, cfg->offset,
                                         cfg->compressed_size));
    if (!eli_is_stub(loader)) {
        return ESP_LOADER_SUCCESS; /* a ROM has written the block before it acknowledges it */
    }
    /* A stub acknowledges first and writes then: the outcome of the last block is the reply to this. */
    return eli_flash_end(loader, ELI_FLASH_DEFL_END, cfg->offset);
}
