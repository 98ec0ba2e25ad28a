/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A listening TCP socket that serves one client at a time, for the cables that run over TCP. All
 * descriptors are non-blocking. What the bytes mean is the cable's business.
 */
#ifndef FE_SERVER_H
#define FE_SERVER_H

#include "station.h"

typedef struct {
    int listener;
    int client; /**< -1 = none */
} fe_server_t;

/** Splits "HOST:PORT", "[V6]:PORT", ":PORT" or "PORT"; without a host it is 127.0.0.1. False when @p at is
 * malformed or the host is too long. */
bool fe_server_parse(const char *at, char *host, size_t host_size, unsigned *out_port);

/** Starts to listen at @p at and announces it as @p kind; with several chips, each takes the next port, and
 * port 0 is any free one. False with one sentence in @p error. */
bool fe_server_open(fe_server_t *server, const fe_station_t *station, const char *at, const char *kind,
                    char *error, size_t error_size);

/** Accepts one client that waits, non-blocking and without delays for small writes; -1 = none. */
int fe_server_accept_one(const fe_server_t *server, const fe_station_t *station);

/** Has the client closed its end? What it has sent may still wait to be received. */
bool fe_server_has_client_hung_up(const fe_server_t *server);

/** Accepts who waits: the first becomes the client if there is none and @p is_open, all others are closed.
 * True when there is a new client. */
bool fe_server_accept(fe_server_t *server, const fe_station_t *station, bool is_open);

/** How an attempt to send or receive ended. */
typedef enum {
    FE_SERVER_MOVED = 0, /**< at least one byte went through */
    FE_SERVER_LATER,     /**< nothing now; wait for the descriptor */
    FE_SERVER_GONE,      /**< the client left, or the connection broke */
} fe_server_result_t;

fe_server_result_t fe_server_send(const fe_server_t *server, const void *data, size_t size, size_t *out_sent);
fe_server_result_t fe_server_receive(const fe_server_t *server, void *buf, size_t capacity,
                                     size_t *out_received);

/** Acknowledges at once what was received, for a client that holds back small writes until the last one is
 * acknowledged (no TCP_NODELAY). To be repeated after receiving: the system forgets it. */
void fe_server_acknowledge(const fe_server_t *server);

/** Closes the client's connection. */
void fe_server_drop_client(fe_server_t *server);

/** Closes everything. */
void fe_server_close(fe_server_t *server);

#endif
