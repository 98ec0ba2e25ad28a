/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The raw TCP cable: the chip's bytes and nothing else. It has no control lines; the chip is reset through
 * the control socket. When the client leaves, the chip runs on and waits for the next one.
 */
#include "endpoint.h"

#include "server.h"
#include "wire.h"

#include <stdlib.h>

typedef struct {
    fe_endpoint_t endpoint;
    fe_server_t server;
    fe_wire_t wire;
} tcp_t;

static bool tcp_has_client(const tcp_t *tcp)
{
    return fe_socket_is_open(&tcp->server.client);
}

static void tcp_client_left(tcp_t *tcp)
{
    fe_socket_close(&tcp->server.client);
    fe_queue_clear(&tcp->wire.to_client);
    fe_station_note(tcp->endpoint.station, "client disconnected");
    fe_station_client_left(tcp->endpoint.station);
}

static size_t tcp_send_bytes(void *cable, const uint8_t *bytes, size_t size)
{
    tcp_t *tcp = cable;
    size_t sent;
    if (fe_socket_send(&tcp->server.client, bytes, size, &sent) == FE_SOCKET_GONE) {
        tcp_client_left(tcp);
    }
    return sent;
}

static size_t tcp_watch(fe_endpoint_t *endpoint, struct pollfd *fds)
{
    tcp_t *tcp = (tcp_t *)endpoint;
    fe_wire_move(&tcp->wire, endpoint->station->sim, tcp_has_client(tcp), true);
    fds[0] = (struct pollfd){.fd = tcp->server.listener, .events = POLLIN};
    if (!tcp_has_client(tcp)) {
        return 1;
    }

    const int input = fe_queue_space(&tcp->wire.to_chip) > 0 ? POLLIN : 0;
    const int output = tcp->wire.to_client.count > 0 ? POLLOUT : 0;
    fds[1] = (struct pollfd){.fd = tcp->server.client.fd, .events = (short)(input | output)};
    return 2;
}

/* Reads to the end of what is there: who comes after a client that has left must not find it still here. */
static void tcp_receive(tcp_t *tcp)
{
    uint8_t bytes[FE_QUEUE_CAPACITY];
    fe_socket_result_t result = FE_SOCKET_MOVED;

    while (result == FE_SOCKET_MOVED && fe_queue_space(&tcp->wire.to_chip) > 0) {
        size_t received;
        result = fe_socket_receive(&tcp->server.client, bytes, fe_queue_space(&tcp->wire.to_chip), &received);
        (void)fe_queue_push(&tcp->wire.to_chip, bytes, received); /* fits: no more than the space was read */
    }
    if (result == FE_SOCKET_GONE) { /* what it sent before still goes to the chip */
        tcp_client_left(tcp);
    }
}

static void tcp_service(fe_endpoint_t *endpoint, const struct pollfd *fds, size_t count, uint64_t real_us)
{
    tcp_t *tcp = (tcp_t *)endpoint;
    (void)real_us;

    /* The client first: if it left, the one who waits can take its place. */
    if (count > 1 && tcp_has_client(tcp)) {
        if ((fds[1].revents & POLLIN) != 0) {
            tcp_receive(tcp);
        } else if ((fds[1].revents & (POLLERR | POLLHUP)) != 0) {
            tcp_client_left(tcp);
        }
    }
    /* One that has hung up may not have been read to its end: that waits for the chip, and no other client
     * should. */
    if ((fds[0].revents & POLLIN) != 0 && fe_socket_has_hung_up(&tcp->server.client)) {
        tcp_client_left(tcp);
    }
    if ((fds[0].revents & POLLIN) != 0) {
        (void)fe_server_accept(&tcp->server, endpoint->station, esp_sim_is_attached(endpoint->station->sim));
    }
}

static void tcp_exchange(fe_endpoint_t *endpoint)
{
    tcp_t *tcp = (tcp_t *)endpoint;
    esp_sim_t *sim = endpoint->station->sim;

    fe_wire_move(&tcp->wire, sim, tcp_has_client(tcp), false);
    if (!esp_sim_is_attached(sim)) {
        fe_queue_clear(&tcp->wire.to_chip);
        fe_wire_move(&tcp->wire, sim, tcp_has_client(tcp), true);
        if (tcp_has_client(tcp)) {
            fe_station_note(endpoint->station, "client dropped: the chip left the bus");
        }
        fe_socket_close(&tcp->server.client);
        fe_queue_clear(&tcp->wire.to_client);
    }
}

static bool tcp_is_blocked(const fe_endpoint_t *endpoint)
{
    return fe_wire_is_blocked(&((const tcp_t *)endpoint)->wire);
}

static void tcp_destroy(fe_endpoint_t *endpoint)
{
    tcp_t *tcp = (tcp_t *)endpoint;
    fe_server_close(&tcp->server);
    free(tcp);
}

static const fe_endpoint_ops_t tcp_ops = {
    .watch = tcp_watch,
    .service = tcp_service,
    .exchange = tcp_exchange,
    .is_blocked = tcp_is_blocked,
    .wake_us = NULL,
    .destroy = tcp_destroy,
};

fe_endpoint_t *fe_tcp_new(fe_station_t *station, const char *at, char *error, size_t error_size)
{
    tcp_t *tcp = calloc(1, sizeof(*tcp));
    if (tcp == NULL) {
        (void)snprintf(error, error_size, "out of memory");
        return NULL;
    }
    tcp->endpoint = (fe_endpoint_t){.ops = &tcp_ops, .station = station};
    tcp->wire = (fe_wire_t){.send = tcp_send_bytes, .cable = tcp};
    if (!fe_server_open(&tcp->server, station, at, "tcp", error, error_size)) {
        free(tcp);
        return NULL;
    }
    return &tcp->endpoint;
}
