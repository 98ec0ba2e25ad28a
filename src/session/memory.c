/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Loading an image into the target's RAM and starting it.
 */
#include "session/blocks.h"
#include "session/limits.h"

static esp_loader_error_t start(esp_loader_t *loader, const esp_loader_mem_cfg_t *cfg)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_RAM));
    RETURN_ON_ERROR(eli_refuse_secure_download(loader, cfg->offset));
    if (cfg->offset % 4 != 0 || cfg->size == 0 || cfg->block_size == 0 || cfg->block_size % 4 != 0 ||
        cfg->block_size > eli_limit_block_size(loader, ELI_RAM_BLOCK_SIZE)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, cfg->offset, cfg->block_size);
    }
    const eli_command_t command = {
        .opcode = ELI_MEM_BEGIN,
        .words = {cfg->size, eli_block_count(cfg->size, cfg->block_size), cfg->block_size, cfg->offset},
        .word_count = 4};
    return eli_transact(loader, &command, cfg->offset, NULL);
}

esp_loader_error_t esp_loader_mem_start(esp_loader_t *loader, esp_loader_mem_cfg_t *cfg)
{
    return eli_blocks_begin(&cfg->_state._blocks, start(loader, cfg));
}

esp_loader_error_t esp_loader_mem_write(esp_loader_t *loader, esp_loader_mem_cfg_t *cfg, const void *payload,
                                        uint32_t size)
{
    const eli_series_t series = {.stage = ESP_LOADER_STAGE_RAM,
                                 .opcode = ELI_MEM_DATA,
                                 .address = cfg->offset,
                                 .size = cfg->size,
                                 .block_size = cfg->block_size};
    eli_sent_t sent;
    RETURN_ON_ERROR(eli_blocks_send(loader, &cfg->_state._blocks, &series, payload, size, &sent));
    return eli_blocks_collect(loader, &cfg->_state._blocks, &sent);
}

esp_loader_error_t esp_loader_mem_finish(esp_loader_t *loader, esp_loader_mem_cfg_t *cfg, uint32_t entrypoint)
{
    RETURN_ON_ERROR(
        eli_blocks_check_end(loader, &cfg->_state._blocks, ESP_LOADER_STAGE_RAM, cfg->offset, cfg->size));
    bool is_staying = entrypoint == 0;
    const eli_command_t command = {.opcode = ELI_MEM_END,
                                   .words = {is_staying ? 1 : 0, entrypoint},
                                   .word_count = 2,
                                   .may_stay_unanswered = !is_staying};
    esp_loader_error_t err = eli_transact(loader, &command, entrypoint, NULL);
    if (!is_staying && err == ESP_LOADER_ERROR_TIMEOUT) {
        eli_forget_failure(loader, ESP_LOADER_STAGE_RAM);
        return ESP_LOADER_SUCCESS;
    }
    return err;
}
