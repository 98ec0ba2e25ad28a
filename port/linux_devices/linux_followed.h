/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port whose device may leave the bus and return: transfers, control lines and rate around a raw device
 * (tty_device.h, usb_device.h), which is opened again when it has returned. Whether it returns, and where, is
 * decided by linux_follow.h.
 */
#ifndef ESP_LOADER_PORT_LINUX_FOLLOWED_H
#define ESP_LOADER_PORT_LINUX_FOLLOWED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_io.h"
#include "linux_follow.h"

/** A raw device, open or closed. Deadlines are moments of posix_now_us(). */
typedef struct {
    /** As `write_all` and `read_some` of esp_loader_io.h; DISCONNECTED when the device has left or is closed.
     */
    esp_loader_error_t (*write)(void *device, const uint8_t *data, size_t size, uint64_t deadline_us,
                                size_t *out_written);
    esp_loader_error_t (*read)(void *device, uint8_t *buf, size_t capacity, uint64_t deadline_us,
                               size_t *out_read);
    /** As `set_lines` and `set_rate` of esp_loader_io.h. Lines are set only while the device is open. */
    esp_loader_error_t (*set_lines)(void *device, bool dtr, bool rts);
    esp_loader_error_t (*set_rate)(void *device, uint32_t rate_baud);
    /** Is the device open, and has it not left? Does not wait. */
    bool (*is_there)(void *device);
    /** Opens the device at the place where it is now; on failure nothing stays open.
     *  @param out_device  what to look for when it leaves */
    esp_loader_error_t (*reopen)(void *device, const linux_device_t *place, linux_device_t *out_device);
    /** Closes the device.
     *  @return false when it was closed already */
    bool (*close)(void *device);
} linux_followed_ops_t;

/** A device that is followed. All zero = closed: every function then returns DISCONNECTED. */
typedef struct {
    const linux_followed_ops_t *ops;
    void *device;
    bool is_open; /**< the port is open; the device may have left */
    linux_follow_t follow;
} linux_followed_t;

/** The first members of a port whose device is followed. The functions below find the rest through them. */
typedef struct {
    esp_loader_port_t port;
    esp_loader_log_level_t log_level;
    linux_followed_t followed;
} linux_followed_port_t;

/** Fails to compile unless @p type begins as linux_followed_port_t does. */
#define LINUX_FOLLOWED_PORT(type)                                                                            \
    _Static_assert(offsetof(type, port) == offsetof(linux_followed_port_t, port) &&                          \
                       offsetof(type, _followed) == offsetof(linux_followed_port_t, followed),               \
                   "begins as linux_followed_port_t")

/** Follows @p found, which is what @p device has been opened as.
 *  @param sysfs_root  NULL = "/sys" */
void linux_followed_begin(linux_followed_t *self, const linux_followed_ops_t *ops, void *device,
                          const char *sysfs_root, const linux_device_t *found);

/** Closes the device; harmless when it is closed. */
void linux_followed_end(linux_followed_t *self);

/** `write_all` of a port. To a device that has come back everything is written from the start. */
esp_loader_error_t linux_followed_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                            uint32_t timeout_ms, size_t *out_written);

/** `read_some` of a port. */
esp_loader_error_t linux_followed_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                            uint32_t timeout_ms, size_t *out_read);

/** `set_lines` of a port. Asserting RTS resets the target; releasing both lines waits at most
 * LINUX_FOLLOW_RELEASE_MS and succeeds while the device is away: it has released them. */
esp_loader_error_t linux_followed_set_lines(esp_loader_port_t *port, bool dtr, bool rts);

/** What the port was opened as; NULL when that is closed, or no device that sysfs knows. */
const linux_device_t *linux_followed_device(const linux_followed_t *self);

/** `max_rate` of a port: that of the USB bridge, where it is a known one. */
uint32_t linux_followed_max_rate(esp_loader_port_t *port);

/** `set_rate` of a port; the device is never asked for 0. */
esp_loader_error_t linux_followed_set_rate(esp_loader_port_t *port, uint32_t rate_baud);

/** `link_kind` of a port: what the device is; UNKNOWN when sysfs does not know it. */
esp_loader_link_t linux_followed_link_kind(esp_loader_port_t *port);

#endif
