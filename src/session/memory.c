/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Loading an image into the target's RAM and starting it.
 */
#include "session/memory.h"

#include "session/blocks.h"
#include "session/limits.h"

esp_loader_error_t eli_mem_begin(esp_loader_t *loader, const esp_loader_blocks_t *blocks)
{
    const uint32_t words[] = {blocks->_size, eli_block_count(blocks->_size, blocks->_block_size),
                              blocks->_block_size, blocks->_address};
    return eli_tell(loader, (eli_shape_t){ELI_MEM_BEGIN, 4, 4, 0, 0}, words, 0);
}

static esp_loader_error_t start(esp_loader_t *loader, const esp_loader_mem_cfg_t *cfg)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_RAM));
    RETURN_ON_ERROR(eli_refuse_secure_download(loader, cfg->offset));
    if (cfg->offset % 4 != 0 || cfg->size == 0 || cfg->block_size == 0 || cfg->block_size % 4 != 0 ||
        cfg->block_size > eli_limit_block_size(loader, ELI_RAM_BLOCK_SIZE)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, cfg->offset, cfg->block_size);
    }
    return eli_mem_begin(loader, &cfg->_state._blocks);
}

esp_loader_error_t esp_loader_mem_start(esp_loader_t *loader, esp_loader_mem_cfg_t *cfg)
{
    cfg->_state._blocks = (esp_loader_blocks_t){._address = cfg->offset,
                                                ._size = cfg->size,
                                                ._block_size = cfg->block_size,
                                                ._opcode = ELI_MEM_DATA,
                                                ._stage = ESP_LOADER_STAGE_RAM};
    cfg->_state._blocks._failure = start(loader, cfg);
    return cfg->_state._blocks._failure;
}

esp_loader_error_t esp_loader_mem_write(esp_loader_t *loader, esp_loader_mem_cfg_t *cfg, const void *payload,
                                        uint32_t size)
{
    return eli_blocks_write(loader, &cfg->_state._blocks, payload, size);
}

esp_loader_error_t esp_loader_mem_finish(esp_loader_t *loader, esp_loader_mem_cfg_t *cfg, uint32_t entrypoint)
{
    RETURN_ON_ERROR(eli_blocks_check_end(loader, &cfg->_state._blocks, ESP_LOADER_STAGE_RAM));
    const bool is_staying = entrypoint == 0;
    const uint32_t words[] = {is_staying, entrypoint};
    const eli_command_t command = {
        .shape = {ELI_MEM_END, 2, 2, 0, 0}, .words = words, .may_stay_unanswered = !is_staying};
    eli_reply_t unused;
    esp_loader_error_t err = eli_transact(loader, &command, &unused);
    if (!is_staying && err == ESP_LOADER_ERROR_TIMEOUT) {
        eli_forget_failure(loader, ESP_LOADER_STAGE_RAM);
        return ESP_LOADER_SUCCESS;
    }
    return err;
}
