/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Telnet and COM-PORT-OPTION as esp-loader rfc2217-server reads them. However a stream is cut, it holds the same data and
 * the same requests, and the data that the simulator's server finds in it; an answer fits, is about its request, and the
 * net port, which is the client, reads it without answering; saying something again is not answered again.
 *
 * Input: how to cut, a baud rate, then the stream.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "rfc2217.h"
#include "server/com_port.h"
#include "server/telnet.h"
#include "telnet.h" /* the simulator's */

enum { STREAM_MAX = 2048 };

typedef struct {
    uint8_t data[STREAM_MAX];
    size_t size;
    uint8_t answers[STREAM_MAX * COM_PORT_ANSWER_SIZE];
    size_t answers_size;
} result_t;

static size_t answer_to(const telnet_t *telnet, uint8_t out[COM_PORT_ANSWER_SIZE])
{
    com_port_state_t state;
    uint8_t *sub = fuzz_copy((fuzz_input_t){telnet->sub, telnet->sub_size});
    const com_port_request_t request = com_port_parse(sub, telnet->sub_size);

    com_port_init(&state);
    size_t size = com_port_answer(&request, &state, out);
    FUZZ_CHECK(size <= COM_PORT_ANSWER_SIZE);
    FUZZ_CHECK(size == 0 || (out[0] == TELNET_COM_PORT && out[1] == sub[1] + 100));
    FUZZ_CHECK(request.action != COM_PORT_SET_RATE || request.value != 0);
    free(sub);
    return size;
}

static void server_reads(fuzz_input_t stream, size_t chunk, size_t room, result_t *out)
{
    telnet_t telnet = {.sub_size = 0};

    out->size = 0;
    out->answers_size = 0;
    while (stream.size > 0) {
        const size_t part = stream.size < chunk ? stream.size : chunk;
        size_t used = 0;
        size_t stored = 0;
        telnet_event_t event =
            telnet_take(&telnet, stream.data, part, &used, out->data + out->size, room, &stored);

        FUZZ_CHECK(used <= part && stored <= room && (used > 0 || stored > 0));
        out->size += stored;
        if (event == TELNET_SUBNEGOTIATION) {
            FUZZ_CHECK(telnet.sub_size > 0 && telnet.sub_size <= TELNET_SUB_SIZE);
            out->answers_size += answer_to(&telnet, out->answers + out->answers_size);
        } else if (event == TELNET_NEGOTIATION) {
            uint8_t answer[TELNET_ANSWER_SIZE];

            size_t size = telnet_negotiate(&telnet, answer);
            FUZZ_CHECK(size == 0 || (size == TELNET_ANSWER_SIZE && answer[0] == 0xFF && answer[1] >= 251));
            telnet_t again = telnet;
            const bool is_refused = size > 0 && (answer[1] == 252 || answer[1] == 254);
            FUZZ_CHECK(is_refused || telnet_negotiate(&again, answer) == 0);
        }
        (void)fuzz_take(&stream, used);
    }
}

static void check_data(fuzz_input_t stream, const result_t *ours)
{
    static uint8_t data[STREAM_MAX];
    static fe_telnet_decoder_t decoder;
    size_t size = 0;

    memset(&decoder, 0, sizeof(decoder));
    while (stream.size > 0) {
        size_t used = 0;
        size_t stored = 0;

        (void)fe_telnet_decode(&decoder, stream.data, stream.size, data + size, sizeof(data) - size, &used,
                               &stored);
        size += stored;
        (void)fuzz_take(&stream, used);
    }
    FUZZ_CHECK(size == ours->size && memcmp(data, ours->data, size) == 0);
}

/** What the client escapes and asks for arrives as it was. */
static void check_client(fuzz_input_t stream, uint32_t rate_baud)
{
    static uint8_t wire[2 * STREAM_MAX];
    static result_t result;
    rfc2217_t codec;
    uint8_t hello[RFC2217_HELLO_SIZE];
    uint8_t message[RFC2217_REQUEST_SIZE_MAX];
    size_t consumed = 0;

    size_t size = rfc2217_escape(stream.data, stream.size, wire, sizeof(wire), &consumed);
    server_reads((fuzz_input_t){wire, size}, size, sizeof(result.data), &result);
    FUZZ_CHECK(result.size == stream.size && memcmp(result.data, stream.data, stream.size) == 0);

    rfc2217_hello(&codec, hello);
    size = rfc2217_request(&codec, RFC2217_SET_BAUDRATE, rate_baud, message);
    telnet_t telnet = {.sub_size = 0};
    uint8_t none[1];
    FUZZ_CHECK(telnet_take(&telnet, message, size, &consumed, none, sizeof(none), &(size_t){0}) ==
               TELNET_SUBNEGOTIATION);
    FUZZ_CHECK(com_port_parse(telnet.sub, telnet.sub_size).value == rate_baud);
}

void fuzz_one(const uint8_t *data, size_t size)
{
    static result_t whole;
    static result_t parts;
    fuzz_input_t input = {data, size};
    const size_t chunk = 1 + fuzz_u8(&input) % 64u;
    const size_t room = 1 + fuzz_u8(&input) % 64u;
    const uint32_t rate_baud = fuzz_u32(&input);
    fuzz_input_t stream = fuzz_take(&input, STREAM_MAX);

    server_reads(stream, STREAM_MAX, STREAM_MAX, &whole);
    FUZZ_CHECK(whole.size <= stream.size);
    server_reads(stream, chunk, room, &parts);
    FUZZ_CHECK(parts.size == whole.size && memcmp(parts.data, whole.data, whole.size) == 0);
    FUZZ_CHECK(parts.answers_size == whole.answers_size &&
               memcmp(parts.answers, whole.answers, whole.answers_size) == 0);
    check_data(stream, &whole);
    check_client(stream, rate_baud);
}

static const uint8_t streams[][24] = {
    {'a', 'b', 0xFF, 0xFF, 'c', 0xFF, 241, 'd', 0xFF, 251, 44, 'e'},
    {0xFF, 250, 44, 1, 0, 0xFF, 0xFF, 0x20, 0, 0xFF, 240, 'x', 0xFF, 250, 44, 5, 8, 0xFF, 240, 'y'},
    {0xFF, 250, 44, 0, 0xFF, 240, 0xFF, 250, 44, 12, 3, 0xFF, 251, 0, 'z', 0xFF, 250, 44, 2, 7, 0xFF, 240},
    {0xFF, 250, 44, 11, 0, 0xFF, 240, 0xFF, 250, 44, 10, 255, 255, 0xFF, 240, 0xFF, 250, 44, 8, 0xFF, 240},
    {0xFF, 253, 24, 0xFF, 251, 44, 0xFF, 252, 0, 0xFF, 254, 3, 0xFF, 250, 44, 0xFF, 250, 0xFF, 240}};

FUZZ_SEEDS(sizeof(streams) / sizeof(streams[0]))
{
    static const uint8_t head[] = {4, 2, 0, 0, 0xFF, 44};
    fuzz_put(seed, head, sizeof(head));
    fuzz_put(seed, streams[number], sizeof(streams[number]));
}
