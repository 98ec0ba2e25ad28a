/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

bool fe_socket_is_open(const fe_socket_t *socket)
{
    return socket->fd >= 0;
}

static fe_socket_result_t judge(ssize_t moved, size_t *out_moved)
{
    *out_moved = moved > 0 ? (size_t)moved : 0;
    if (moved > 0) {
        return FE_SOCKET_MOVED;
    }
    if (moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        return FE_SOCKET_LATER;
    }
    return FE_SOCKET_GONE;
}

fe_socket_result_t fe_socket_send(const fe_socket_t *socket, const void *data, size_t size, size_t *out_sent)
{
    return judge(send(socket->fd, data, size, MSG_NOSIGNAL), out_sent);
}

fe_socket_result_t fe_socket_receive(const fe_socket_t *socket, void *buf, size_t capacity,
                                     size_t *out_received)
{
    return judge(recv(socket->fd, buf, capacity, 0), out_received);
}

bool fe_socket_has_hung_up(const fe_socket_t *socket)
{
    struct pollfd client = {.fd = socket->fd, .events = POLLRDHUP};
    return fe_socket_is_open(socket) && poll(&client, 1, 0) > 0 &&
           (client.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void fe_socket_acknowledge(const fe_socket_t *socket)
{
    const int yes = 1;
    (void)setsockopt(socket->fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof(yes)); /* best effort */
}

void fe_socket_close(fe_socket_t *socket)
{
    if (fe_socket_is_open(socket)) {
        (void)close(socket->fd);
    }
    socket->fd = -1;
}
