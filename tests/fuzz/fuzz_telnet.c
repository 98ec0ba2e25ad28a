/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Telnet as the net port (the client) and the simulator (the server) read it, independently. Any stream holds
 * the same data for both, however it is cut; what one escapes the other reads as it was; a negotiation that
 * begins with anything comes to an end; and a request gets an answer that fits.
 *
 * Input: how to cut, how much of the rest is a negotiation, then the stream.
 */
#include <stdlib.h>
#include <string.h>

#include "com_port.h"
#include "fuzz.h"
#include "rfc2217.h"
#include "telnet.h"

enum { STREAM_MAX = 2048, MESSAGES_MAX = 64 };

typedef struct {
    uint8_t bytes[2 * STREAM_MAX];
    size_t size;
} data_t;

/* ---- reading ---- */

static void check_request(const fe_telnet_decoder_t *decoder, fe_com_port_t *port)
{
    uint8_t answer[FE_COM_PORT_ANSWER_SIZE];
    uint8_t *sub = fuzz_copy((fuzz_input_t){decoder->sub, decoder->sub_size});
    unsigned actions = 0;
    const fe_com_port_t before = *port;
    size_t size = fe_com_port_request(port, sub, decoder->sub_size, answer, &actions);
    FUZZ_CHECK(size <= sizeof(answer));
    FUZZ_CHECK(size == 0 || (answer[0] == FE_TELNET_OPTION_COM_PORT && answer[1] == sub[1] + 100));
    FUZZ_CHECK(port->rate_baud != 0);
    FUZZ_CHECK((actions & FE_COM_PORT_SET_RATE) != 0 || port->rate_baud == before.rate_baud);
    FUZZ_CHECK((actions & FE_COM_PORT_SET_LINES) != 0 ||
               (port->dtr == before.dtr && port->rts == before.rts));
    free(sub);
}

/* Returns the number of events. */
static unsigned server_reads(fuzz_input_t stream, size_t chunk, size_t room, data_t *out)
{
    static fe_telnet_decoder_t decoder;
    fe_com_port_t port;
    unsigned events = 0;
    memset(&decoder, 0, sizeof(decoder));
    fe_com_port_init(&port);
    out->size = 0;
    while (stream.size > 0) {
        fuzz_input_t part = stream;
        size_t used = 0;
        size_t stored = 0;
        part.size = part.size < chunk ? part.size : chunk;
        fe_telnet_event_t event =
            fe_telnet_decode(&decoder, part.data, part.size, out->bytes + out->size, room, &used, &stored);
        FUZZ_CHECK(used <= part.size && stored <= room && (used > 0 || stored > 0));
        out->size += stored;
        events += event != FE_TELNET_NOTHING;
        if (event == FE_TELNET_SUBNEGOTIATION) {
            FUZZ_CHECK(decoder.sub_size > 0 && decoder.sub_size <= FE_TELNET_SUB_CAPACITY);
            check_request(&decoder, &port);
        }
        (void)fuzz_take(&stream, used);
    }
    return events;
}

static void client_reads(fuzz_input_t stream, data_t *out)
{
    rfc2217_t codec;
    uint8_t hello[RFC2217_HELLO_SIZE];
    rfc2217_hello(&codec, hello);
    out->size = 0;
    for (size_t i = 0; i < stream.size; i++) {
        rfc2217_event_t event = rfc2217_receive(&codec, stream.data[i]);
        FUZZ_CHECK(event != RFC2217_REPLY || (codec.reply[0] == RFC2217_IAC && codec.reply[1] >= 251));
        if (event == RFC2217_DATA) {
            out->bytes[out->size++] = stream.data[i];
        }
    }
    FUZZ_CHECK(codec.awaited == 0);
}

/* ---- writing ---- */

static void check_escapes(fuzz_input_t stream)
{
    static uint8_t wire[2 * STREAM_MAX];
    static data_t back;
    size_t consumed = 0;

    size_t size = rfc2217_escape(stream.data, stream.size, wire, sizeof(wire), &consumed);
    FUZZ_CHECK(consumed == stream.size);
    FUZZ_CHECK(server_reads((fuzz_input_t){wire, size}, size, size, &back) == 0);
    FUZZ_CHECK(back.size == stream.size && memcmp(back.bytes, stream.data, back.size) == 0);

    size = fe_telnet_encode_data(stream.data, stream.size, wire, sizeof(wire), &consumed);
    FUZZ_CHECK(consumed == stream.size);
    client_reads((fuzz_input_t){wire, size}, &back);
    FUZZ_CHECK(back.size == stream.size && memcmp(back.bytes, stream.data, back.size) == 0);
}

static void check_requests(uint32_t value)
{
    static const rfc2217_request_t requests[] = {RFC2217_SET_BAUDRATE, RFC2217_SET_DATASIZE,
                                                 RFC2217_SET_CONTROL, RFC2217_PURGE_DATA};
    rfc2217_t codec;
    data_t data;
    uint8_t hello[RFC2217_HELLO_SIZE];
    rfc2217_hello(&codec, hello);
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        uint8_t message[RFC2217_REQUEST_SIZE_MAX];
        size_t size = rfc2217_request(&codec, requests[i], value, message);
        FUZZ_CHECK(size <= sizeof(message));
        FUZZ_CHECK(server_reads((fuzz_input_t){message, size}, size, size, &data) == 1 && data.size == 0);
    }
}

/* ---- negotiating ---- */

/* Messages of three bytes on their way to one side, oldest first. */
typedef struct {
    uint8_t bytes[3 * MESSAGES_MAX];
    size_t head, end;
} wire_t;

static void post(wire_t *wire, const uint8_t *bytes, size_t size)
{
    FUZZ_CHECK(size % 3 == 0 && size <= sizeof(wire->bytes) - wire->end);
    memcpy(wire->bytes + wire->end, bytes, size);
    wire->end += size;
}

static bool client_answers(rfc2217_t *client, const uint8_t message[3])
{
    FUZZ_CHECK(rfc2217_receive(client, message[0]) == RFC2217_NOTHING);
    FUZZ_CHECK(rfc2217_receive(client, message[1]) == RFC2217_NOTHING);
    return rfc2217_receive(client, message[2]) == RFC2217_REPLY;
}

/* Both begin at once; their messages arrive in the order that the input says. */
static void agree(rfc2217_t *client, fe_telnet_options_t *server, fuzz_input_t order)
{
    wire_t to_client = {.head = 0};
    wire_t to_server = {.head = 0};
    uint8_t bytes[RFC2217_HELLO_SIZE];
    rfc2217_hello(client, bytes);
    post(&to_server, bytes, sizeof(bytes));
    post(&to_client, bytes, fe_telnet_greet(server, bytes));
    while (to_client.head < to_client.end || to_server.head < to_server.end) { /* or post() fails */
        bool is_clients_turn = to_server.head == to_server.end || (fuzz_u8(&order) & 1) != 0;
        wire_t *wire = is_clients_turn && to_client.head < to_client.end ? &to_client : &to_server;
        const uint8_t *message = wire->bytes + wire->head;
        wire->head += 3;
        if (wire == &to_server) {
            post(&to_client, bytes, fe_telnet_negotiate(server, message[1], message[2], bytes));
        } else if (client_answers(client, message)) {
            post(&to_server, client->reply, sizeof(client->reply));
        }
    }
    FUZZ_CHECK(rfc2217_is_ready(client) && fe_telnet_has_com_port(server));
}

/* Whatever the other side says then, saying it again is not answered again: two that did would never stop. */
static void check_negotiation(fuzz_input_t changes)
{
    rfc2217_t client;
    fe_telnet_options_t server = {{0}, {0}};
    agree(&client, &server, changes);
    while (changes.size > 0) {
        static const uint8_t codes[] = {FE_TELNET_OPTION_BINARY, FE_TELNET_OPTION_SGA,
                                        FE_TELNET_OPTION_COM_PORT};
        uint8_t kind = fuzz_u8(&changes);
        const uint8_t change[3] = {RFC2217_IAC, (uint8_t)(FE_TELNET_WILL + kind % 4), codes[kind / 4 % 3]};
        uint8_t answer[FE_TELNET_ANSWER_SIZE];
        (void)client_answers(&client, change);
        FUZZ_CHECK(!client_answers(&client, change));
        (void)fe_telnet_negotiate(&server, change[1], change[2], answer);
        FUZZ_CHECK(fe_telnet_negotiate(&server, change[1], change[2], answer) == 0);
    }
}

void fuzz_one(const uint8_t *data, size_t size)
{
    static data_t whole;
    static data_t parts;
    fuzz_input_t input = {data, size};
    const size_t chunk = 1 + fuzz_u8(&input) % 64u;
    const size_t room = 1 + fuzz_u8(&input) % 64u;
    fuzz_input_t changes = fuzz_take(&input, fuzz_u8(&input));
    fuzz_input_t stream = fuzz_take(&input, STREAM_MAX);

    unsigned events = server_reads(stream, STREAM_MAX, STREAM_MAX, &whole);
    FUZZ_CHECK(server_reads(stream, chunk, room, &parts) == events);
    FUZZ_CHECK(parts.size == whole.size && memcmp(parts.bytes, whole.bytes, whole.size) == 0);
    client_reads(stream, &parts);
    FUZZ_CHECK(parts.size == whole.size && memcmp(parts.bytes, whole.bytes, whole.size) == 0);
    check_escapes(stream);
    check_requests(fuzz_u32(&stream));
    check_negotiation(changes);
}

static const uint8_t streams[][24] = {
    {'a', 'b', 0xFF, 0xFF, 'c', 0xFF, 241, 'd', 0xFF, 251, 44, 'e'},
    {0xFF, 250, 44, 1, 0, 0xFF, 0xFF, 0x20, 0, 0xFF, 240, 'x', 0xFF, 250, 44, 5, 8, 0xFF, 240, 'y'},
    {0xFF, 250, 44, 0, 0xFF, 240, 0xFF, 250, 44, 12, 3, 0xFF, 251, 0, 'z', 0xFF, 250, 44, 2, 7, 0xFF, 240},
    {0xFF, 250, 44, 11, 0, 0xFF, 240, 0xFF, 250, 44, 10, 255, 255, 0xFF, 240, 0xFF, 250, 44, 8, 0xFF, 240},
    {0xFF, 250, 44, 108, 0xFF, 240, 0xFF, 250, 44, 101, 0, 0, 37, 128, 0xFF, 240, 0xFF, 250, 0xFF, 240}};

FUZZ_SEEDS(sizeof(streams) / sizeof(streams[0]))
{
    static const uint8_t head[] = {4, 2, 6, 0, 44, 129, 1, 2, 0};
    fuzz_put(seed, head, sizeof(head));
    fuzz_put(seed, streams[number], sizeof(streams[number]));
}
