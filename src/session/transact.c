/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The one function every command goes through, and SYNC, which it uses as a barrier.
 *
 * What is sent again, always after a barrier, and how often: SERIAL_FLASHER_WRITE_BLOCK_RETRIES.
 *
 * - What the target has refused for its form or its checksum: it was not carried out. A ROM has counted a
 * block with a wrong checksum, and not one of a wrong length.
 * - A question, whatever went wrong: it changes nothing. A refusal, and an answer that is byte for byte the
 * one before, may be a late or doubled reply to an earlier question; said again after the barrier, it counts.
 *
 * A block whose reply was lost is not: a stub ignores block numbers, so one that arrived and is sent again
 * lands one block further on; ROMs refuse a number that is not the next one. Source: the ROMs of all chips
 * but the ESP8266, as Espressif publishes them (esp-rom-elfs), executed.
 */
#include "common/bytes.h"
#include "session/core.h"
#include "session/limits.h"

/* Replies to one SYNC. Source: serial protocol document, SYNC. */
#define SYNC_REPLIES    8
#define SYNC_REPLY_SIZE 14u
#define SYNC_TIMEOUT_MS 100u
#define RESYNC_TRIALS   9
#define REASON_CHECKSUM 0x07u /* ROM */
#define REASON_FORM     0x05u /* ROM: length, number; or a command that it does not know */
#define STUB_CHECKSUM   0xC1u
#define STUB_LENGTH     0xC0u
#define STUB_TOO_LITTLE 0xC8u /* a block without its header, or part of an entry of WRITE_REG */
#define STUB_TOO_MUCH   0xC9u /* of a plain block: its length is not what it says */
#define JUMP_TIMEOUT_MS 200u  /* source: esptool 5.3 */

#define STUB_INVALID_COMMAND 0xC3u
#define STUB_NOT_IMPLEMENTED 0xFFu

uint32_t eli_wire_ms(const esp_loader_t *loader, size_t bytes)
{
#ifdef ESP_LOADER_SMALL
    (void)loader;
    (void)bytes;
    return 0;
#else
    return loader->_rate_baud != 0 ? eli_block_count((uint32_t)bytes * (2 * 10 * 1000), loader->_rate_baud)
                                   : 0;
#endif
}

/* The header is put together where the reply will be. */
esp_loader_error_t eli_send_slip(esp_loader_t *loader, const eli_command_t *command, uint32_t skipped)
{
    uint8_t *header = loader->_buffers.frame;
    size_t header_size = eli_command_encode(command, skipped, header);
    eli_link_forget_input(loader); /* what is here already answers something else */
#if ELI_SENDS_FRAMES
    if (eli_port_takes_frames(loader)) {
        esp_loader_frame_t frame = {._header = header,
                                    ._payload = command->payload,
                                    ._header_size = (uint16_t)header_size,
                                    ._payload_size = command->payload_size,
                                    ._padding = command->padding,
                                    ._fill = command->fill};
        return eli_port_write_frame(loader, &frame);
    }
#endif
    eli_link_begin_frame(loader);
    eli_link_put(loader, header, header_size);
    eli_link_put(loader, command->payload, command->payload_size);
    eli_link_put_fill(loader, command->fill, command->padding);
    return eli_link_end_frame(loader);
}

/* Does it do no harm to carry the command out twice? */
static bool is_question(const eli_command_t *command)
{
    const uint32_t questions = 1u << ELI_READ_REG | 1u << ELI_READ_FLASH_SLOW | 1u << ELI_SPI_FLASH_MD5 |
                               1u << ELI_GET_SECURITY_INFO | 1u << ELI_SPI_ATTACH | 1u << ELI_SPI_SET_PARAMS |
                               1u << ELI_MEM_BEGIN;
    return command->shape.opcode < 32 && (questions >> command->shape.opcode & 1u) != 0;
}

/* Is the reply to a query the previous one? Replies differ in the value or the payload; one word of it is
 * enough, because a reply that is taken for the previous one is only queried again. */
static bool is_echo(esp_loader_t *loader, const eli_reply_t *reply)
{
    const uint32_t last = loader->_last_answer;
    loader->_last_answer = reply->value + 1; /* 0 = none */
    if (reply->payload_size >= 4) {
        loader->_last_answer ^= eli_get_u32(reply->payload);
    }
    return loader->_last_answer == last;
}

/* Waits for the frame that answers the command; foreign frames are skipped. A stub refuses what it does not
 * know under the command's own opcode. */
static esp_loader_error_t receive(esp_loader_t *loader, const eli_command_t *command, eli_reply_t *out)
{
    do {
        size_t size;
        RETURN_ON_ERROR(
            eli_ops(loader)->receive(loader, loader->_buffers.frame, sizeof(loader->_buffers.frame), &size));
        out->kind = (uint8_t)eli_reply_decode(command, loader->_buffers.frame, size, out);
        if (out->kind == ELI_FRAME_REPLY && is_question(command)) {
            out->is_echo = is_echo(loader, out);
        }
    } while (out->kind == ELI_FRAME_FOREIGN ||
             (out->kind == ELI_FRAME_UNKNOWN_COMMAND && eli_is_stub(loader)));
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t fail(esp_loader_t *loader, const eli_command_t *command, esp_loader_error_t error,
                               esp_loader_error_t cause)
{
    if (loader->_detail.error == ESP_LOADER_SUCCESS) {
        loader->_detail.command = (uint8_t)command->shape.opcode;
    }
    return eli_fail_for(loader, error, cause, eli_command_address(command), 0);
}

static bool is_checksum_refusal(const eli_reply_t *reply)
{
    return (ELI_KNOWS_STUBS && reply->status == STUB_CHECKSUM) ||
           (reply->status != 0 && reply->reason == REASON_CHECKSUM);
}

/* Refused for what it looks like, so it was not carried out. */
static bool is_form_refusal(const esp_loader_t *loader, const eli_command_t *command,
                            const eli_reply_t *reply)
{
    if (eli_is_stub(loader)) {
        return reply->status == STUB_LENGTH || reply->status == STUB_TOO_LITTLE ||
               (reply->status == STUB_TOO_MUCH && command->shape.opcode == ELI_FLASH_DATA);
    }
    return reply->status != 0 && reply->reason == REASON_FORM;
}

/* Has a stub taken a block whose outcome is not known yet? */
static bool has_block(const esp_loader_t *loader)
{
    return eli_is_stub(loader) && loader->_block_opcode != 0;
}

/* A stub does the work for a block when it has acknowledged it. */
static bool is_done_later(const esp_loader_t *loader, const eli_command_t *command)
{
    return eli_is_stub(loader) &&
           (command->shape.opcode == ELI_FLASH_DATA || command->shape.opcode == ELI_FLASH_DEFL_DATA);
}

/* Records what the target refused. A stub acknowledges a block before it writes it: what went wrong then is
 * its answer to the next command, which it does not carry out. A refused checksum is always the command's
 * own. */
static esp_loader_error_t refused(esp_loader_t *loader, const eli_command_t *command,
                                  const eli_reply_t *reply)
{
    bool is_checksum = is_checksum_refusal(reply);
    bool is_unknown = eli_is_stub(loader) &&
                      (reply->status == STUB_INVALID_COMMAND || reply->status == STUB_NOT_IMPLEMENTED);
    eli_command_t block = {.shape = {.opcode = loader->_block_opcode, .address_word = 1},
                           .words = &loader->_block_addr};
    if (has_block(loader) && !is_checksum) {
        loader->_detail.stage = ESP_LOADER_STAGE_WRITE;
        loader->_block_opcode = 0;
        command = &block;
    }
    loader->_detail.target_status = reply->status;
    loader->_detail.target_reason = reply->reason;
    return fail(loader, command,
                is_unknown ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_ERROR_INVALID_RESPONSE,
                is_checksum ? ESP_LOADER_ERROR_CHECKSUM : ESP_LOADER_ERROR_TARGET_STATUS);
}

esp_loader_error_t eli_sync_once(esp_loader_t *loader, uint32_t timeout_ms, uint32_t *out_value)
{
    /* 07 07 12 20, then 32 times 55 for the target's rate measurement. */
    static const uint32_t word = 0x20120707;
    static const eli_command_t command = {
        .shape = {.opcode = ELI_SYNC, .word_count = 1}, .words = &word, .padding = 32, .fill = 0x55};
    eli_reply_t reply;

    eli_port_set_deadline(loader, timeout_ms + eli_wire_ms(loader, ELI_FRAMES_SIZE));
    RETURN_ON_ERROR(eli_ops(loader)->send(loader, &command, 0));
    do {
        RETURN_ON_ERROR(receive(loader, &command, &reply));
        if (reply.kind == ELI_FRAME_REPLY && reply.status != 0 && has_block(loader)) {
            return refused(loader, &command, &reply);
        }
    } while (reply.kind != ELI_FRAME_REPLY || reply.status != 0);
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
    eli_port_set_deadline(loader, SYNC_TIMEOUT_MS + eli_wire_ms(loader, SYNC_REPLIES * SYNC_REPLY_SIZE));
    for (int replies = 1; until_quiet || replies < SYNC_REPLIES; replies++) {
        size_t size;
        if (eli_link_receive(loader, loader->_buffers.frame, sizeof(loader->_buffers.frame), &size) !=
            ESP_LOADER_SUCCESS) {
            break; /* some loaders send fewer */
        }
    }
}

void eli_sync_settle(esp_loader_t *loader)
{
    take_sync_replies(loader, true);
}

/* Whether a stub's decoder is in sync cannot be known: of SYNCs without a reply every second one follows a
 * lone delimiter. A reply after a SYNC without one may be the late reply to it, and then the delimiter was
 * wrong: only a reply to a SYNC without a delimiter before it counts. */
esp_loader_error_t eli_resync(esp_loader_t *loader)
{
    const uint32_t timeout_ms = SYNC_TIMEOUT_MS + 2 * eli_round_trip_limit_ms(loader) +
                                eli_patience_ms(loader); /* a network may be slow */
    bool is_doubtful = false;
    bool is_toggled = false;
    /* A target at work does not answer before it has finished. A ROM then finds the SYNC in its FIFO, which
     * has no room for more than two; a stub may lose it. */
    uint32_t wait_ms = loader->_unfinished_ms;
    uint32_t trials = RESYNC_TRIALS;
    if (eli_is_stub(loader)) {
        trials += eli_divide(wait_ms, SYNC_TIMEOUT_MS);
        wait_ms = 0;
    }
    for (uint32_t trial = 0; trial < trials; trial++) {
        eli_link_discard_input(loader);
        if (eli_is_stub(loader) && is_toggled) {
            RETURN_ON_ERROR(eli_toggle_stub_decoder(loader));
        }
        esp_loader_error_t err = eli_sync_once(loader, timeout_ms + wait_ms, NULL);
        wait_ms = 0;
        if (err == ESP_LOADER_ERROR_TIMEOUT) {
            is_doubtful = true;
            is_toggled = !is_toggled;
            continue;
        }
        RETURN_ON_ERROR(err);
        take_sync_replies(loader, is_doubtful);
        if (!is_doubtful) {
            loader->_is.needs_resync = false;
            loader->_last_answer = 0;
            loader->_unfinished_ms = 0;
            return ESP_LOADER_SUCCESS;
        }
        is_doubtful = false;
        is_toggled = false;
    }
    return ESP_LOADER_ERROR_TIMEOUT;
}

void eli_transact_abandon(esp_loader_t *loader)
{
    eli_request_barrier(loader);
    loader->_unfinished_ms = eli_port_remaining_ms(loader);
}

static esp_loader_error_t send_after_barrier(esp_loader_t *loader, const eli_command_t *command,
                                             uint32_t skipped)
{
    esp_loader_error_t err = ESP_LOADER_SUCCESS;

    if (loader->_is.needs_resync) {
        err = eli_ops(loader)->resync(loader);
    }
    if (err == ESP_LOADER_SUCCESS) {
        uint32_t timeout_ms = command->may_stay_unanswered ? JUMP_TIMEOUT_MS : ELI_DEFAULT_TIMEOUT_MS;
        uint32_t own_ms = is_done_later(loader, command) ? 0 : command->work_ms;
        uint32_t bytes =
            ELI_FRAMES_SIZE + command->payload_size + command->padding + command->shape.reply_size;
        eli_port_set_deadline(loader, timeout_ms + eli_patience_ms(loader) + eli_wire_ms(loader, bytes) +
                                          loader->_unfinished_ms + own_ms);
        err = eli_ops(loader)->send(loader, command, skipped);
    }
    if (err != ESP_LOADER_SUCCESS) { /* a reply may still come */
        eli_request_barrier(loader);
        return fail(loader, command, err, err);
    }
    return err;
}

esp_loader_error_t eli_transact_send(esp_loader_t *loader, const eli_command_t *command)
{
    loader->_detail.attempts = 1;
    return send_after_barrier(loader, command, 0);
}

/* Is the command to be sent again, after this outcome of its latest attempt? A ROM takes the block that
 * completes the announced number for the last one of a compressed stream, and counts those with a wrong
 * checksum: there, only a new BEGIN helps. Whoever reads flash or asks for a digest looks at echoes himself:
 * much of a flash is alike. */
static bool is_sent_again(const esp_loader_t *loader, const eli_command_t *command, esp_loader_error_t err,
                          const eli_reply_t *reply, uint32_t *skipped)
{
    bool is_doubtful = err == ESP_LOADER_ERROR_TIMEOUT;
    if (loader->_detail.attempts > SERIAL_FLASHER_WRITE_BLOCK_RETRIES) {
        return false;
    }
    if (err == ESP_LOADER_SUCCESS) {
        is_doubtful = loader->_detail.attempts == 1;
        if (reply->kind == ELI_FRAME_REPLY) {
            if (is_checksum_refusal(reply)) {
                /* A ROM has counted the block it refused; what else is refused so has no number. */
                *skipped += command->has_checksum;
                return command->shape.opcode != ELI_FLASH_DEFL_DATA || eli_is_stub(loader);
            }
            if (is_form_refusal(loader, command, reply)) {
                return true;
            }
            is_doubtful =
                is_doubtful && (reply->status != 0 ? !has_block(loader)
                                                   : command->shape.opcode == ELI_READ_REG && reply->is_echo);
        }
    }
    return is_doubtful && is_question(command);
}

esp_loader_error_t eli_transact_await(esp_loader_t *loader, const eli_command_t *command, eli_reply_t *out)
{
    uint32_t skipped = 0;
    esp_loader_error_t err;

    while (err = receive(loader, command, out), is_sent_again(loader, command, err, out, &skipped)) {
        eli_request_barrier(loader);
        loader->_detail.attempts++;
        RETURN_ON_ERROR(send_after_barrier(loader, command, skipped));
    }
    if (err != ESP_LOADER_SUCCESS) { /* no time remains, unless the wait was broken off */
        eli_transact_abandon(loader);
        return fail(loader, command, err, err);
    }
    const bool is_later = is_done_later(loader, command);
    loader->_unfinished_ms = is_later ? command->work_ms : 0;
    if (out->kind != ELI_FRAME_REPLY) {
        bool is_unknown = out->kind == ELI_FRAME_UNKNOWN_COMMAND;
        eli_request_barrier(loader); /* of these, seven more follow */
        return fail(loader, command,
                    is_unknown ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_ERROR_INVALID_RESPONSE,
                    is_unknown ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_ERROR_MALFORMED_REPLY);
    }
    if (out->status != 0) {
        return refused(loader, command, out);
    }
    if (eli_is_stub(loader)) {
        loader->_block_opcode = is_later ? (uint8_t)command->shape.opcode : 0;
        loader->_block_addr = eli_command_address(command);
    }
    if (command->has_checksum) {
        out->next_number = command->words[ELI_BLOCK_NUMBER] + skipped + 1;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_try(esp_loader_t *loader, const eli_command_t *command, uint32_t timeout_ms,
                           eli_reply_t *out)
{
    eli_port_set_deadline(loader, timeout_ms + command->work_ms +
                                      eli_wire_ms(loader, ELI_FRAMES_SIZE + command->shape.reply_size));
    RETURN_ON_ERROR(eli_ops(loader)->send(loader, command, 0));
    RETURN_ON_ERROR(receive(loader, command, out));
    return out->kind == ELI_FRAME_REPLY && out->status == 0 ? ESP_LOADER_SUCCESS
                                                            : ESP_LOADER_ERROR_INVALID_RESPONSE;
}
