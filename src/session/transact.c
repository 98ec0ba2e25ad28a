/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The one function every command goes through, and SYNC, which it uses as a barrier.
 *
 * Why nothing is ever resent after a lost reply: the stub ignores block numbers, so a block that arrived once
 * and is sent again lands one block further on; ROMs that have been looked at refuse a number that is not the
 * next one. Only a refused checksum proves that a block was not taken. Source: the ROMs of ESP32-C2, C3, C5,
 * C6, C61, H2 and P4, as Espressif publishes them (esp-rom-elfs).
 */
#include "session/session.h"

/* Replies to one SYNC. Source: serial protocol document, SYNC. */
#define SYNC_REPLIES    8
#define SYNC_TIMEOUT_MS 100u
#define RESYNC_TRIALS   9
#define REASON_CHECKSUM 0x07u /* ROM */
#define STUB_CHECKSUM   0xC1u

#define STUB_INVALID_COMMAND 0xC3u
#define STUB_NOT_IMPLEMENTED 0xFFu

static esp_loader_error_t send(esp_loader_t *loader, const eli_command_t *command)
{
    uint8_t header[ELI_REQUEST_HEADER_MAX];
    size_t header_size = eli_command_encode(command, header);
    eli_link_begin_frame(loader);
    eli_link_put(loader, header, header_size);
    eli_link_put(loader, command->payload, command->payload_size);
    eli_link_put_fill(loader, 0xFF, command->padding);
    return eli_link_end_frame(loader);
}

/* Waits for the frame that answers the command; foreign frames are skipped. */
static esp_loader_error_t receive(esp_loader_t *loader, const eli_command_t *command, eli_frame_t *out_kind,
                                  eli_reply_t *out)
{
    do {
        size_t size;
        RETURN_ON_ERROR(eli_link_receive(loader, loader->_link.frame, sizeof(loader->_link.frame), &size));
        *out_kind = eli_reply_decode(command, loader->_link.frame, size, out);
    } while (*out_kind == ELI_FRAME_FOREIGN);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t fail(esp_loader_t *loader, const eli_command_t *command, uint32_t address,
                               esp_loader_error_t error, esp_loader_error_t cause)
{
    if (loader->_detail.error == ESP_LOADER_SUCCESS) {
        loader->_detail.command = command->opcode;
    }
    return eli_fail(loader, error, cause, loader->_detail.stage, address, 0);
}

static bool is_checksum_refusal(const eli_reply_t *reply)
{
    return (ELI_KNOWS_STUBS && reply->status == STUB_CHECKSUM) ||
           (reply->status != 0 && reply->reason == REASON_CHECKSUM);
}

/* Has a stub taken a block whose outcome is not known yet? */
static bool has_block(const esp_loader_t *loader)
{
    return eli_is_stub(loader) && loader->_block_opcode != 0;
}

/* Records what the target refused. A stub acknowledges a block before it writes it: what went wrong then is
 * its answer to the next command, which it does not carry out. A refused checksum is always the command's
 * own. */
static esp_loader_error_t refused(esp_loader_t *loader, const eli_command_t *command, uint32_t address,
                                  const eli_reply_t *reply)
{
    bool is_checksum = is_checksum_refusal(reply);
    bool is_unknown = eli_is_stub(loader) &&
                      (reply->status == STUB_INVALID_COMMAND || reply->status == STUB_NOT_IMPLEMENTED);
    eli_command_t block = {.opcode = loader->_block_opcode};
    if (has_block(loader) && !is_checksum) {
        loader->_detail.stage = ESP_LOADER_STAGE_WRITE;
        loader->_block_opcode = 0;
        command = &block;
        address = loader->_block_addr;
    }
    loader->_detail.target_status = reply->status;
    loader->_detail.target_reason = reply->reason;
    return fail(loader, command, address,
                is_unknown ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_ERROR_INVALID_RESPONSE,
                is_checksum ? ESP_LOADER_ERROR_CHECKSUM : ESP_LOADER_ERROR_TARGET_STATUS);
}

esp_loader_error_t eli_sync_once(esp_loader_t *loader, uint32_t timeout_ms, uint32_t *out_value)
{
    /* 07 07 12 20, then 32 times 55 for the target's rate measurement. */
    static const uint8_t pattern[36] = {0x07, 0x07, 0x12, 0x20, 0x55, 0x55, 0x55, 0x55, 0x55,
                                        0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55,
                                        0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55,
                                        0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55};
    const eli_command_t command = {.opcode = ELI_SYNC, .payload = pattern, .payload_size = sizeof(pattern)};
    eli_frame_t kind;
    eli_reply_t reply;

    eli_port_set_deadline(loader, timeout_ms);
    RETURN_ON_ERROR(send(loader, &command));
    do {
        RETURN_ON_ERROR(receive(loader, &command, &kind, &reply));
        if (kind == ELI_FRAME_REPLY && reply.status != 0 && has_block(loader)) {
            return refused(loader, &command, 0, &reply);
        }
    } while (kind != ELI_FRAME_REPLY || reply.status != 0);
    if (out_value != NULL) {
        *out_value = reply.value;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_toggle_stub_decoder(esp_loader_t *loader)
{
    eli_port_set_deadline(loader, SYNC_TIMEOUT_MS);
    eli_link_begin_frame(loader);
    return eli_link_flush(loader);
}

/* Takes replies to SYNC beyond the first, so that none is mistaken for the answer to a later one: the other
 * seven, or whatever comes until it is quiet. */
static void take_sync_replies(esp_loader_t *loader, bool until_quiet)
{
    eli_port_set_deadline(loader, SYNC_TIMEOUT_MS);
    for (int replies = 1; until_quiet || replies < SYNC_REPLIES; replies++) {
        size_t size;
        if (eli_link_receive(loader, loader->_link.frame, sizeof(loader->_link.frame), &size) !=
            ESP_LOADER_SUCCESS) {
            break; /* some loaders send fewer */
        }
    }
}

void eli_sync_settle(esp_loader_t *loader)
{
    take_sync_replies(loader, true);
}

/* Which way a stub's decoder stands cannot be known: of SYNCs that are not answered every second has a
 * delimiter in front. An answer after one that was not may be the late answer to that one, and then the
 * delimiter was wrong: it takes an answer to a SYNC with none before it. */
esp_loader_error_t eli_resync(esp_loader_t *loader)
{
    bool is_doubtful = false;
    bool is_toggled = false;
    for (int trial = 0; trial < RESYNC_TRIALS; trial++) {
        eli_link_discard_input(loader);
        if (eli_is_stub(loader) && is_toggled) {
            RETURN_ON_ERROR(eli_toggle_stub_decoder(loader));
        }
        esp_loader_error_t err = eli_sync_once(loader, SYNC_TIMEOUT_MS, NULL);
        if (err == ESP_LOADER_ERROR_TIMEOUT) {
            is_doubtful = true;
            is_toggled = !is_toggled;
            continue;
        }
        RETURN_ON_ERROR(err);
        take_sync_replies(loader, is_doubtful);
        if (!is_doubtful) {
            loader->_is.needs_resync = false;
            return ESP_LOADER_SUCCESS;
        }
        is_doubtful = false;
        is_toggled = false;
    }
    return ESP_LOADER_ERROR_TIMEOUT;
}

/* How often a command may be sent while its checksum is refused. A ROM takes the block that completes the
 * announced number for the last one of a compressed stream, and counts refused ones: there, only a new BEGIN
 * helps. */
static uint16_t attempts_of(const esp_loader_t *loader, const eli_command_t *command)
{
    bool is_counted_out = command->opcode == ELI_FLASH_DEFL_DATA && !eli_is_stub(loader);
    return command->has_checksum && !is_counted_out ? SERIAL_FLASHER_WRITE_BLOCK_RETRIES + 1 : 1;
}

/* A reply may still come. */
static esp_loader_error_t lost(esp_loader_t *loader, const eli_command_t *command, uint32_t address,
                               esp_loader_error_t err)
{
    loader->_is.needs_resync = true;
    return fail(loader, command, address, err, err);
}

esp_loader_error_t eli_transact_send(esp_loader_t *loader, const eli_command_t *command, uint32_t address)
{
    esp_loader_error_t err = ESP_LOADER_SUCCESS;

    loader->_detail.attempts = 1;
    if (loader->_is.needs_resync) {
        err = eli_resync(loader);
    }
    if (err == ESP_LOADER_SUCCESS) {
        eli_port_set_deadline(loader,
                              command->timeout_ms != 0 ? command->timeout_ms : ELI_DEFAULT_TIMEOUT_MS);
        err = send(loader, command);
    }
    return err == ESP_LOADER_SUCCESS ? err : lost(loader, command, address, err);
}

esp_loader_error_t eli_transact_await(esp_loader_t *loader, const eli_command_t *command, uint32_t address,
                                      eli_reply_t *out)
{
    eli_reply_t reply = {0};
    eli_frame_t kind = ELI_FRAME_FOREIGN;
    eli_command_t again = *command;
    uint16_t attempts = attempts_of(loader, command);

    for (;;) {
        esp_loader_error_t err = receive(loader, command, &kind, &reply);
        if (err != ESP_LOADER_SUCCESS) {
            return lost(loader, command, address, err);
        }
        if (kind != ELI_FRAME_REPLY || !is_checksum_refusal(&reply) || loader->_detail.attempts == attempts) {
            break;
        }
        uint16_t attempt = (uint16_t)(loader->_detail.attempts + 1);
        again.words[ELI_BLOCK_NUMBER]++; /* a ROM has counted the one it refused; a stub does not look */
        err = eli_transact_send(loader, &again, address);
        loader->_detail.attempts = attempt;
        RETURN_ON_ERROR(err);
    }
    if (kind == ELI_FRAME_UNKNOWN_COMMAND) {
        loader->_is.needs_resync = true; /* seven more of them follow */
        return fail(loader, command, address, ESP_LOADER_ERROR_UNSUPPORTED_FUNC,
                    ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    }
    if (kind == ELI_FRAME_MALFORMED) {
        return fail(loader, command, address, ESP_LOADER_ERROR_INVALID_RESPONSE,
                    ESP_LOADER_ERROR_MALFORMED_REPLY);
    }
    if (reply.status != 0) {
        return refused(loader, command, address, &reply);
    }
    if (eli_is_stub(loader)) {
        bool is_written_later = command->opcode == ELI_FLASH_DATA || command->opcode == ELI_FLASH_DEFL_DATA;
        loader->_block_opcode = is_written_later ? command->opcode : 0;
        loader->_block_addr = address;
    }
    if (out != NULL) {
        *out = reply;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_transact(esp_loader_t *loader, const eli_command_t *command, uint32_t address,
                                eli_reply_t *out)
{
    RETURN_ON_ERROR(eli_transact_send(loader, command, address));
    return eli_transact_await(loader, command, address, out);
}

esp_loader_error_t eli_send_block(esp_loader_t *loader, const eli_block_t *block, uint32_t address)
{
    eli_command_t command;
    eli_block_command(block, &command);
    return eli_transact(loader, &command, address, NULL);
}

uint32_t eli_timeout_for(uint32_t size, uint32_t ms_per_kib)
{
    uint32_t timeout_ms = (size >> 10) * ms_per_kib;
    return timeout_ms > ELI_DEFAULT_TIMEOUT_MS ? timeout_ms : ELI_DEFAULT_TIMEOUT_MS;
}
