/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "session/blocks.h"
#include "session/limits.h"

static esp_loader_error_t try_send(esp_loader_t *loader, const esp_loader_blocks_t *blocks,
                                   const uint8_t *data, uint32_t size, eli_sent_t *out_sent)
{
    RETURN_ON_ERROR(blocks->_failure);
    RETURN_ON_ERROR(eli_enter(loader, blocks->_stage));
    const uint32_t left = blocks->_size - blocks->_written;
    const uint32_t full = left < blocks->_block_size ? left : blocks->_block_size;
    const bool may_be_short = ELI_KNOWS_STUBS && blocks->_takes_short_blocks;
    uint32_t address = blocks->_address;
    uint32_t padding = 0;
    if (blocks->_opcode !=
        ELI_FLASH_DEFL_DATA) { /* no block of a compressed stream has an address of its own */
        address += blocks->_written;
    }
    if (data == NULL || size == 0 || size > full || (size < full && !may_be_short)) {
        return eli_fail_here(loader,
                             size > left ? ESP_LOADER_ERROR_IMAGE_SIZE : ESP_LOADER_ERROR_INVALID_PARAM,
                             address, size);
    }
    if (blocks->_opcode == ELI_FLASH_DATA && !eli_is_stub(loader)) {
        padding = (blocks->_block_size - size) % ELI_PAD_SIZE;
    }
    *out_sent = (eli_sent_t){.command = {.shape = {blocks->_opcode, 4, 5, 0, 0},
                                         .words = out_sent->words,
                                         .payload = data,
                                         .payload_size = (uint16_t)size,
                                         .padding = (uint16_t)padding,
                                         .fill = 0xFF,
                                         .has_checksum = true,
                                         .work_ms = blocks->_work_ms},
                             .words = {size + padding, blocks->_sequence, 0, 0, address}};
    return eli_transact_send(loader, &out_sent->command);
}

esp_loader_error_t eli_blocks_send(esp_loader_t *loader, esp_loader_blocks_t *blocks, const uint8_t *data,
                                   uint32_t size, eli_sent_t *out_sent)
{
    blocks->_failure = try_send(loader, blocks, data, size, out_sent);
    return blocks->_failure;
}

esp_loader_error_t eli_blocks_collect(esp_loader_t *loader, esp_loader_blocks_t *blocks,
                                      const eli_sent_t *sent)
{
    eli_reply_t reply;
    blocks->_failure = eli_transact_await(loader, &sent->command, &reply);
    if (blocks->_failure == ESP_LOADER_SUCCESS) {
        /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): what was not filled in was an error, too */
        blocks->_written += sent->command.payload_size;
        blocks->_sequence = reply.next_number;
    }
    return blocks->_failure;
}

esp_loader_error_t eli_blocks_write(esp_loader_t *loader, esp_loader_blocks_t *blocks, const uint8_t *data,
                                    uint32_t size)
{
    eli_sent_t sent;
    RETURN_ON_ERROR(eli_blocks_send(loader, blocks, data, size, &sent));
    return eli_blocks_collect(loader, blocks, &sent);
}

esp_loader_error_t eli_blocks_check_end(esp_loader_t *loader, const esp_loader_blocks_t *blocks,
                                        esp_loader_stage_t stage)
{
    RETURN_ON_ERROR(blocks->_failure);
    RETURN_ON_ERROR(eli_enter(loader, stage));
    return blocks->_written == blocks->_size
               ? ESP_LOADER_SUCCESS
               : eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, blocks->_address, blocks->_written);
}
