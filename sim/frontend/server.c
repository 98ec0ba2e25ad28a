/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The sockets of server.h.
 */
#define _GNU_SOURCE
#include "server.h"

#include "accept.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOST_SIZE = 256, WHERE_SIZE = HOST_SIZE + 16, PORT_MAX = 65535 };

bool fe_server_parse(const char *at, char *host, size_t host_size, unsigned *out_port)
{
    const char *colon = strrchr(at, ':');
    const char *port_text = colon != NULL ? colon + 1 : at;
    const char *name = at;
    size_t name_size = colon != NULL ? (size_t)(colon - at) : 0;

    if (name_size >= 2 && name[0] == '[' && name[name_size - 1] == ']') {
        name++;
        name_size -= 2;
    } else if (memchr(name, ':', name_size) != NULL) {
        return false; /* an IPv6 address without brackets */
    }
    if (name_size == 0) {
        name = "127.0.0.1";
        name_size = strlen(name);
    }
    if (name_size >= host_size || port_text[0] < '0' || port_text[0] > '9') {
        return false;
    }

    char *rest;
    errno = 0;
    const unsigned long port = strtoul(port_text, &rest, 10);
    if (errno != 0 || *rest != '\0' || port > PORT_MAX) {
        return false;
    }
    memcpy(host, name, name_size);
    host[name_size] = '\0';
    *out_port = (unsigned)port;
    return true;
}

static int listen_on(const struct addrinfo *address)
{
    const int yes = 1;
    const int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
        bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, 16) == 0) {
        return fd;
    }

    const int cause = errno;
    (void)close(fd);
    errno = cause;
    return -1;
}

/* "127.0.0.1:4000" or "[::1]:4000", as bound. */
static bool describe(int fd, char *where, size_t size)
{
    struct sockaddr_storage address;
    socklen_t address_size = sizeof(address);
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];

    if (getsockname(fd, (struct sockaddr *)&address, &address_size) != 0 ||
        getnameinfo((struct sockaddr *)&address, address_size, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return false;
    }
    const bool is_v6 = address.ss_family == AF_INET6;
    const int length = snprintf(where, size, "%s%s%s:%s", is_v6 ? "[" : "", host, is_v6 ? "]" : "", port);
    return length > 0 && (size_t)length < size;
}

bool fe_server_open(fe_server_t *server, const fe_station_t *station, const char *at, const char *kind,
                    char *error, size_t error_size)
{
    char host[HOST_SIZE];
    char where[WHERE_SIZE];
    char service[16];
    unsigned port;

    *server = (fe_server_t){.listener = -1, .client = {.fd = -1}};
    if (!fe_server_parse(at, host, sizeof(host), &port)) {
        (void)snprintf(error, error_size, "'%s': expected HOST:PORT or PORT", at);
        return false;
    }
    if (port != 0 && station->index > PORT_MAX - port) {
        (void)snprintf(error, error_size, "'%s': no port left for chip %u", at, station->index);
        return false;
    }
    (void)snprintf(service, sizeof(service), "%u", port == 0 ? 0 : port + station->index);

    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *addresses;
    const int cause = getaddrinfo(host, service, &hints, &addresses);
    if (cause != 0) {
        (void)snprintf(error, error_size, "cannot find host '%s': %s", host, gai_strerror(cause));
        return false;
    }
    server->listener = listen_on(addresses);
    freeaddrinfo(addresses);
    if (server->listener < 0) {
        (void)snprintf(error, error_size, "cannot listen on %s port %s: %s", host, service, strerror(errno));
        return false;
    }
    if (describe(server->listener, where, sizeof(where)) && fe_station_announce(kind, where)) {
        return true;
    }
    (void)snprintf(error, error_size, "cannot find out its address: %s", strerror(errno));
    fe_server_close(server);
    return false;
}

int fe_server_accept_one(const fe_server_t *server, const fe_station_t *station)
{
    const int yes = 1;
    const int fd = fe_accept(server->listener);
    if (fd >= 0) {
        /* Best effort: without it small replies only come later. */
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR && errno != ECONNABORTED) {
        fe_station_note(station, "cannot accept a client: %s", strerror(errno));
    }
    return fd;
}

bool fe_server_accept(fe_server_t *server, const fe_station_t *station, bool is_open)
{
    bool is_new = false;

    for (;;) {
        /* A client that waits after one that came and went gets its place in the next round. */
        const int fd = fe_socket_has_hung_up(&server->client) ? -1 : fe_server_accept_one(server, station);
        if (fd < 0) {
            return is_new;
        }
        if (fe_socket_is_open(&server->client) || !is_open) {
            fe_station_note(station, "client refused: %s",
                            is_open ? "there is one already" : "the chip is not there");
            (void)close(fd);
            continue;
        }
        server->client.fd = fd;
        is_new = true;
        fe_station_note(station, "client connected");
    }
}

void fe_server_close(fe_server_t *server)
{
    fe_socket_close(&server->client);
    if (server->listener >= 0) {
        (void)close(server->listener);
    }
    server->listener = -1;
}
