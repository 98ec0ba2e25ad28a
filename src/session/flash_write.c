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
    /* a stub erases later, just ahead of the data */
    const uint32_t work_ms = eli_is_stub(loader) ? 0 : eli_erase_ms(offset, size);
    uint32_t words[] = {size, block_count, block_size, offset, 0};
    if (erases_head_twice(loader)) {
        uint32_t end = eli_flash_erase_end(loader, offset, size);
        words[0] = halve_head(offset, end);
        /* Flash addresses wrap around: the first sector follows the last. */
        RETURN_ON_ERROR(eli_flash_check_range(loader, offset, end - offset));
    }
    loader->_detail.stage = ESP_LOADER_STAGE_ERASE;
    if (ELI_BOUNDS_ERASES && !eli_is_stub(loader)) {
        RETURN_ON_ERROR(eli_flash_set_end(loader, eli_flash_erase_end(loader, offset, size)));
    }
    return eli_tell(loader, (eli_shape_t){opcode, has_encrypt_word ? 5 : 4, 4, 0, 0}, words, work_ms);
}

esp_loader_error_t eli_flash_open(esp_loader_t *loader, const esp_loader_blocks_t *blocks,
                                  uint32_t image_size)
{
    const uint8_t begin = (uint8_t)(blocks->_opcode - ELI_FLASH_DATA + ELI_FLASH_BEGIN);
    RETURN_ON_ERROR(eli_flash_check_range(loader, blocks->_address, image_size));
    return eli_flash_begin(loader, begin, image_size, eli_block_count(blocks->_size, blocks->_block_size),
                           blocks->_block_size, blocks->_address);
}

esp_loader_error_t eli_flash_start(esp_loader_t *loader, const esp_loader_blocks_t *blocks,
                                   uint32_t image_size, uint32_t min_block)
{
    const uint32_t block_size = blocks->_block_size;
    const bool is_aligned = eli_flash_is_aligned(loader, blocks->_address);
    if (!is_aligned || image_size == 0 || blocks->_size == 0 || block_size < min_block ||
        block_size > eli_limit_block_size(loader, ELI_MAX_BLOCK_SIZE) ||
        (block_size & (min_block - 1) & 3) != 0) {
        return eli_fail_for(loader, ESP_LOADER_ERROR_INVALID_PARAM,
                            is_aligned ? ESP_LOADER_ERROR_INVALID_PARAM : ESP_LOADER_ERROR_ALIGNMENT,
                            blocks->_address, block_size);
    }
    RETURN_ON_ERROR(eli_flash_attach(loader));
    return eli_flash_open(loader, blocks, image_size);
}

static esp_loader_error_t start(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg)
{
    eli_flash_announce(loader, cfg->offset, cfg->image_size, cfg->block_size, &cfg->_state._blocks);
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_CHECK));
    return eli_flash_start(loader, &cfg->_state._blocks, cfg->image_size, MIN_BLOCK_SIZE);
}

esp_loader_error_t esp_loader_flash_start(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg)
{
    if (!cfg->skip_verify) {
        esp_loader_md5_init(&cfg->_state._md5);
    }
    cfg->_state._blocks._failure = start(loader, cfg);
    return cfg->_state._blocks._failure;
}

esp_loader_error_t esp_loader_flash_write(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg,
                                          const void *payload, uint32_t size)
{
    RETURN_ON_ERROR(eli_blocks_write(loader, &cfg->_state._blocks, payload, size));
    if (!cfg->skip_verify) {
        esp_loader_md5_update(&cfg->_state._md5, payload, size);
    }
    return ESP_LOADER_SUCCESS;
}

/* No FLASH_END to a ROM: it leaves the loader whatever the argument, and the image is in flash when the last block was
 * acknowledged. A stub acknowledges first; the next command brings the outcome, here or in a verification. */
esp_loader_error_t eli_flash_close(esp_loader_t *loader, const esp_loader_blocks_t *blocks)
{
    const uint32_t words[] = {1 /* stay in the loader */, blocks->_address};
    const uint8_t end = (uint8_t)(blocks->_opcode + ELI_FLASH_END - ELI_FLASH_DATA);
    return eli_is_stub(loader) ? eli_tell(loader, (eli_shape_t){end, 1, 2, 0, 0}, words, 0)
                               : ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_flash_finish(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    RETURN_ON_ERROR(eli_blocks_check_end(loader, &cfg->_state._blocks, ESP_LOADER_STAGE_VERIFY));
    if (cfg->skip_verify) {
        return eli_flash_close(loader, &cfg->_state._blocks);
    }
    if (!eli_flash_has_md5(loader)) {
        return eli_fail_unsupported(loader, cfg->offset);
    }
    esp_loader_md5_finish(&cfg->_state._md5, digest);
    RETURN_ON_ERROR(eli_flash_open_range(loader, cfg->offset, cfg->image_size));
    return eli_flash_compare(loader, cfg->offset, cfg->image_size, digest);
}
