/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Clock and deadline-bound transfers of the Linux ports. Owns no descriptor and keeps no state.
 */
#define _GNU_SOURCE
#include "posix_io.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

uint64_t posix_now_us(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail: the clock exists on every Linux */
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

uint32_t posix_port_now_ms(esp_loader_port_t *port)
{
    (void)port;
    return (uint32_t)(posix_now_us() / 1000u);
}

void posix_port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    posix_sleep_until(posix_deadline_us(ms));
}

uint64_t posix_deadline_us(uint32_t timeout_ms)
{
    return posix_now_us() + (uint64_t)timeout_ms * 1000u;
}

void posix_sleep_until(uint64_t deadline_us)
{
    const struct timespec until = {.tv_sec = (time_t)(deadline_us / 1000000u),
                                   .tv_nsec = (long)(deadline_us % 1000000u) * 1000L};

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
}

enum { SLICE_MS = 100 };

/* Rounded up so that the last wait is not a series of empty ones. */
static int poll_timeout_ms(posix_stream_t stream, uint64_t deadline_us)
{
    const uint64_t max_ms = stream.is_cancelled != NULL ? SLICE_MS : INT_MAX;
    uint64_t now_us = posix_now_us();
    uint64_t left_ms = now_us < deadline_us ? (deadline_us - now_us + 999u) / 1000u : 0;

    return (int)(left_ms > max_ms ? max_ms : left_ms);
}

esp_loader_error_t posix_wait(posix_stream_t stream, short events, uint64_t deadline_us)
{
    for (;;) {
        struct pollfd entry = {.fd = stream.fd, .events = events};
        int timeout_ms = poll_timeout_ms(stream, deadline_us);
        int ready = poll(&entry, 1, timeout_ms);

        if (ready > 0) {
            /* A hang-up may come with bytes still to be read; they are delivered first. */
            return (entry.revents & events) != 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_DISCONNECTED;
        }
        if (ready < 0 && errno != EINTR) {
            return ESP_LOADER_ERROR_IO;
        }
        if (stream.is_cancelled != NULL && stream.is_cancelled()) {
            return ESP_LOADER_ERROR_CANCELLED;
        }
        if (ready == 0 && posix_now_us() >= deadline_us) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
    }
}

esp_loader_error_t posix_error(int error_number)
{
    switch (error_number) {
    case EIO: /* what a tty says after a hang-up */
    case ENODEV:
    case ENXIO:
    case EPIPE:
    case ECONNRESET:
    case ECONNABORTED:
    case ENOTCONN:
    case ETIMEDOUT: /* the peer's machine stopped answering */
        return ESP_LOADER_ERROR_DISCONNECTED;
    default:
        return ESP_LOADER_ERROR_IO;
    }
}

static bool is_not_ready(int error_number)
{
    return error_number == EAGAIN || error_number == EWOULDBLOCK;
}

esp_loader_error_t posix_read_some(posix_stream_t stream, uint8_t *buf, size_t capacity, uint64_t deadline_us,
                                   size_t *out_read)
{
    *out_read = 0;
    for (;;) {
        ssize_t got = read(stream.fd, buf, capacity);

        if (got > 0) {
            *out_read = (size_t)got;
            return ESP_LOADER_SUCCESS;
        }
        if (got == 0) {
            return ESP_LOADER_ERROR_DISCONNECTED;
        }
        if (errno == EINTR) {
            continue;
        }
        if (!is_not_ready(errno)) {
            return posix_error(errno);
        }
        esp_loader_error_t error = posix_wait(stream, POLLIN, deadline_us);
        if (error != ESP_LOADER_SUCCESS) {
            return error;
        }
    }
}

static ssize_t write_once(posix_stream_t stream, const uint8_t *data, size_t size)
{
    return stream.is_socket ? send(stream.fd, data, size, MSG_NOSIGNAL) : write(stream.fd, data, size);
}

esp_loader_error_t posix_write_all(posix_stream_t stream, const uint8_t *data, size_t size,
                                   uint64_t deadline_us, size_t *out_written)
{
    *out_written = 0;
    while (*out_written < size) {
        ssize_t put = write_once(stream, data + *out_written, size - *out_written);

        if (put > 0) {
            *out_written += (size_t)put;
            continue;
        }
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0 && !is_not_ready(errno)) {
            return posix_error(errno);
        }
        esp_loader_error_t error = posix_wait(stream, POLLOUT, deadline_us);
        if (error != ESP_LOADER_SUCCESS) {
            return error;
        }
    }
    return ESP_LOADER_SUCCESS;
}
