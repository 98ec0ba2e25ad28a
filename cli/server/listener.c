/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sockets.
 */
#define _GNU_SOURCE
#include "server/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "text/number.h"

enum { BACKLOG = 8, HOST_SIZE = 64, SERVICE_SIZE = 8 };

/* An idle client is asked after 10 s, three times; what it does not acknowledge is given up after as long. */
enum { IDLE_S = 10, AGAIN_S = 5, TRIES = 3, UNACKNOWLEDGED_MS = 25000 };

/** HOST:PORT without the brackets of IPv6. */
static bool split(const char *text, char host[HOST_SIZE], char service[SERVICE_SIZE])
{
    const char *colon = strrchr(text, ':');
    const char *port = colon != NULL ? colon + 1 : text;
    size_t length = colon != NULL ? (size_t)(colon - text) : 0;
    uint32_t number;

    if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    } else if (memchr(text, ':', length) != NULL) {
        return false;
    }
    if (length >= HOST_SIZE || !number_parse(port, &number) || number > UINT16_MAX) {
        return false;
    }
    snprintf(host, HOST_SIZE, "%.*s", (int)length, text);
    snprintf(service, SERVICE_SIZE, "%u", (unsigned)(number & UINT16_MAX));
    return true;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;

        return ntohl(in->sin_addr.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
    }
    const struct sockaddr_in6 *in6 = (const void *)address;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

static void name_of(const struct sockaddr *address, socklen_t size, char out[LISTENER_NAME_SIZE])
{
    char host[HOST_SIZE];
    char service[SERVICE_SIZE];

    if (getnameinfo(address, size, host, sizeof(host), service, sizeof(service),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        snprintf(out, LISTENER_NAME_SIZE, "?");
    } else {
        snprintf(out, LISTENER_NAME_SIZE, address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
                 service);
    }
}

/** Listens at one address. On failure errno says why. */
static bool listen_at(listener_t *listener, const struct addrinfo *address)
{
    const int on = 1;
    struct sockaddr_storage bound;
    socklen_t size = sizeof(bound);

    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return false;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, address->ai_addr, address->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&bound, &size) != 0) {
        const int error_number = errno;

        close(fd);
        errno = error_number;
        return false;
    }
    listener->fd = fd;
    listener->is_local = is_loopback((const struct sockaddr *)&bound);
    name_of((const struct sockaddr *)&bound, size, listener->name);
    return true;
}

bool listener_open(listener_t *listener, const char *text, bool *out_is_usage,
                   char error[LISTENER_ERROR_SIZE])
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | AI_PASSIVE};
    char host[HOST_SIZE];
    char service[SERVICE_SIZE];
    struct addrinfo *list = NULL;

    listener->fd = -1;
    *out_is_usage = !split(text, host, service);
    if (*out_is_usage) {
        snprintf(error, LISTENER_ERROR_SIZE, "invalid address '%.60s': give it like 127.0.0.1:4000", text);
        return false;
    }
    int found = getaddrinfo(host[0] != '\0' ? host : "127.0.0.1", service, &hints, &list);
    if (found != 0) {
        snprintf(error, LISTENER_ERROR_SIZE, "cannot listen at %.60s: %s", text, gai_strerror(found));
        return false;
    }
    bool is_open = listen_at(listener, list);
    if (!is_open) {
        snprintf(error, LISTENER_ERROR_SIZE, "cannot listen at %.60s: %s", text, strerror(errno));
    }
    freeaddrinfo(list);
    return is_open;
}

void listener_close(listener_t *listener)
{
    if (listener->fd >= 0) {
        close(listener->fd);
        listener->fd = -1;
    }
}

/** Best effort: a client works without these, too. */
static void set_up(int fd)
{
    const struct {
        int level, name, value;
    } settings[] = {
        {IPPROTO_TCP, TCP_NODELAY, 1},       {SOL_SOCKET, SO_KEEPALIVE, 1},
        {IPPROTO_TCP, TCP_KEEPIDLE, IDLE_S}, {IPPROTO_TCP, TCP_KEEPINTVL, AGAIN_S},
        {IPPROTO_TCP, TCP_KEEPCNT, TRIES},   {IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS},
    };

    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        (void)setsockopt(fd, settings[i].level, settings[i].name, &settings[i].value,
                         sizeof(settings[i].value));
    }
}

int listener_accept(const listener_t *listener, char out_name[LISTENER_NAME_SIZE])
{
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);

    int fd = accept4(listener->fd, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        name_of((const struct sockaddr *)&address, size, out_name);
        set_up(fd);
    }
    return fd;
}

void listener_refuse(int client, const char *sentence)
{
    char ignored[64];

    (void)!send(client, sentence, strlen(sentence), MSG_NOSIGNAL);
    (void)shutdown(client, SHUT_WR);
    (void)!recv(client, ignored, sizeof(ignored), 0); /* unread, it would take the sentence back */
    close(client);
}
