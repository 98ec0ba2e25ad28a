/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A session on a scripted port, and what many conversations say.
 */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include "protocol/command.h"
#include "scripted_port.h"

typedef struct {
    scripted_port_t script;
    esp_loader_t loader;
} fixture_t;

#define REPLY(f, bytes) scripted_port_reply(&(f)->script, bytes, sizeof(bytes))

/* ROM replies, framed. */
#define SYNC_REPLY 0xC0, 1, 0x08, 4, 0, 0x07, 0x07, 0x12, 0x20, 0, 0, 0, 0, 0xC0
#define SYNC_REPLIES                                                                                         \
    SYNC_REPLY, SYNC_REPLY, SYNC_REPLY, SYNC_REPLY, SYNC_REPLY, SYNC_REPLY, SYNC_REPLY, SYNC_REPLY
#define REFUSAL 0xC0, 1, 0xFF, 4, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0xC0

static const eli_command_t read_reg = {.opcode = ELI_READ_REG, .words = {0x1000}, .word_count = 1};
static const uint8_t block_bytes[4] = {1, 2, 3, 4};
static const eli_command_t data_block = {.opcode = ELI_FLASH_DATA,
                                         .words = {4, 0, 0, 0},
                                         .word_count = 4,
                                         .has_checksum = true,
                                         .payload = block_bytes,
                                         .payload_size = 4};

#endif
