/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Name resolution and non-blocking connect, IPv4 and IPv6.
 */
#define _GNU_SOURCE
#include "tcp_connect.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static esp_loader_error_t connect_error(int error_number)
{
    switch (error_number) {
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
        return ESP_LOADER_ERROR_PORT_NOT_FOUND;
    case EACCES:
    case EPERM:
        return ESP_LOADER_ERROR_PORT_ACCESS;
    case ETIMEDOUT:
        return ESP_LOADER_ERROR_TIMEOUT;
    default:
        return ESP_LOADER_ERROR_IO;
    }
}

/** Waits for the outcome of a connect() that is under way. */
static esp_loader_error_t finish_connect(posix_stream_t stream, uint64_t deadline_us)
{
    int outcome = 0;
    socklen_t size = sizeof(outcome);

    /* A refused connection shows as hang-up; SO_ERROR has the reason. */
    esp_loader_error_t error = posix_wait(stream, POLLOUT, deadline_us);
    if (error != ESP_LOADER_SUCCESS && error != ESP_LOADER_ERROR_DISCONNECTED) {
        return error;
    }
    if (getsockopt(stream.fd, SOL_SOCKET, SO_ERROR, &outcome, &size) != 0) {
        return ESP_LOADER_ERROR_IO;
    }
    return outcome == 0 ? error : connect_error(outcome);
}

static esp_loader_error_t connect_to(const struct addrinfo *address, uint64_t deadline_us,
                                     posix_stream_t *stream)
{
    const int on = 1;
    posix_stream_t trying = *stream;
    esp_loader_error_t error = ESP_LOADER_SUCCESS;

    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return connect_error(errno);
    }
    trying.fd = fd;
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
        error = errno == EINPROGRESS ? finish_connect(trying, deadline_us) : connect_error(errno);
    }
    /* Frames are small and each waits for a reply: Nagle's delay would add to every one. */
    if (error == ESP_LOADER_SUCCESS && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0) {
        error = ESP_LOADER_ERROR_IO;
    }
    if (error != ESP_LOADER_SUCCESS) {
        close(fd);
        return error;
    }
    stream->fd = fd;
    return ESP_LOADER_SUCCESS;
}

static uint64_t count_of(const struct addrinfo *list)
{
    uint64_t count = 0;

    for (const struct addrinfo *address = list; address != NULL; address = address->ai_next) {
        count++;
    }
    return count;
}

esp_loader_error_t tcp_connect(const char *host, const char *service, uint64_t deadline_us,
                               posix_stream_t *stream)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    esp_loader_error_t error = ESP_LOADER_ERROR_PORT_NOT_FOUND;

    if (getaddrinfo(host, service, &hints, &list) != 0) {
        return ESP_LOADER_ERROR_PORT_NOT_FOUND;
    }
    for (const struct addrinfo *address = list; address != NULL; address = address->ai_next) {
        uint64_t now_us = posix_now_us();
        uint64_t left_us = deadline_us > now_us ? deadline_us - now_us : 0;

        /* A silent first address leaves time for the others. */
        error = connect_to(address, now_us + left_us / count_of(address), stream);
        if (error == ESP_LOADER_SUCCESS || error == ESP_LOADER_ERROR_CANCELLED) {
            break;
        }
    }
    freeaddrinfo(list);
    return error;
}
