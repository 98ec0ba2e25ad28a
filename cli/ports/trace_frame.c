/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source: esptool documentation, "Serial Protocol".
 */
#include "ports/trace_frame.h"

enum {
    END = 0xC0,
    ESCAPE = 0xDB,
    ESCAPED_END = 0xDC,
    ESCAPED_ESCAPE = 0xDD,
    HEADER_SIZE = 8,
    WORDS_SHOWN = 4
};

static const char *const names[256] = {
    [0x02] = "FLASH_BEGIN",
    [0x03] = "FLASH_DATA",
    [0x04] = "FLASH_END",
    [0x05] = "MEM_BEGIN",
    [0x06] = "MEM_END",
    [0x07] = "MEM_DATA",
    [0x08] = "SYNC",
    [0x09] = "WRITE_REG",
    [0x0A] = "READ_REG",
    [0x0B] = "SPI_SET_PARAMS",
    [0x0D] = "SPI_ATTACH",
    [0x0E] = "READ_FLASH_SLOW",
    [0x0F] = "CHANGE_BAUDRATE",
    [0x10] = "FLASH_DEFL_BEGIN",
    [0x11] = "FLASH_DEFL_DATA",
    [0x12] = "FLASH_DEFL_END",
    [0x13] = "SPI_FLASH_MD5",
    [0x14] = "GET_SECURITY_INFO",
    [0xD0] = "ERASE_FLASH",
    [0xD1] = "ERASE_REGION",
    [0xD2] = "READ_FLASH",
    [0xD3] = "RUN_USER_CODE",
};

static uint32_t get_u32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void print_name(FILE *out, uint8_t command)
{
    if (names[command] != NULL) {
        fputs(names[command], out);
    } else {
        fprintf(out, "command 0x%02x", (unsigned)command);
    }
}

/** The first words of a command say what it is about; a block's are its size and number. */
static void print_command(FILE *out, const trace_frame_t *frame)
{
    const size_t size = frame->bytes[2] | (size_t)frame->bytes[3] << 8;

    fprintf(out, "# ");
    print_name(out, frame->bytes[1]);
    for (size_t at = HEADER_SIZE, i = 0; i < WORDS_SHOWN && at + 4 <= frame->size; at += 4, i++) {
        fprintf(out, " 0x%x", (unsigned)get_u32(frame->bytes + at));
    }
    fprintf(out, ", %u bytes\n", (unsigned)size);
}

static void print_reply(FILE *out, const trace_frame_t *frame)
{
    fprintf(out, "# reply to ");
    print_name(out, frame->bytes[1]);
    fprintf(out, ": value 0x%x,", (unsigned)get_u32(frame->bytes + 4));
    for (size_t at = HEADER_SIZE; at < frame->size && at < TRACE_FRAME_KEPT; at++) {
        fprintf(out, " %02x", (unsigned)frame->bytes[at]);
    }
    fprintf(out, "\n");
}

static void print_frame(FILE *out, const trace_frame_t *frame)
{
    if (frame->size >= HEADER_SIZE && frame->bytes[0] == 0x00) {
        print_command(out, frame);
    } else if (frame->size >= HEADER_SIZE && frame->bytes[0] == 0x01) {
        print_reply(out, frame);
    } else {
        fprintf(out, "# %u bytes that are no command and no reply\n", (unsigned)frame->size);
    }
}

static void add(trace_frame_t *frame, uint8_t byte)
{
    if (frame->size < TRACE_FRAME_KEPT) {
        frame->bytes[frame->size] = byte;
    }
    frame->size++;
}

void trace_frame_take(trace_frame_t *frame, FILE *out, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (data[i] == END) {
            if (frame->size != 0) {
                print_frame(out, frame);
            }
            *frame = (trace_frame_t){0};
        } else if (frame->is_escaped) {
            frame->is_escaped = false;
            add(frame, data[i] == ESCAPED_END ? END : data[i] == ESCAPED_ESCAPE ? ESCAPE : data[i]);
        } else if (data[i] == ESCAPE) {
            frame->is_escaped = true;
        } else {
            add(frame, data[i]);
        }
    }
}
