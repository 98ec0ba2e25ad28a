/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Writing one image that the caller has compressed: the loader on the target inflates it.
 */
#include "session/session.h"

#define ROM_SIZE_UNIT 0x400u /* a ROM wants the inflated size as a multiple of this */

static esp_loader_error_t start(esp_loader_t *loader, const esp_loader_flash_deflate_cfg_t *cfg)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_CHECK));
    if (!eli_is_stub(loader) && !eli_has(eli_target(loader), ELI_ROM_DEFLATE)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, cfg->offset, 0);
    }
    if (cfg->offset % 4 != 0 || cfg->image_size == 0 || cfg->compressed_size == 0 || cfg->block_size == 0 ||
        cfg->block_size > eli_limit_block_size(loader, ELI_MAX_BLOCK_SIZE)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, cfg->offset, cfg->block_size);
    }
    RETURN_ON_ERROR(eli_flash_attach(loader));
    RETURN_ON_ERROR(eli_flash_check_range(loader, cfg->offset, cfg->image_size));

    uint32_t size = cfg->image_size;
    if (!eli_is_stub(loader)) {
        size = (size + ROM_SIZE_UNIT - 1) / ROM_SIZE_UNIT * ROM_SIZE_UNIT;
    }
    return eli_flash_begin(loader, ELI_FLASH_DEFL_BEGIN, size,
                           eli_block_count(cfg->compressed_size, cfg->block_size), cfg->block_size,
                           cfg->offset);
}

esp_loader_error_t esp_loader_flash_deflate_start(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg)
{
    cfg->_state._written = 0;
    cfg->_state._sequence = 0;
    cfg->_state._takes_short_blocks = false;
    cfg->_state._failure = start(loader, cfg);
    return cfg->_state._failure;
}

static esp_loader_error_t send_block(esp_loader_t *loader, const esp_loader_flash_deflate_cfg_t *cfg,
                                     const uint8_t *data, uint32_t size, eli_sent_t *out_sent)
{
    uint32_t left = cfg->compressed_size - cfg->_state._written;
    RETURN_ON_ERROR(cfg->_state._failure);
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_WRITE));
    if (size > left) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_IMAGE_SIZE, cfg->offset, size);
    }
    bool is_short =
        size < cfg->block_size && size != left && !(ELI_KNOWS_STUBS && cfg->_state._takes_short_blocks);
    if (size == 0 || size > cfg->block_size || is_short) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, cfg->offset, size);
    }
    /* One small block may inflate to the whole image, so each gets the time of the whole image. */
    const eli_block_t block = {.opcode = ELI_FLASH_DEFL_DATA,
                               .sequence = cfg->_state._sequence,
                               .data = data,
                               .size = size,
                               .timeout_ms = eli_timeout_for(cfg->image_size, ELI_ERASE_MS_PER_KIB)};
    eli_block_command(&block, &out_sent->command);
    out_sent->address = cfg->offset;
    out_sent->size = size;
    return eli_transact_send(loader, &out_sent->command, cfg->offset);
}

esp_loader_error_t eli_deflate_send(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg,
                                    const uint8_t *data, uint32_t size, eli_sent_t *out_sent)
{
    cfg->_state._failure = send_block(loader, cfg, data, size, out_sent);
    return cfg->_state._failure;
}

esp_loader_error_t eli_deflate_collect(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg,
                                       const eli_sent_t *sent)
{
    cfg->_state._failure = eli_transact_await(loader, &sent->command, sent->address, NULL);
    if (cfg->_state._failure == ESP_LOADER_SUCCESS) {
        cfg->_state._written += sent->size;
        cfg->_state._sequence += loader->_detail.attempts; /* a ROM counts refused ones too */
    }
    return cfg->_state._failure;
}

esp_loader_error_t esp_loader_flash_deflate_write(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg,
                                                  const void *payload, uint32_t size)
{
    eli_sent_t sent;
    RETURN_ON_ERROR(eli_deflate_send(loader, cfg, payload, size, &sent));
    return eli_deflate_collect(loader, cfg, &sent);
}

esp_loader_error_t esp_loader_flash_deflate_finish(esp_loader_t *loader, esp_loader_flash_deflate_cfg_t *cfg)
{
    RETURN_ON_ERROR(cfg->_state._failure);
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_WRITE));
    if (cfg->_state._written != cfg->compressed_size) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, cfg->offset, cfg->_state._written);
    }
    if (!eli_is_stub(loader)) {
        return ESP_LOADER_SUCCESS; /* a ROM has written the block before it acknowledges it */
    }
    /* A stub acknowledges first and writes then: the outcome of the last block is the reply to this. */
    return eli_flash_end(loader, ELI_FLASH_DEFL_END, cfg->offset,
                         eli_timeout_for(cfg->image_size, ELI_ERASE_MS_PER_KIB));
}
