/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Requests as bytes and replies as meaning (src/protocol/command.c).
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/command.h"
#include "test.h"

TEST(request_header_and_words_are_little_endian)
{
    static const uint8_t expected[] = {0x00, 0x0A, 0x04, 0x00, 0, 0, 0, 0, 0x44, 0x70, 0x00, 0x60};
    const eli_command_t command = {.shape = {.opcode = ELI_READ_REG, .word_count = 1},
                                   .words = (const uint32_t[]){0x60007044}};
    uint8_t out[ELI_REQUEST_HEADER_MAX];
    assert_int_equal(eli_command_encode(&command, 0, out), sizeof(expected));
    assert_memory_equal(out, expected, sizeof(expected));
}

TEST(length_counts_words_payload_and_padding)
{
    static const uint8_t payload[1000];
    const eli_command_t command = {.shape = {.opcode = ELI_FLASH_DATA, .word_count = 4},
                                   .words = (const uint32_t[]){1024, 7, 0, 0},
                                   .payload = payload,
                                   .payload_size = sizeof(payload),
                                   .padding = 24,
                                   .fill = 0xFF};
    uint8_t out[ELI_REQUEST_HEADER_MAX];
    assert_int_equal(eli_command_encode(&command, 0, out), 24);
    assert_int_equal(out[2] | out[3] << 8, 16 + 1024);
}

TEST(checksum_covers_payload_and_padding_only)
{
    static const uint8_t payload[] = {0x12, 0x34, 0x56};
    eli_command_t command = {.shape = {.opcode = ELI_FLASH_DATA, .word_count = 4},
                             .words = (const uint32_t[]){4, 0x99, 0, 0},
                             .has_checksum = true,
                             .payload = payload,
                             .payload_size = sizeof(payload),
                             .padding = 0,
                             .fill = 0xFF};
    uint8_t out[ELI_REQUEST_HEADER_MAX];
    eli_command_encode(&command, 0, out);
    assert_int_equal(out[4], 0xEF ^ 0x12 ^ 0x34 ^ 0x56);
    assert_int_equal(out[5] | out[6] | out[7], 0);
    command.padding = 1;
    eli_command_encode(&command, 0, out);
    assert_int_equal(out[4], 0xEF ^ 0x12 ^ 0x34 ^ 0x56 ^ 0xFF);
    command.padding = 2;
    eli_command_encode(&command, 0, out);
    assert_int_equal(out[4], 0xEF ^ 0x12 ^ 0x34 ^ 0x56);
    command.has_checksum = false;
    eli_command_encode(&command, 0, out);
    assert_int_equal(out[4], 0);
}

/* Decodes an exact-size heap copy, so that a sanitizer sees every byte read too far. */
static eli_frame_t decode(const eli_command_t *command, const uint8_t *frame, size_t size, eli_reply_t *out)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    if (size > 0) {
        memcpy(copy, frame, size);
    }
    eli_frame_t kind = eli_reply_decode(command, copy, size, out);
    free(copy);
    return kind;
}

static const struct {
    const char *what;
    uint8_t opcode;
    uint8_t reply_size;
    uint8_t reply_size_short;
    size_t size;
    uint8_t frame[40];
    eli_frame_t kind;
    uint8_t status;
    uint8_t reason;
    uint32_t value;
    size_t payload_size;
} replies[] = {
    {"nothing", 0x0A, .kind = ELI_FRAME_FOREIGN},
    {"boot text", 0x0A, .size = 8, .frame = "ESP-ROM:", .kind = ELI_FRAME_FOREIGN},
    {"too short", 0x0A, .size = 7, .frame = {1, 0x0A, 4, 0, 0, 0, 0}, .kind = ELI_FRAME_FOREIGN},
    {"echo of the request", 0x0A, .size = 12, .frame = {0, 0x0A, 4, 0}, .kind = ELI_FRAME_FOREIGN},
    {"stale SYNC reply", 0x0A, .size = 12, .frame = {1, 0x08, 4, 0}, .kind = ELI_FRAME_FOREIGN},
    {"no room for a status", 0x0A, .size = 9, .frame = {1, 0x0A, 1, 0}, .kind = ELI_FRAME_MALFORMED},
    {"ROM success", 0x0A, .size = 12, .frame = {1, 0x0A, 4, 0, 0x78, 0x56, 0x34, 0x12},
     .kind = ELI_FRAME_REPLY, .value = 0x12345678},
    {"stub success", 0x0A, .size = 10, .frame = {1, 0x0A, 2, 0, 1, 0, 0, 0}, .kind = ELI_FRAME_REPLY,
     .value = 1},
    {"ROM failure", 0x03, .size = 12, .frame = {1, 3, 4, 0, 0, 0, 0, 0, 1, 8}, .kind = ELI_FRAME_REPLY,
     .status = 1, .reason = 8},
    {"stub failure", 0x03, .size = 10, .frame = {1, 3, 2, 0, 0, 0, 0, 0, 0xC4, 0}, .kind = ELI_FRAME_REPLY,
     .status = 0xC4},
    {"ROM refuses the opcode", 0x14, .reply_size = 20, .reply_size_short = 12, .size = 12,
     .frame = {1, 0xFF, 4, 0, 0, 0, 0, 0, 1, 5}, .kind = ELI_FRAME_UNKNOWN_COMMAND},
    {"20 bytes and ROM status", 0x14, .reply_size = 20, .reply_size_short = 12, .size = 32,
     .frame = {1, 0x14, 24, 0}, .kind = ELI_FRAME_REPLY, .payload_size = 20},
    {"20 bytes and stub status", 0x14, .reply_size = 20, .reply_size_short = 12, .size = 30,
     .frame = {1, 0x14, 22, 0}, .kind = ELI_FRAME_REPLY, .payload_size = 20},
    {"12 bytes and ROM status", 0x14, .reply_size = 20, .reply_size_short = 12, .size = 24,
     .frame = {1, 0x14, 16, 0}, .kind = ELI_FRAME_REPLY, .payload_size = 12},
    {"failure without payload", 0x14, .reply_size = 20, .reply_size_short = 12, .size = 12,
     .frame = {1, 0x14, 4, 0, 0, 0, 0, 0, 1, 6}, .kind = ELI_FRAME_REPLY, .status = 1, .reason = 6},
    {"success without payload", 0x14, .reply_size = 20, .reply_size_short = 12, .size = 12,
     .frame = {1, 0x14, 4, 0}, .kind = ELI_FRAME_MALFORMED},
    {"payload cut short", 0x13, .reply_size = 32, .size = 38, .frame = {1, 0x13, 30, 0},
     .kind = ELI_FRAME_MALFORMED},
};

TEST_ROWS(replies_are_told_from_everything_else, replies)
{
    const eli_command_t command = {.shape = {.opcode = row->opcode,
                                             .reply_size = row->reply_size,
                                             .reply_size_short = row->reply_size_short}};
    eli_reply_t reply = {0};
    print_message("%s\n", row->what);
    assert_int_equal(decode(&command, row->frame, row->size, &reply), row->kind);
    assert_int_equal(reply.status, row->status);
    assert_int_equal(reply.reason, row->reason);
    assert_int_equal(reply.value, row->value);
    assert_int_equal(reply.payload_size, row->payload_size);
}

TEST(every_short_frame_is_survived)
{
    static const uint8_t frame[64] = {1, 0x13};
    const eli_command_t command = {.shape = {.opcode = ELI_SPI_FLASH_MD5, .reply_size = 32}};
    for (size_t size = 0; size <= sizeof(frame); size++) {
        eli_reply_t reply = {0};
        eli_frame_t kind = decode(&command, frame, size, &reply);
        assert_int_equal(kind == ELI_FRAME_REPLY, size >= 8 + 32 + 2);
    }
}
