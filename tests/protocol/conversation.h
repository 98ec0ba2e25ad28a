/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of this folder start from: one session on a scripted port, and what many conversations say.
 */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include "protocol/command.h"
#include "scripted_port.h"
#include "session/core.h"
#include "test.h"

typedef struct {
    scripted_port_t script;
    test_port_t *port; /* that of the script */
    esp_loader_t loader;
} conversation_t;

extern conversation_t f;

/* A fresh session in a loader that held garbage. */
void open_session(esp_loader_link_t link);
void open_session_v1(void);
/* One on a UART that has connected to @p chip and attached its flash of 4 MB. */
void open_connected(target_chip_t chip);
/* Connects with a timeout of 100 ms per SYNC. */
esp_loader_error_t connect_with(int32_t trials);

/* ---- what the target says after the next write that is not answered yet ---- */

/* These bytes as they are. */
#define REPLY(...)                                                                                           \
    scripted_port_reply(&f.script, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
/* Their frame. */
#define REPLY_FRAME(...) reply_frame((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
void reply_frame(const uint8_t *body, size_t size);
void reply_nothing(void);
/* What is said next comes together with what was said last. */
void and_with_it(void);
/* Success of a ROM and of a stub. */
void answer(uint8_t opcode, uint32_t value);
void stub_answer(uint8_t opcode, uint32_t value);
/* Failure of a ROM and of a stub. */
void refuse(uint8_t opcode, uint8_t reason);
void stub_refuse(uint8_t opcode, uint8_t status, uint8_t reason);
/* As a ROM answers a SYNC: the same reply, one to eight @p times. */
void answer_sync(unsigned times);
/* The reply of a ROM to a command that it does not have, @p times. */
void refuse_unknown(unsigned times);

/* ---- what is said to it ---- */

static const uint32_t read_reg_words[] = {0x1000};
static const eli_command_t read_reg = {.shape = {ELI_READ_REG, 1, 1, 0, 0}, .words = read_reg_words};
static const uint32_t data_block_words[] = {4, 0, 0, 0, 0x4000};
static const eli_command_t data_block = {.shape = {ELI_FLASH_DATA, 4, 5, 0, 0},
                                         .words = data_block_words,
                                         .has_checksum = true,
                                         .payload = (const uint8_t[]){1, 2, 3, 4},
                                         .payload_size = 4};
/* eli_transact(); @p out may be NULL. */
static inline esp_loader_error_t transact(const eli_command_t *command, eli_reply_t *out)
{
    eli_reply_t unused;
    return eli_transact(&f.loader, command, out != NULL ? out : &unused);
}

/* Sends a block that is for @p address. */
static inline esp_loader_error_t transact_block(const eli_command_t *block, uint32_t address,
                                                eli_reply_t *out)
{
    const uint32_t words[] = {block->words[0], block->words[1], 0, 0, address};
    eli_command_t command = *block;
    command.words = words;
    return transact(&command, out);
}

/* ---- what came of it ---- */

/* The detail of a failure; a success has neither cause nor stage of its own. */
#define expect_failed(error_, cause_, stage_)                                                                \
    do {                                                                                                     \
        assert_int_equal(f.loader._detail.error, error_);                                                    \
        assert_int_equal(f.loader._detail.cause, cause_);                                                    \
        assert_int_equal(f.loader._detail.stage, stage_);                                                    \
    } while (0)

#endif
