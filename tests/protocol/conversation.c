/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "conversation.h"

#include <string.h>

#include "common/bytes.h"

enum { SYNC_VALUE = 0x20120707, FRAME_MAX = 512 };

conversation_t f;

static void init_session(void)
{
    memset(&f.loader, 0xA5, sizeof(f.loader)); /* init assumes garbage */
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.port->port), ESP_LOADER_SUCCESS);
}

static void init_port(void)
{
    scripted_port_init(&f.script);
    f.port = &f.script.base;
}

void open_session(esp_loader_link_t link)
{
    init_port();
    f.port->link = link;
    init_session();
}

void open_session_v1(void)
{
    init_port();
    test_port_make_v1(f.port);
    init_session();
}

void open_connected(target_chip_t chip)
{
    open_session(ESP_LOADER_LINK_UART);
    f.loader._is.connected = true;
    f.loader._is.flash_attached = true;
    f.loader._chip = chip;
    f.loader._target = eli_target_of(chip);
    f.loader._flash_size = f.loader._told_flash_size = 4u << 20;
}

esp_loader_error_t connect_with(int32_t trials)
{
    esp_loader_connect_args_t args = {.sync_timeout = 100, .trials = trials};
    return esp_loader_connect(&f.loader, &args);
}

/* ---- what the target says ---- */

static size_t put_frame(uint8_t *out, const uint8_t *body, size_t size)
{
    size_t fill = 0;
    out[fill++] = 0xC0;
    for (size_t i = 0; i < size; i++) {
        bool is_escaped = body[i] == 0xC0 || body[i] == 0xDB;
        if (is_escaped) {
            out[fill++] = 0xDB;
        }
        out[fill++] = !is_escaped ? body[i] : body[i] == 0xC0 ? 0xDC : 0xDD;
    }
    out[fill++] = 0xC0;
    return fill;
}

/* The same frame, @p times. */
static void reply_frames(const uint8_t *body, size_t size, unsigned times)
{
    uint8_t wire[FRAME_MAX];
    size_t fill = 0;
    assert_true((2 * size + 2) * times <= sizeof(wire));
    for (unsigned i = 0; i < times; i++) {
        fill += put_frame(wire + fill, body, size);
    }
    scripted_port_reply(&f.script, wire, fill);
}

void reply_frame(const uint8_t *body, size_t size)
{
    reply_frames(body, size, 1);
}

void reply_nothing(void)
{
    scripted_port_reply(&f.script, "", 0);
}

void and_with_it(void)
{
    f.script.is_joined = true;
}

/* A ROM sends four bytes of status, a stub two. */
static void reply_status(uint8_t opcode, uint32_t value, size_t status_size, uint8_t status, uint8_t reason,
                         unsigned times)
{
    uint8_t body[ELI_REPLY_HEADER_SIZE + 4] = {1, opcode, (uint8_t)status_size};
    eli_put_u32(body + 4, value);
    body[ELI_REPLY_HEADER_SIZE] = status;
    body[ELI_REPLY_HEADER_SIZE + 1] = reason;
    reply_frames(body, ELI_REPLY_HEADER_SIZE + status_size, times);
}

void answer(uint8_t opcode, uint32_t value)
{
    reply_status(opcode, value, 4, 0, 0, 1);
}

void stub_answer(uint8_t opcode, uint32_t value)
{
    reply_status(opcode, value, 2, 0, 0, 1);
}

void refuse(uint8_t opcode, uint8_t reason)
{
    reply_status(opcode, 0, 4, 1, reason, 1);
}

void stub_refuse(uint8_t opcode, uint8_t status, uint8_t reason)
{
    reply_status(opcode, 0, 2, status, reason, 1);
}

void answer_sync(unsigned times)
{
    reply_status(ELI_SYNC, SYNC_VALUE, 4, 0, 0, times);
}

void refuse_unknown(unsigned times)
{
    reply_status(0xFF, 0, 4, 1, 5, times);
}
