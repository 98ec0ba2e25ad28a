/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * First-generation port over TCP: exact reads, a one-shot timer kept in the port, no way to report a failed
 * reset. The target at the other end is in download mode already.
 */
#define _POSIX_C_SOURCE 200809L
#include "tcp_port.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static tcp_port_t *self(esp_loader_port_t *port)
{
    return container_of(port, tcp_port_t, port);
}

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

esp_loader_error_t tcp_port_init(esp_loader_port_t *port)
{
    tcp_port_t *tcp = self(port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int one = 1;
    if (getaddrinfo(tcp->host, tcp->service, &hints, &found) != 0) {
        return ESP_LOADER_ERROR_FAIL;
    }
    tcp->socket_fd = socket(found->ai_family, found->ai_socktype, 0);
    int result = connect(tcp->socket_fd, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (result != 0 || setsockopt(tcp->socket_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0) {
        return ESP_LOADER_ERROR_FAIL;
    }
    return ESP_LOADER_SUCCESS;
}

void tcp_port_deinit(esp_loader_port_t *port)
{
    close(self(port)->socket_fd);
}

void tcp_port_enter_bootloader(esp_loader_port_t *port)
{
    (void)port;
}

void tcp_port_reset_target(esp_loader_port_t *port)
{
    (void)port;
}

void tcp_port_start_timer(esp_loader_port_t *port, uint32_t ms)
{
    self(port)->timer_end_ms = clock_ms() + ms;
}

uint32_t tcp_port_remaining_time(esp_loader_port_t *port)
{
    int64_t left = self(port)->timer_end_ms - clock_ms();
    return left > 0 ? (uint32_t)left : 0;
}

void tcp_port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

void tcp_port_log(esp_loader_port_t *port, esp_loader_log_level_t level, const char *fmt, va_list args)
{
    (void)port;
    fprintf(stderr, "[%d] ", (int)level);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
}

/* Waits until the socket is ready; false when the time is over. */
static bool wait_for(int fd, short events, int64_t end_ms)
{
    int64_t left = end_ms - clock_ms();
    struct pollfd entry = {.fd = fd, .events = events};
    return poll(&entry, 1, left > 0 ? (int)left : 0) == 1;
}

esp_loader_error_t tcp_port_write(esp_loader_port_t *port, const uint8_t *data, uint16_t size,
                                  uint32_t timeout_ms)
{
    int64_t end_ms = clock_ms() + timeout_ms;
    int fd = self(port)->socket_fd;
    for (size_t done = 0; done < size;) {
        if (!wait_for(fd, POLLOUT, end_ms)) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        ssize_t count = send(fd, data + done, size - done, MSG_NOSIGNAL);
        if (count < 0) {
            return ESP_LOADER_ERROR_FAIL;
        }
        done += (size_t)count;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t tcp_port_read(esp_loader_port_t *port, uint8_t *data, uint16_t size, uint32_t timeout_ms)
{
    int64_t end_ms = clock_ms() + timeout_ms;
    int fd = self(port)->socket_fd;
    for (size_t done = 0; done < size;) {
        if (!wait_for(fd, POLLIN, end_ms)) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        ssize_t count = recv(fd, data + done, size - done, 0);
        if (count <= 0) {
            return ESP_LOADER_ERROR_FAIL;
        }
        done += (size_t)count;
    }
    return ESP_LOADER_SUCCESS;
}

const esp_loader_port_ops_t tcp_port_ops = {
    .init = tcp_port_init,
    .deinit = tcp_port_deinit,
    .enter_bootloader = tcp_port_enter_bootloader,
    .reset_target = tcp_port_reset_target,
    .start_timer = tcp_port_start_timer,
    .remaining_time = tcp_port_remaining_time,
    .delay_ms = tcp_port_delay_ms,
    .log = tcp_port_log,
    .write = tcp_port_write,
    .read = tcp_port_read,
};
