/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "protocol/command.h"

#include "digest/checksum.h"
#include "common/bytes.h"

#define DIRECTION_REQUEST    0x00u
#define DIRECTION_REPLY      0x01u
#define REASON_NOT_SUPPORTED 0x05u
#define STATUS_SIZE          2u

/* What a stub says when it has started. Source: esp-flasher-stub, main. */
#define OHAI      0x4941484Fu
#define OHAI_SIZE 4u

static uint8_t checksum(const eli_command_t *command)
{
    uint8_t sum = eli_checksum_add(ELI_CHECKSUM_SEED, command->payload, command->payload_size);
    return (command->padding & 1u) != 0 ? sum ^ command->fill : sum;
}

size_t eli_command_encode(const eli_command_t *command, uint32_t skipped, uint8_t out[ELI_REQUEST_HEADER_MAX])
{
    size_t words_size = 4u * command->shape.word_count;
    size_t length = words_size + command->payload_size + command->padding;

    out[0] = DIRECTION_REQUEST;
    out[1] = (uint8_t)command->shape.opcode;
    out[2] = (uint8_t)length;
    out[3] = (uint8_t)(length >> 8);
    eli_put_u32(&out[4], command->has_checksum ? checksum(command) : 0);
    for (size_t i = 0; i < command->shape.word_count; i++) {
        eli_put_u32(&out[8 + 4 * i], command->words[i] + (i == ELI_BLOCK_NUMBER ? skipped : 0));
    }
    return 8 + words_size;
}

eli_frame_t eli_reply_decode(const eli_command_t *command, const uint8_t *frame, size_t size,
                             eli_reply_t *out)
{
    if (ELI_KNOWS_STUBS && command->is_answered_by_stub && size == OHAI_SIZE && eli_get_u32(frame) == OHAI) {
        *out = (eli_reply_t){0};
        return ELI_FRAME_REPLY;
    }
    if (size < ELI_REPLY_HEADER_SIZE || frame[0] != DIRECTION_REPLY) {
        return ELI_FRAME_FOREIGN;
    }
    const uint8_t *body = &frame[ELI_REPLY_HEADER_SIZE];
    size_t body_size = size - ELI_REPLY_HEADER_SIZE;

    if (frame[1] != command->shape.opcode) {
        bool is_refusal = body_size >= 2 && body[0] != 0 && body[1] == REASON_NOT_SUPPORTED;
        return is_refusal ? ELI_FRAME_UNKNOWN_COMMAND : ELI_FRAME_FOREIGN;
    }
    /* The header's length field is not used: some loaders write a wrong one. ROMs send two reserved bytes
     * after the two status bytes, stubs do not, so the status is found from the front: after the payload, or
     * first in an error reply, which has none. */
    size_t payload_size = command->shape.reply_size;
    if (body_size < payload_size + STATUS_SIZE) {
        payload_size = body_size < (size_t)command->shape.reply_size_short + STATUS_SIZE
                           ? 0
                           : command->shape.reply_size_short;
    }
    if (body_size < STATUS_SIZE || (payload_size == 0 && command->shape.reply_size > 0 && body[0] == 0)) {
        return ELI_FRAME_MALFORMED;
    }
    out->value = eli_get_u32(&frame[4]);
    out->payload = body;
    out->payload_size = (uint8_t)payload_size;
    out->status = body[payload_size];
    out->reason = body[payload_size + 1];
    bool is_too_early = ELI_KNOWS_STUBS && command->is_answered_by_stub && out->status == 0;
    return is_too_early ? ELI_FRAME_FOREIGN : ELI_FRAME_REPLY;
}
