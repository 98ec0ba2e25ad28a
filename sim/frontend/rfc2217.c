/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The RFC 2217 cable: the chip's bytes inside telnet, with baud rate, DTR and RTS. It joins the codec
 * (telnet.c), the option (com_port.c), the socket (server.c) and the chip.
 *
 * One thing is added to the protocol. It sets one line at a time, and clients pause between two settings,
 * some for 100 ms. So the step that releases EN while the strapping pin is held, DTR/RTS (0,1) -> (1,0),
 * passes through (1,1), and on a UART bridge the chip would leave reset there with the strapping pin up.
 * Servers made for these chips therefore do not take the two changes literally, and neither does this one: on
 * that wiring the change from (0,1) to (1,1) is held back until the other line changes as well, or until the
 * pairing time is over. The answer is given at once.
 *
 * When a client leaves, both lines drop, as they do when a serial port is closed.
 */
#include "endpoint.h"

#include "com_port.h"
#include "server.h"
#include "telnet.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

enum {
    IN_CAPACITY = 1024,
    OUT_CAPACITY = 4096,
    /* Room that an answer may need, every byte doubled and framed, beside a notification. */
    ANSWER_ROOM = 2 * (2 * (int)FE_COM_PORT_ANSWER_SIZE + 4),
};

typedef struct {
    fe_endpoint_t endpoint;
    fe_server_t server;
    fe_wire_t wire;
    fe_telnet_decoder_t decoder;
    fe_telnet_options_t options;
    fe_com_port_t port;
    bool has_notified;       /**< the modem state was told once */
    uint8_t in[IN_CAPACITY]; /**< from the socket, not decoded yet */
    size_t in_used;
    size_t in_size;
    uint8_t out[OUT_CAPACITY]; /**< for the socket, encoded */
    size_t out_size;
    uint64_t pairing_us;
    uint64_t held_until_us; /**< FE_NEVER = no line change is held back */
    uint64_t real_us;       /**< at the last service */
} rfc2217_t;

static bool rfc2217_has_client(const rfc2217_t *server)
{
    return fe_socket_is_open(&server->server.client);
}

/* ---- towards the client ---- */

static void rfc2217_drop_client(rfc2217_t *server)
{
    fe_station_t *station = server->endpoint.station;
    fe_socket_close(&server->server.client);
    fe_queue_clear(&server->wire.to_client);
    server->in_used = 0;
    server->in_size = 0;
    server->out_size = 0;
    server->held_until_us = FE_NEVER;
    if (station->dtr || station->rts) {
        fe_station_set_lines(station, false, false);
    }
}

static void rfc2217_client_left(rfc2217_t *server)
{
    rfc2217_drop_client(server);
    fe_station_note(server->endpoint.station, "client disconnected");
    fe_station_client_left(server->endpoint.station);
}

static void rfc2217_flush(rfc2217_t *server)
{
    while (server->out_size > 0) {
        size_t sent;
        const fe_socket_result_t result =
            fe_socket_send(&server->server.client, server->out, server->out_size, &sent);
        if (result == FE_SOCKET_GONE) {
            rfc2217_client_left(server);
        }
        if (result != FE_SOCKET_MOVED) {
            return;
        }
        server->out_size -= sent;
        memmove(server->out, server->out + sent, server->out_size);
    }
}

static size_t rfc2217_send_bytes(void *cable, const uint8_t *bytes, size_t size)
{
    rfc2217_t *server = cable;
    size_t used = 0;

    if (!server->port.is_suspended && OUT_CAPACITY - server->out_size > ANSWER_ROOM) {
        server->out_size += fe_telnet_encode_data(bytes, size, server->out + server->out_size,
                                                  OUT_CAPACITY - server->out_size - ANSWER_ROOM, &used);
    }
    rfc2217_flush(server);
    return rfc2217_has_client(server) ? used : 0;
}

static void send_subnegotiation(rfc2217_t *server, const uint8_t *sub, size_t size)
{
    server->out_size += fe_telnet_encode_subnegotiation(sub, size, server->out + server->out_size,
                                                        OUT_CAPACITY - server->out_size);
}

static void notify_once(rfc2217_t *server)
{
    uint8_t answer[FE_COM_PORT_ANSWER_SIZE];
    if (server->has_notified || !fe_telnet_has_com_port(&server->options)) {
        return;
    }
    send_subnegotiation(server, answer, fe_com_port_modem_state(answer));
    server->has_notified = true;
}

/* ---- from the client ---- */

static void set_lines(rfc2217_t *server)
{
    fe_station_t *station = server->endpoint.station;
    const bool is_held_in_reset = !station->dtr && station->rts;
    const bool is_half_of_a_pair = is_held_in_reset && server->port.dtr && server->port.rts;

    if (is_half_of_a_pair && server->pairing_us > 0 &&
        station->options->chip.wiring == ESP_SIM_WIRING_BRIDGE) {
        if (server->held_until_us == FE_NEVER) {
            server->held_until_us = server->real_us + server->pairing_us;
        }
        return;
    }
    server->held_until_us = FE_NEVER;
    fe_station_set_lines(station, server->port.dtr, server->port.rts);
}

static void forget_input(rfc2217_t *server)
{
    uint8_t lost[256];
    fe_queue_clear(&server->wire.to_client);
    while (esp_sim_host_read(server->endpoint.station->sim, lost, sizeof(lost)) > 0) {
    }
}

static void take_subnegotiation(rfc2217_t *server)
{
    uint8_t answer[FE_COM_PORT_ANSWER_SIZE];
    unsigned actions;
    const uint32_t present_baud = server->port.rate_baud;
    size_t size =
        fe_com_port_request(&server->port, server->decoder.sub, server->decoder.sub_size, answer, &actions);

    if ((actions & FE_COM_PORT_SET_RATE) != 0) {
        if (!esp_sim_host_set_rate(server->endpoint.station->sim, server->port.rate_baud)) {
            server->port.rate_baud = present_baud;
            size = fe_com_port_rate(&server->port, answer);
        }
    }
    if ((actions & FE_COM_PORT_SET_LINES) != 0) {
        set_lines(server);
    }
    if ((actions & FE_COM_PORT_PURGE_IN) != 0) {
        forget_input(server);
    }
    if ((actions & FE_COM_PORT_PURGE_OUT) != 0) {
        fe_queue_clear(&server->wire.to_chip);
    }
    if (size > 0) {
        send_subnegotiation(server, answer, size);
    }
}

static bool has_input_left(const rfc2217_t *server)
{
    return server->in_used < server->in_size;
}

/* Decodes what was received, until data finds no room in the queue or an answer none on its way out. */
static void rfc2217_decode(rfc2217_t *server)
{
    uint8_t data[256];
    uint8_t verb[FE_TELNET_ANSWER_SIZE];

    while (has_input_left(server) && OUT_CAPACITY - server->out_size >= ANSWER_ROOM) {
        const size_t space = fe_queue_space(&server->wire.to_chip);
        size_t used;
        size_t size;
        const fe_telnet_event_t event = fe_telnet_decode(
            &server->decoder, server->in + server->in_used, server->in_size - server->in_used, data,
            space < sizeof(data) ? space : sizeof(data), &used, &size);
        server->in_used += used;
        (void)fe_queue_push(&server->wire.to_chip, data, size); /* fits: no more than the space was decoded */

        switch (event) {
        case FE_TELNET_NOTHING:
            if (used == 0) {
                return;
            }
            break;
        case FE_TELNET_NEGOTIATION:
            size = fe_telnet_negotiate(&server->options, server->decoder.verb, server->decoder.option, verb);
            memcpy(server->out + server->out_size, verb, size);
            server->out_size += size;
            notify_once(server);
            break;
        case FE_TELNET_SUBNEGOTIATION:
            take_subnegotiation(server);
            break;
        }
    }
}

/* Reads to the end of what is there: who comes after a client that has left must not find it still here. */
static void rfc2217_receive(rfc2217_t *server)
{
    fe_socket_result_t result = FE_SOCKET_MOVED;

    while (result == FE_SOCKET_MOVED && !has_input_left(server)) {
        server->in_used = 0;
        result = fe_socket_receive(&server->server.client, server->in, IN_CAPACITY, &server->in_size);
        rfc2217_decode(server);
    }
    if (result == FE_SOCKET_GONE) {
        rfc2217_client_left(server);
    }
}

static void greet(rfc2217_t *server)
{
    const fe_station_t *station = server->endpoint.station;
    server->decoder = (fe_telnet_decoder_t){0};
    server->options = (fe_telnet_options_t){0};
    server->has_notified = false;
    fe_com_port_init(&server->port);
    server->port.dtr = station->dtr;
    server->port.rts = station->rts;
    esp_sim_host_set_rate(station->sim, server->port.rate_baud);
    server->out_size = fe_telnet_greet(&server->options, server->out);
}

/* ---- the endpoint ---- */

static size_t rfc2217_watch(fe_endpoint_t *endpoint, struct pollfd *fds)
{
    rfc2217_t *server = (rfc2217_t *)endpoint;
    fe_wire_move(&server->wire, endpoint->station->sim, rfc2217_has_client(server), true);
    if (rfc2217_has_client(server)) {
        rfc2217_flush(server);
    }
    fds[0] = (struct pollfd){.fd = server->server.listener, .events = POLLIN};
    if (!rfc2217_has_client(server)) {
        return 1;
    }

    const int input = has_input_left(server) ? 0 : POLLIN;
    const int output = server->out_size > 0 ? POLLOUT : 0;
    fds[1] = (struct pollfd){.fd = server->server.client.fd, .events = (short)(input | output)};
    return 2;
}

static void rfc2217_service(fe_endpoint_t *endpoint, const struct pollfd *fds, size_t count, uint64_t real_us)
{
    rfc2217_t *server = (rfc2217_t *)endpoint;
    server->real_us = real_us;

    if (count > 1 && rfc2217_has_client(server)) {
        if ((fds[1].revents & POLLIN) != 0) {
            rfc2217_receive(server);
        } else if ((fds[1].revents & (POLLERR | POLLHUP)) != 0) {
            rfc2217_client_left(server);
        }
    }
    /* One that has hung up may not have been read to its end: that waits for the chip, and no other client
     * should. */
    if ((fds[0].revents & POLLIN) != 0 && fe_socket_has_hung_up(&server->server.client)) {
        rfc2217_client_left(server);
    }
    if ((fds[0].revents & POLLIN) != 0 &&
        fe_server_accept(&server->server, endpoint->station, esp_sim_is_attached(endpoint->station->sim))) {
        greet(server);
    }
    if (real_us >= server->held_until_us) {
        server->held_until_us = FE_NEVER;
        fe_station_set_lines(endpoint->station, server->port.dtr, server->port.rts);
    }
}

static void rfc2217_exchange(fe_endpoint_t *endpoint)
{
    rfc2217_t *server = (rfc2217_t *)endpoint;
    esp_sim_t *sim = endpoint->station->sim;

    fe_wire_move(&server->wire, sim, rfc2217_has_client(server), false);
    if (rfc2217_has_client(server) && has_input_left(server)) {
        rfc2217_decode(server);
        fe_wire_move(&server->wire, sim, rfc2217_has_client(server), false);
    }
    if (!esp_sim_is_attached(sim)) {
        fe_queue_clear(&server->wire.to_chip);
        fe_wire_move(&server->wire, sim, rfc2217_has_client(server), true);
        if (rfc2217_has_client(server)) {
            fe_station_note(endpoint->station, "client dropped: the chip left the bus");
            rfc2217_drop_client(server);
        }
    }
}

static bool rfc2217_is_blocked(const fe_endpoint_t *endpoint)
{
    return fe_wire_is_blocked(&((const rfc2217_t *)endpoint)->wire);
}

static uint64_t rfc2217_wake_us(const fe_endpoint_t *endpoint)
{
    return ((const rfc2217_t *)endpoint)->held_until_us;
}

static void rfc2217_destroy(fe_endpoint_t *endpoint)
{
    rfc2217_t *server = (rfc2217_t *)endpoint;
    fe_server_close(&server->server);
    free(server);
}

static const fe_endpoint_ops_t rfc2217_ops = {
    .watch = rfc2217_watch,
    .service = rfc2217_service,
    .exchange = rfc2217_exchange,
    .is_blocked = rfc2217_is_blocked,
    .wake_us = rfc2217_wake_us,
    .destroy = rfc2217_destroy,
};

fe_endpoint_t *fe_rfc2217_new(fe_station_t *station, const char *at, unsigned line_pairing_ms, char *error,
                              size_t error_size)
{
    rfc2217_t *server = calloc(1, sizeof(*server));
    if (server == NULL) {
        (void)snprintf(error, error_size, "out of memory");
        return NULL;
    }
    server->endpoint = (fe_endpoint_t){.ops = &rfc2217_ops, .station = station};
    server->wire = (fe_wire_t){.send = rfc2217_send_bytes, .cable = server};
    server->pairing_us = (uint64_t)line_pairing_ms * 1000;
    server->held_until_us = FE_NEVER;
    if (!fe_server_open(&server->server, station, at, "rfc2217", error, error_size)) {
        free(server);
        return NULL;
    }
    return &server->endpoint;
}
