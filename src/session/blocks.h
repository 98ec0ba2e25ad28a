/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A series of data blocks, of whichever kind: each is checked against what was announced, sent, and counted
 * when it is acknowledged. Inline: each kind has constants of its own, and a program that writes flash links
 * no more than it needs.
 */
#ifndef ELI_BLOCKS_H
#define ELI_BLOCKS_H

#include "session/core.h"
#include "session/limits.h"

/** A series of data blocks: what stays the same from block to block. */
typedef struct {
    esp_loader_stage_t stage;
    uint8_t opcode;
    uint32_t address; /**< of the first byte on the target */
    bool is_stream;   /**< compressed: no block has an address of its own */
    uint32_t size;    /**< bytes to send in all */
    uint32_t block_size;
    bool is_padded;   /**< the last block is filled up, a large one to a multiple of 1 KiB */
    uint32_t work_ms; /**< for one block */
} eli_series_t;

/** Begins a series whose first command had the outcome @p err, and returns that. */
static inline esp_loader_error_t eli_blocks_begin(esp_loader_blocks_t *blocks, esp_loader_error_t err)
{
    *blocks = (esp_loader_blocks_t){._failure = err};
    return err;
}

static inline esp_loader_error_t eli_blocks_try_send(esp_loader_t *loader, const esp_loader_blocks_t *blocks,
                                                     const eli_series_t *series, const uint8_t *data,
                                                     uint32_t size, eli_sent_t *out_sent)
{
    uint32_t address = series->address + (series->is_stream ? 0 : blocks->_written);
    uint32_t left = series->size - blocks->_written;
    RETURN_ON_ERROR(blocks->_failure);
    RETURN_ON_ERROR(eli_enter(loader, series->stage));
    bool is_short =
        size < series->block_size && size != left && !(ELI_KNOWS_STUBS && blocks->_takes_short_blocks);
    if (size > left || data == NULL || size == 0 || size > series->block_size || is_short) {
        return eli_fail_here(loader,
                             size > left ? ESP_LOADER_ERROR_IMAGE_SIZE : ESP_LOADER_ERROR_INVALID_PARAM,
                             address, size);
    }
    const eli_block_t block = {.opcode = series->opcode,
                               .sequence = blocks->_sequence,
                               .data = data,
                               .size = size,
                               .padding = series->is_padded ? (series->block_size - size) % ELI_PAD_SIZE : 0,
                               .work_ms = series->work_ms};
    eli_block_command(&block, &out_sent->command);
    out_sent->address = address;
    out_sent->size = size;
    return eli_transact_send(loader, &out_sent->command, address);
}

/** Sends the next block. The data stays in place until eli_blocks_collect(), which takes the answer. After a
 * failure of either nothing more is sent. */
static inline esp_loader_error_t eli_blocks_send(esp_loader_t *loader, esp_loader_blocks_t *blocks,
                                                 const eli_series_t *series, const uint8_t *data,
                                                 uint32_t size, eli_sent_t *out_sent)
{
    blocks->_failure = eli_blocks_try_send(loader, blocks, series, data, size, out_sent);
    return blocks->_failure;
}

static inline esp_loader_error_t eli_blocks_collect(esp_loader_t *loader, esp_loader_blocks_t *blocks,
                                                    const eli_sent_t *sent)
{
    eli_reply_t reply;
    blocks->_failure = eli_transact_await(loader, &sent->command, sent->address, &reply);
    if (blocks->_failure == ESP_LOADER_SUCCESS) {
        blocks->_written += sent->size;
        blocks->_sequence = reply.next_number;
    }
    return blocks->_failure;
}

/** Has all of @p size bytes been written?
 *  @param address  for the error record */
static inline esp_loader_error_t eli_blocks_check_end(esp_loader_t *loader, const esp_loader_blocks_t *blocks,
                                                      esp_loader_stage_t stage, uint32_t address,
                                                      uint32_t size)
{
    RETURN_ON_ERROR(blocks->_failure);
    RETURN_ON_ERROR(eli_enter(loader, stage));
    return blocks->_written == size
               ? ESP_LOADER_SUCCESS
               : eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, address, blocks->_written);
}

#endif
