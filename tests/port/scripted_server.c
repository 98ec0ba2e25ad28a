/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The scripted TCP server.
 */
#define _GNU_SOURCE
#include "scripted_server.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hex.h"

static void require(bool is_true, const char *what)
{
    if (!is_true) {
        perror(what);
        abort();
    }
}

/** Receives exactly what @p text says; false on anything else. */
static bool expect(scripted_server_t *server, int fd, const char *text)
{
    hex_t wanted = hex_parse(text);

    for (size_t i = 0; i < wanted.size; i++) {
        uint8_t byte = 0;

        if (recv(fd, &byte, 1, 0) != 1) {
            return false;
        }
        if (byte != wanted.bytes[i]) {
            fprintf(stderr, "server: byte %zu is %02x, not %02x\n", i, byte, wanted.bytes[i]);
            server->is_mismatch = true;
            return false;
        }
    }
    return true;
}

static void send_reply(int fd, const char *text)
{
    hex_t reply = hex_parse(text);

    require(send(fd, reply.bytes, reply.size, MSG_NOSIGNAL) == (ssize_t)reply.size, "send");
}

static void *serve(void *argument)
{
    scripted_server_t *server = argument;
    uint8_t byte = 0;

    int fd = accept(server->listener, NULL, NULL);
    require(fd >= 0, "accept");
    for (size_t i = 0; i < server->step_count; i++) {
        const server_step_t *step = &server->steps[i];

        if (step->expect != NULL && !expect(server, fd, step->expect)) {
            break;
        }
        if (step->reply != NULL) {
            send_reply(fd, step->reply);
        }
        server->steps_done++;
    }
    if (server->flood != NULL) {
        hex_t flood = hex_parse(server->flood);
        while (send(fd, flood.bytes, flood.size, MSG_NOSIGNAL) > 0) {
        }
    }
    while (!server->closes_at_end && recv(fd, &byte, 1, 0) == 1) {
        server->extra_bytes++;
    }
    close(fd);
    return NULL;
}

void scripted_server_start(scripted_server_t *server, int family, const server_step_t *steps,
                           size_t step_count, bool closes_at_end)
{
    struct sockaddr_in6 any6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_in any4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *address = family == AF_INET6 ? (void *)&any6 : (void *)&any4;
    socklen_t size = family == AF_INET6 ? sizeof(any6) : sizeof(any4);

    memset(server, 0, sizeof(*server));
    server->steps = steps;
    server->step_count = step_count;
    server->closes_at_end = closes_at_end;
    server->listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    require(server->listener >= 0, "socket");
    require(bind(server->listener, address, size) == 0, "bind");
    require(listen(server->listener, 1) == 0, "listen");
    require(getsockname(server->listener, address, &size) == 0, "getsockname");
    server->port = ntohs(family == AF_INET6 ? any6.sin6_port : any4.sin_port);
    require(pthread_create(&server->thread, NULL, serve, server) == 0, "pthread_create");
}

bool scripted_server_stop(scripted_server_t *server)
{
    pthread_join(server->thread, NULL);
    close(server->listener);
    return !server->is_mismatch && server->steps_done == server->step_count && server->extra_bytes == 0;
}
