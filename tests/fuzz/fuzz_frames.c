/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The library's SLIP link and its view of replies. However a stream is cut into reads, the same frames come
 * out of it, none longer than its buffer; what is sent as a frame is received as that frame; and what a reply
 * is said to hold lies inside its frame.
 *
 * Input: how to cut, which command is answered, then the stream.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "link/link.h"
#include "protocol/command.h"
#include "scripted_port.h"

enum { FRAME_SIZE = 80, FRAMES_MAX = 1024 };

typedef struct {
    size_t count;
    size_t sizes[FRAMES_MAX];
    uint8_t bytes[65536]; /* one after the other */
    size_t size;
} frames_t;

static void open_session(scripted_port_t *script, esp_loader_t *loader, bool is_first_generation)
{
    scripted_port_init(script);
    if (is_first_generation) {
        test_port_make_v1(&script->base);
    }
    memset(loader, 0xA5, sizeof(*loader));
    FUZZ_CHECK(esp_loader_init_serial(loader, &script->base.port) == ESP_LOADER_SUCCESS);
    eli_port_set_deadline(loader, 100);
}

static void check_reply(const eli_command_t *command, const uint8_t *frame, size_t size)
{
    eli_reply_t reply = {0};
    if (eli_reply_decode(command, frame, size, &reply) != ELI_FRAME_REPLY) {
        return;
    }
    if (reply.payload == NULL) {
        FUZZ_CHECK(command->is_answered_by_stub && size == 4 && reply.payload_size == 0);
        return;
    }
    FUZZ_CHECK(frame[0] == 1 && frame[1] == command->shape.opcode);
    FUZZ_CHECK(reply.payload == frame + ELI_REPLY_HEADER_SIZE);
    FUZZ_CHECK(reply.payload_size + 2u <= size - ELI_REPLY_HEADER_SIZE);
    FUZZ_CHECK(reply.payload_size == 0 || reply.payload_size == command->shape.reply_size ||
               reply.payload_size == command->shape.reply_size_short);
    FUZZ_CHECK(reply.status != 0 || reply.payload_size > 0 || command->shape.reply_size == 0);
}

/* Receives all frames of a stream; @p chunk bytes at a time. */
static void receive_all(fuzz_input_t stream, size_t chunk, bool is_first_generation, frames_t *out)
{
    static scripted_port_t script;
    static esp_loader_t loader;
    uint8_t *frame = malloc(FRAME_SIZE); /* so that writing beyond it is seen */
    size_t size = 0;
    FUZZ_CHECK(frame != NULL);
    open_session(&script, &loader, is_first_generation);
    script.chunk = chunk;
    scripted_port_push(&script, stream.data, stream.size);
    out->count = 0;
    out->size = 0;
    while (eli_link_receive(&loader, frame, FRAME_SIZE, &size) == ESP_LOADER_SUCCESS) {
        FUZZ_CHECK(size > 0 && size <= FRAME_SIZE);
        FUZZ_CHECK(out->count < FRAMES_MAX && size <= sizeof(out->bytes) - out->size);
        out->sizes[out->count++] = size;
        memcpy(out->bytes + out->size, frame, size);
        out->size += size;
    }
    FUZZ_CHECK(script.input_next == script.input_size);
    free(frame);
}

/* Sends frames and expects to receive them. */
static void check_round_trip(const frames_t *frames, size_t chunk)
{
    static scripted_port_t script;
    static esp_loader_t loader;
    static frames_t received;
    const uint8_t *frame = frames->bytes;
    open_session(&script, &loader, false);
    for (size_t i = 0; i < frames->count; i++) {
        eli_link_begin_frame(&loader);
        eli_link_put(&loader, frame, frames->sizes[i]);
        FUZZ_CHECK(eli_link_end_frame(&loader) == ESP_LOADER_SUCCESS);
        frame += frames->sizes[i];
    }
    FUZZ_CHECK(script.base.writes == frames->count);
    receive_all((fuzz_input_t){script.sent, script.sent_size}, chunk, false, &received);
    FUZZ_CHECK(received.count == frames->count && received.size == frames->size);
    FUZZ_CHECK(memcmp(received.bytes, frames->bytes, frames->size) == 0);
    FUZZ_CHECK(memcmp(received.sizes, frames->sizes, frames->count * sizeof(frames->sizes[0])) == 0);
}

void fuzz_one(const uint8_t *data, size_t size)
{
    static frames_t whole;
    static frames_t parts;
    fuzz_input_t input = {data, size};
    const uint8_t chunk = fuzz_u8(&input);
    const uint8_t flags = fuzz_u8(&input);
    const eli_command_t command = {.shape = {.opcode = fuzz_u8(&input),
                                             .reply_size = (flags & 2) != 0   ? 20
                                                           : (flags & 4) != 0 ? 64
                                                                              : 0,
                                             .reply_size_short = (flags & 8) != 0 ? 12 : 0},
                                   .is_answered_by_stub = (flags & 1) != 0};
    fuzz_input_t stream = fuzz_take(&input, 2048);

    receive_all(stream, 0, false, &whole);
    receive_all(stream, chunk, (flags & 16) != 0, &parts);
    FUZZ_CHECK(whole.count == parts.count && whole.size == parts.size);
    FUZZ_CHECK(memcmp(whole.bytes, parts.bytes, whole.size) == 0);
    FUZZ_CHECK(memcmp(whole.sizes, parts.sizes, whole.count * sizeof(whole.sizes[0])) == 0);

    const uint8_t *next = whole.bytes;
    for (size_t i = 0; i < whole.count; i++) {
        uint8_t *frame = fuzz_copy((fuzz_input_t){next, whole.sizes[i]});
        check_reply(&command, frame, whole.sizes[i]);
        free(frame);
        next += whole.sizes[i];
    }
    check_round_trip(&whole, chunk);
}

static const uint8_t streams[][48] = {
    {1, 0, 0x0A, 0xC0, 1, 0x0A, 4, 0, 0x78, 0x56, 0x34, 0x12, 0, 0, 0, 0, 0xC0},
    {7, 16, 0x08, 'b', 0xC0, 0xC0, 1, 0x08, 2, 0, 7, 7, 0x12, 0x20, 0, 0, 0xC0, 0xC0, 'x', 0xC0},
    {0, 1, 0x06, 0xC0, 'O', 'H', 'A', 'I', 0xC0, 0xC0, 1, 6, 2, 0, 0, 0, 0, 0, 1, 5, 0xC0},
    {64, 2 | 8, 0x14, 0xC0, 1, 0x14, 14, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0, 0xC0},
    {3, 2, 0x14, 0xC0, 1,  0x14, 24, 0, 0, 0, 0, 0, 0xDB, 0xDC, 0xDB, 0xDD, 3, 4, 5,   6,
     7, 8, 9,    10,   11, 12,   1,  2, 3, 4, 5, 6, 7,    8,    0,    0,    0, 0, 0xC0},
    {2, 4, 0x0E, 0xC0, 0xDB, 0xC0, 0xDB, 'x', 0xC0, 1, 0xFF, 4, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0xC0}};

FUZZ_SEEDS(sizeof(streams) / sizeof(streams[0]))
{
    fuzz_put(seed, streams[number], sizeof(streams[number]));
}
