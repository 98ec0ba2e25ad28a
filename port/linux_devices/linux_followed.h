/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading, writing and setting the lines of a device that may leave and return: what the Linux ports have in
 * common once they are open. How to reach the device is the port's own; whether it comes back, and where, is
 * linux_follow.h's.
 */
#ifndef ESP_LOADER_PORT_LINUX_FOLLOWED_H
#define ESP_LOADER_PORT_LINUX_FOLLOWED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_io.h"
#include "linux_follow.h"

/** How a port reaches its device. Deadlines are moments of posix_now_us(). */
typedef struct {
    /** As `write_all` and `read_some` of esp_loader_io.h; DISCONNECTED when the device has left or is closed.
     */
    esp_loader_error_t (*write)(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                uint64_t deadline_us, size_t *out_written);
    esp_loader_error_t (*read)(esp_loader_port_t *port, uint8_t *buf, size_t capacity, uint64_t deadline_us,
                               size_t *out_read);
    /** As `set_lines` of esp_loader_io.h. Called only on an open device. */
    esp_loader_error_t (*set_lines)(esp_loader_port_t *port, bool dtr, bool rts);
    /** Is the device open, and has it not left? Does not wait. */
    bool (*is_there)(esp_loader_port_t *port);
    /** Opens the device where it is now and calls linux_follow_begin(); on failure nothing stays open. */
    esp_loader_error_t (*reopen)(esp_loader_port_t *port, const linux_device_t *device);
    /** Closes the device.
     *  @return false when it was closed already */
    bool (*close)(esp_loader_port_t *port);
} linux_followed_ops_t;

/** A device that is followed, part of the state of a port. All zero = the port is closed: every function then
 * says DISCONNECTED. */
typedef struct {
    const linux_followed_ops_t *ops;
    esp_loader_port_t *port;
    bool is_open; /**< the port is: the device may have left all the same */
    linux_follow_t follow;
} linux_followed_t;

/** As `write_all` of esp_loader_io.h. To a device that has come back everything is written from the start. */
esp_loader_error_t linux_followed_write(linux_followed_t *self, const uint8_t *data, size_t size,
                                        uint32_t timeout_ms, size_t *out_written);

/** As `read_some` of esp_loader_io.h. */
esp_loader_error_t linux_followed_read(linux_followed_t *self, uint8_t *buf, size_t capacity,
                                       uint32_t timeout_ms, size_t *out_read);

/** As `set_lines` of esp_loader_io.h. Asserting RTS resets the target; releasing both lines waits at most
 * LINUX_FOLLOW_RELEASE_MS and succeeds while the device is away: it has released them. */
esp_loader_error_t linux_followed_set_lines(linux_followed_t *self, bool dtr, bool rts);

#endif
