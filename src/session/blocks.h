/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A series of data blocks, of whichever kind: each is checked against what was announced, sent, and counted
 * when it is acknowledged.
 */
#ifndef ELI_BLOCKS_H
#define ELI_BLOCKS_H

#include "session/core.h"

/** Sends the next block. The data and @p out_sent stay until eli_blocks_collect(), which takes the answer. After a
 * failure of either nothing more is sent. */
esp_loader_error_t eli_blocks_send(esp_loader_t *loader, esp_loader_blocks_t *blocks, const uint8_t *data,
                                   uint32_t size, eli_sent_t *out_sent);

esp_loader_error_t eli_blocks_collect(esp_loader_t *loader, esp_loader_blocks_t *blocks,
                                      const eli_sent_t *sent);

/** Both in one. */
esp_loader_error_t eli_blocks_write(esp_loader_t *loader, esp_loader_blocks_t *blocks, const uint8_t *data,
                                    uint32_t size);

/** Has everything that was announced been written? */
esp_loader_error_t eli_blocks_check_end(esp_loader_t *loader, const esp_loader_blocks_t *blocks,
                                        esp_loader_stage_t stage);

#endif
