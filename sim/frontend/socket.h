/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The connection to a client, non-blocking. What the bytes mean is the cable's business.
 */
#ifndef FE_SOCKET_H
#define FE_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    int fd; /**< -1 = none */
} fe_socket_t;

/** How an attempt to send or receive ended. */
typedef enum {
    FE_SOCKET_MOVED = 0, /**< at least one byte went through */
    FE_SOCKET_LATER,     /**< nothing now; wait for the descriptor */
    FE_SOCKET_GONE,      /**< the client left, or the connection broke */
} fe_socket_result_t;

bool fe_socket_is_open(const fe_socket_t *socket);

fe_socket_result_t fe_socket_send(const fe_socket_t *socket, const void *data, size_t size, size_t *out_sent);
fe_socket_result_t fe_socket_receive(const fe_socket_t *socket, void *buf, size_t capacity,
                                     size_t *out_received);

/** Has the client closed its end? What it has sent may still wait to be received. */
bool fe_socket_has_hung_up(const fe_socket_t *socket);

/** Acknowledges at once what was received, for a client that holds back small writes until the last one is
 * acknowledged (no TCP_NODELAY). To be repeated after receiving: the system forgets it. */
void fe_socket_acknowledge(const fe_socket_t *socket);

/** Closes the connection, if there is one. */
void fe_socket_close(fe_socket_t *socket);

#endif
