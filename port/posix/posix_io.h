/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the Linux ports have in common: the clock, and reading and writing a non-blocking descriptor against a
 * deadline. Opening, settings and control lines belong to the ports themselves.
 */
#ifndef ESP_LOADER_PORT_POSIX_IO_H
#define ESP_LOADER_PORT_POSIX_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_io.h"

/** A non-blocking descriptor: a tty with VMIN 1 (so that reading nothing means hang-up), or a stream socket.
 */
typedef struct {
    int fd;
    bool is_socket;             /**< writing must not raise SIGPIPE */
    bool (*is_cancelled)(void); /**< called while waiting, every 100 ms; may be NULL */
} posix_stream_t;

/** Monotonic microseconds. */
uint64_t posix_now_us(void);

/** `now_ms` of a port. */
uint32_t posix_port_now_ms(esp_loader_port_t *port);

/** `delay_ms` of a port; signals do not shorten it. */
void posix_port_delay_ms(esp_loader_port_t *port, uint32_t ms);

/** Moment of posix_now_us() @p timeout_ms from now. */
uint64_t posix_deadline_us(uint32_t timeout_ms);

/** Sleeps until @p deadline_us; signals do not shorten it. */
void posix_sleep_until(uint64_t deadline_us);

/** Waits until the descriptor is ready for @p events (POLLIN, POLLOUT); signals do not end the wait.
 *  @retval ESP_LOADER_ERROR_TIMEOUT       the deadline has passed
 *  @retval ESP_LOADER_ERROR_DISCONNECTED  hang-up, and nothing is left to read
 *  @retval ESP_LOADER_ERROR_IO            poll() failed
 *  @retval ESP_LOADER_ERROR_CANCELLED     the stream's is_cancelled() returned true */
esp_loader_error_t posix_wait(posix_stream_t stream, short events, uint64_t deadline_us);

/** Error of a failed call on an open descriptor: a device that left or a closed connection is DISCONNECTED.
 */
esp_loader_error_t posix_error(int error_number);

/** As `read_some` of esp_loader_io.h, until @p deadline_us. */
esp_loader_error_t posix_read_some(posix_stream_t stream, uint8_t *buf, size_t capacity, uint64_t deadline_us,
                                   size_t *out_read);

/** As `write_all` of esp_loader_io.h, until @p deadline_us; bytes count as written once the kernel has them.
 */
esp_loader_error_t posix_write_all(posix_stream_t stream, const uint8_t *data, size_t size,
                                   uint64_t deadline_us, size_t *out_written);

#endif
