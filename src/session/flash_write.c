/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Writing one image: start, write, finish.
 */
#include "session/blocks.h"
#include "session/flash.h"
#include "session/limits.h"

#define MIN_BLOCK_SIZE 16u

#define SECTORS_PER_BLOCK 16u

static esp_loader_error_t check(esp_loader_t *loader, const esp_loader_flash_cfg_t *cfg)
{
    bool is_aligned = eli_flash_is_aligned(loader, cfg->offset);
    if (is_aligned && cfg->image_size != 0 && cfg->block_size >= MIN_BLOCK_SIZE &&
        cfg->block_size <= eli_limit_block_size(loader, ELI_MAX_BLOCK_SIZE) && cfg->block_size % 4 == 0) {
        return ESP_LOADER_SUCCESS;
    }
    return eli_fail_for(loader, ESP_LOADER_ERROR_INVALID_PARAM,
                        is_aligned ? ESP_LOADER_ERROR_INVALID_PARAM : ESP_LOADER_ERROR_ALIGNMENT, cfg->offset,
                        cfg->block_size);
}

/* ---- the ESP8266's ROM, which erases more than it is asked for ----
 * Asked for n sectors it erases n, and again as many of them as lie before the next 64 KiB boundary (the
 * head). The right question gets the right answer, but an odd number that is less than twice the head costs
 * one sector more. Source: esptool 5.6, ESP8266 target, get_erase_size. */

static bool erases_head_twice(const esp_loader_t *loader)
{
    return !eli_is_stub(loader) && eli_has(eli_target(loader), ELI_ROM_ERASES_HEAD_TWICE);
}

static uint32_t head_of(uint32_t offset)
{
    return SECTORS_PER_BLOCK - offset / ELI_SECTOR_SIZE % SECTORS_PER_BLOCK;
}

uint32_t eli_flash_erase_end(const esp_loader_t *loader, uint32_t offset, uint32_t size)
{
    uint32_t start = offset / ELI_SECTOR_SIZE;
    uint32_t sectors = (size + ELI_SECTOR_SIZE - 1) / ELI_SECTOR_SIZE;
    if (erases_head_twice(loader) && sectors < 2 * head_of(offset)) {
        sectors += sectors % 2;
    }
    return (start + sectors) * ELI_SECTOR_SIZE;
}

/* What to ask for so that the sectors from @p offset to @p end are erased. */
static uint32_t halve_head(uint32_t offset, uint32_t end)
{
    uint32_t sectors = end / ELI_SECTOR_SIZE - offset / ELI_SECTOR_SIZE;
    uint32_t head = head_of(offset);
    return (sectors - (head < sectors / 2 ? head : sectors / 2)) * ELI_SECTOR_SIZE;
}

esp_loader_error_t eli_flash_begin(esp_loader_t *loader, uint8_t opcode, uint32_t size, uint32_t block_count,
                                   uint32_t block_size, uint32_t offset)
{
    bool has_encrypt_word = eli_is_stub(loader) || eli_has(eli_target(loader), ELI_ROM_ENCRYPT_WORD);
    eli_command_t command = {.opcode = opcode,
                             .words = {size, block_count, block_size, offset, 0},
                             .word_count = has_encrypt_word ? 5 : 4,
                             /* a stub erases later, just ahead of the data */
                             .work_ms = eli_is_stub(loader) ? 0 : eli_erase_ms(offset, size)};
    if (erases_head_twice(loader)) {
        uint32_t end = eli_flash_erase_end(loader, offset, size);
        command.words[0] = halve_head(offset, end);
        /* Flash addresses wrap around: the first sector follows the last. */
        RETURN_ON_ERROR(eli_flash_check_range(loader, offset, end - offset));
    }
    loader->_detail.stage = ESP_LOADER_STAGE_ERASE;
    if (ELI_BOUNDS_ERASES && !eli_is_stub(loader)) {
        RETURN_ON_ERROR(eli_flash_set_end(loader, eli_flash_erase_end(loader, offset, size)));
    }
    return eli_transact(loader, &command, offset, NULL);
}

static esp_loader_error_t start(esp_loader_t *loader, const esp_loader_flash_cfg_t *cfg)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_CHECK));
    RETURN_ON_ERROR(check(loader, cfg));
    RETURN_ON_ERROR(eli_flash_attach(loader));
    RETURN_ON_ERROR(eli_flash_check_range(loader, cfg->offset, cfg->image_size));
    return eli_flash_begin(loader, ELI_FLASH_BEGIN, cfg->image_size,
                           eli_block_count(cfg->image_size, cfg->block_size), cfg->block_size, cfg->offset);
}

esp_loader_error_t esp_loader_flash_start(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg)
{
    if (!cfg->skip_verify) {
        esp_loader_md5_init(&cfg->_state._md5);
    }
    return eli_blocks_begin(&cfg->_state._blocks, start(loader, cfg));
}

esp_loader_error_t eli_flash_send(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg, const uint8_t *data,
                                  uint32_t size, eli_sent_t *out_sent)
{
    const eli_series_t series = {.stage = ESP_LOADER_STAGE_WRITE,
                                 .opcode = ELI_FLASH_DATA,
                                 .address = cfg->offset,
                                 .size = cfg->image_size,
                                 .block_size = cfg->block_size,
                                 .is_padded = !eli_is_stub(loader),
                                 /* a ROM needs no more than the default for a block */
                                 .work_ms = eli_is_stub(loader) ? eli_stub_block_ms(cfg->block_size) : 0};
    return eli_blocks_send(loader, &cfg->_state._blocks, &series, data, size, out_sent);
}

esp_loader_error_t esp_loader_flash_write(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg,
                                          const void *payload, uint32_t size)
{
    eli_sent_t sent;
    RETURN_ON_ERROR(eli_flash_send(loader, cfg, payload, size, &sent));
    RETURN_ON_ERROR(eli_blocks_collect(loader, &cfg->_state._blocks, &sent));
    if (!cfg->skip_verify) {
        esp_loader_md5_update(&cfg->_state._md5, payload, size);
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_flash_end(esp_loader_t *loader, uint8_t opcode, uint32_t offset)
{
    const eli_command_t command = {.opcode = opcode, .words = {1 /* stay in the loader */}, .word_count = 1};
    return eli_transact(loader, &command, offset, NULL);
}

esp_loader_error_t esp_loader_flash_finish(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    RETURN_ON_ERROR(eli_blocks_check_end(loader, &cfg->_state._blocks, ESP_LOADER_STAGE_VERIFY, cfg->offset,
                                         cfg->image_size));
    /* No FLASH_END to a ROM: it leaves the loader whatever the argument, and the image is in flash when the
     * last block was acknowledged. A stub acknowledges first; the next command brings the outcome, here or in
     * the verification. */
    if (cfg->skip_verify) {
        return eli_is_stub(loader) ? eli_flash_end(loader, ELI_FLASH_END, cfg->offset) : ESP_LOADER_SUCCESS;
    }
    if (!eli_flash_has_md5(loader)) {
        return eli_fail_unsupported(loader, cfg->offset);
    }
    esp_loader_md5_finish(&cfg->_state._md5, digest);
    RETURN_ON_ERROR(eli_flash_open_range(loader, cfg->offset, cfg->image_size));
    return eli_flash_compare(loader, cfg->offset, cfg->image_size, digest);
}
