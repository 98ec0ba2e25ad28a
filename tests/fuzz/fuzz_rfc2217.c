/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The net port's RFC 2217 connection with a server that answers rightly (with the simulator's half of the
 * protocol) or with what stands in the input. Every call ends at its deadline, and nothing it hands out is
 * more than there was room for.
 *
 * Input: what the server does with what it gets; then per call a byte for it, and what it takes.
 */
#include <stdlib.h>
#include <string.h>

#include "com_port.h"
#include "fuzz.h"
#include "rfc2217_link.h"
#include "telnet.h"

enum { CALLS_MAX = 12, OPEN_MS = 3000, ACKNOWLEDGE_MS = 2000, STEP_US = 500 };

/* The other end; one, because the functions that stand in for posix_io.c have no place for a pointer. */
static struct {
    fuzz_input_t input;
    uint64_t now_us;
    uint8_t out[65536];
    size_t out_size, out_next;
    bool is_endless; /* what it sends last is sent again and again */
    fe_telnet_decoder_t decoder;
    fe_telnet_options_t options;
    fe_com_port_t port;
} server;

static void server_sends(const uint8_t *bytes, size_t size)
{
    if (size <= sizeof(server.out) - server.out_size) {
        memcpy(server.out + server.out_size, bytes, size);
        server.out_size += size;
    }
}

static void server_answers(fe_telnet_event_t event)
{
    uint8_t answer[FE_COM_PORT_ANSWER_SIZE];
    uint8_t framed[4 + 2 * sizeof(answer)];
    unsigned actions;
    if (event == FE_TELNET_NEGOTIATION) {
        size_t size =
            fe_telnet_negotiate(&server.options, server.decoder.verb, server.decoder.option, framed);
        server_sends(framed, size);
    } else if (event == FE_TELNET_SUBNEGOTIATION) {
        size_t size =
            fe_com_port_request(&server.port, server.decoder.sub, server.decoder.sub_size, answer, &actions);
        server_sends(framed,
                     size == 0 ? 0 : fe_telnet_encode_subnegotiation(answer, size, framed, sizeof(framed)));
    }
}

static void server_gets(const uint8_t *bytes, size_t size)
{
    static uint8_t data[RFC2217_TX_SIZE];
    uint8_t kind = fuzz_u8(&server.input);
    fuzz_input_t other = {NULL, 0};
    if (kind % 4 != 0) {
        other = fuzz_take(&server.input, kind / 4);
        server_sends(other.data, other.size);
    }
    server.is_endless = kind % 4 == 3;
    while (size > 0 && kind % 4 != 2) {
        size_t used;
        size_t stored;
        server_answers(fe_telnet_decode(&server.decoder, bytes, size, data, sizeof(data), &used, &stored));
        bytes += used;
        size -= used;
    }
}

/* ---- posix_io.c on virtual time ---- */

uint64_t posix_now_us(void)
{
    return server.now_us;
}

uint64_t posix_deadline_us(uint32_t timeout_ms)
{
    return server.now_us + timeout_ms * UINT64_C(1000);
}

esp_loader_error_t posix_read_some(posix_stream_t stream, uint8_t *buf, size_t capacity, uint64_t deadline_us,
                                   size_t *out_read)
{
    (void)stream;
    FUZZ_CHECK(capacity > 0);
    FUZZ_CHECK(server.now_us <= deadline_us + 2 * STEP_US);
    if (server.out_next == server.out_size && server.is_endless) {
        server.out_next -= server.out_next < 32 ? server.out_next : 32;
    }
    size_t size = server.out_size - server.out_next;
    *out_read = size < capacity ? size : capacity;
    if (size == 0) {
        server.now_us = server.now_us < deadline_us ? deadline_us : server.now_us;
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    memcpy(buf, server.out + server.out_next, *out_read);
    server.out_next += *out_read;
    server.now_us += STEP_US;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t posix_write_all(posix_stream_t stream, const uint8_t *data, size_t size,
                                   uint64_t deadline_us, size_t *out_written)
{
    (void)stream;
    (void)deadline_us;
    *out_written = size;
    if (size > 0) {
        server_gets(data, size);
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- calls ---- */

static void check_times(uint64_t deadline_us)
{
    FUZZ_CHECK(server.now_us <= deadline_us + 2 * STEP_US);
}

static uint64_t acknowledge_us(const rfc2217_link_t *link)
{
    FUZZ_CHECK(link->round_trip_ms <= OPEN_MS);
    return (ACKNOWLEDGE_MS + 2 * link->round_trip_ms) * UINT64_C(1000);
}

static void call(rfc2217_link_t *link, uint8_t which)
{
    const uint32_t timeout_ms = which / 4 * 10u;
    const uint64_t started_us = server.now_us;
    size_t size = 1 + fuzz_u16(&server.input) % 5000u;
    uint8_t *bytes = calloc(1, size);
    size_t done = 0;
    esp_loader_error_t err;
    FUZZ_CHECK(bytes != NULL);
    switch (which % 4) {
    case 0:
        err = rfc2217_link_read_some(link, bytes, size, posix_deadline_us(timeout_ms), &done);
        FUZZ_CHECK((err == ESP_LOADER_SUCCESS) == (done > 0) && done <= size);
        check_times(started_us + timeout_ms * UINT64_C(1000));
        break;
    case 1:
        memset(bytes, 0xFF, size / 2);
        err = rfc2217_link_write_all(link, bytes, size, posix_deadline_us(timeout_ms), &done);
        FUZZ_CHECK(done <= size && (err != ESP_LOADER_SUCCESS || done == size));
        check_times(started_us + timeout_ms * UINT64_C(1000));
        break;
    case 2:
        err = rfc2217_link_set_lines(link, (which & 4) != 0, (which & 8) != 0);
        check_times(started_us + acknowledge_us(link));
        break;
    default:
        err = rfc2217_link_set_rate(link, 9600u * which);
        check_times(started_us + acknowledge_us(link));
    }
    FUZZ_CHECK(err >= ESP_LOADER_SUCCESS && err < ESP_LOADER_ERROR_COUNT);
    free(bytes);
}

void fuzz_one(const uint8_t *data, size_t size)
{
    static rfc2217_link_t link;
    memset(&server, 0, sizeof(server));
    server.input = (fuzz_input_t){data, size};
    fe_com_port_init(&server.port);

    const bool ignores_set_control = (fuzz_u8(&server.input) & 1) != 0;
    uint64_t deadline_us = posix_deadline_us(OPEN_MS);
    esp_loader_error_t err =
        rfc2217_link_open(&link, (posix_stream_t){0}, ignores_set_control, 115200, deadline_us);
    check_times(deadline_us);
    for (unsigned i = 0; err == ESP_LOADER_SUCCESS && i < CALLS_MAX && server.input.size > 0; i++) {
        call(&link, fuzz_u8(&server.input));
    }
}

FUZZ_SEEDS(8)
{
    fuzz_put_u8(seed, number);
    for (unsigned i = 0; i < 3; i++) { /* the negotiation and the settings go well */
        fuzz_put_u8(seed, 0);
    }
    for (unsigned i = 0; i < 8; i++) {
        static const uint8_t sent[] = {'x', 0xFF, 250, 44, 109, 0xFF, 240, 0xFF, 0xFF, 0xFF, 253, 0};
        fuzz_put_u8(seed, 4 * (i + number) + number % 4);
        fuzz_put_u8(seed, 77);
        fuzz_put_u8(seed, number);
        fuzz_put_u8(seed, i % 2 == 0 ? 0 : 4 * sizeof(sent) + number % 4);
        fuzz_put(seed, sent, i % 2 == 0 ? 0 : sizeof(sent));
    }
}
