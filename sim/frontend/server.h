/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A listening TCP socket that serves one client at a time, for the cables that run over TCP. All
 * descriptors are non-blocking. What the bytes mean is the cable's business.
 */
#ifndef FE_SERVER_H
#define FE_SERVER_H

#include "socket.h"
#include "station.h"

typedef struct {
    int listener;
    fe_socket_t client;
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

/** Accepts who waits: the first becomes the client if there is none and @p is_open, all others are closed.
 * True when there is a new client. */
bool fe_server_accept(fe_server_t *server, const fe_station_t *station, bool is_open);

/** Closes everything. */
void fe_server_close(fe_server_t *server);

#endif
