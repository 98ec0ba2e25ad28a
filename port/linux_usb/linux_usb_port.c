/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port on top of usb_link.c: which device, and how it is reached. What happens when it leaves is in
 * port/linux_devices/linux_followed.c.
 */
#define _GNU_SOURCE
#include "linux_usb_port.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "posix_io.h"
#include "posix_log.h"
#include "usb_link.h"

static const linux_followed_ops_t device_ops;

static linux_usb_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, linux_usb_port_t, port);
}

/* ---- opening ---- */

/** Does another program have the tty of the device? Taking the device would hang it up. */
static bool is_tty_in_use(const linux_usb_port_t *self, const char *tty)
{
    char path[PATH_MAX];
    int is_exclusive = 0;

    snprintf(path, sizeof(path), "%s/%s", self->dev_root != NULL ? self->dev_root : "/dev", tty);
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return errno == EBUSY; /* no permission for the tty does not mean none for the device */
    }
    bool is_in_use = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    is_in_use = is_in_use || (ioctl(fd, TIOCGEXCL, &is_exclusive) == 0 && is_exclusive != 0);
    close(fd);
    return is_in_use;
}

static esp_loader_error_t open_device(linux_usb_port_t *self, const linux_device_t *device)
{
    linux_device_t followed = *device;

    if (device->tty[0] != '\0' && is_tty_in_use(self, device->tty)) {
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
    esp_loader_error_t error = usb_link_open(device->usb_path, &self->_state.link);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    self->_state.kind = linux_device_kind(device).link;
    followed.tty[0] = '\0'; /* it has none while we have the device */
    followed.usb_interface[0] = '\0';
    linux_follow_begin(&self->_state.followed.follow, &followed);
    return ESP_LOADER_SUCCESS;
}

static bool device_close(esp_loader_port_t *port)
{
    linux_usb_port_t *self = self_of(port);
    const bool was_open = self->_state.link != NULL;

    usb_link_close(self->_state.link);
    self->_state.link = NULL;
    return was_open;
}

static void port_deinit(esp_loader_port_t *port)
{
    linux_usb_port_t *self = self_of(port);

    (void)device_close(port);
    self->_state.followed.is_open = false;
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    linux_usb_port_t *self = self_of(port);
    linux_device_t device;

    port_deinit(port);
    size_t count = linux_usb_find(self, &device);
    if (count != 1) {
        return count == 0 ? ESP_LOADER_ERROR_PORT_NOT_FOUND : ESP_LOADER_ERROR_INVALID_PARAM;
    }
    self->_state.followed =
        (linux_followed_t){.ops = &device_ops, .port = port, .follow = {.sysfs_root = self->sysfs_root}};
    esp_loader_error_t error = open_device(self, &device);
    self->_state.followed.is_open = error == ESP_LOADER_SUCCESS;
    return error;
}

/* ---- the device, for linux_followed.c ---- */

static esp_loader_error_t device_write(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                       uint64_t deadline_us, size_t *out_written)
{
    usb_link_t *link = self_of(port)->_state.link;

    return link != NULL ? usb_link_write(link, data, size, deadline_us, out_written)
                        : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t device_read(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                      uint64_t deadline_us, size_t *out_read)
{
    usb_link_t *link = self_of(port)->_state.link;

    return link != NULL ? usb_link_read(link, buf, capacity, deadline_us, out_read)
                        : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t device_set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    return usb_link_set_lines(self_of(port)->_state.link, dtr, rts);
}

static bool device_is_there(esp_loader_port_t *port)
{
    usb_link_t *link = self_of(port)->_state.link;

    return link != NULL && !usb_link_is_gone(link);
}

static esp_loader_error_t device_reopen(esp_loader_port_t *port, const linux_device_t *device)
{
    return open_device(self_of(port), device);
}

static const linux_followed_ops_t device_ops = {
    .write = device_write,
    .read = device_read,
    .set_lines = device_set_lines,
    .is_there = device_is_there,
    .reopen = device_reopen,
    .close = device_close,
};

/* ---- transfers ---- */

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    return linux_followed_write(&self_of(port)->_state.followed, data, size, timeout_ms, out_written);
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    return linux_followed_read(&self_of(port)->_state.followed, buf, capacity, timeout_ms, out_read);
}

/** The chip drops what is not collected in time, so waiting collects. */
static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    linux_usb_port_t *self = self_of(port);
    uint64_t until_us = posix_deadline_us(ms);

    if (self->_state.followed.is_open && self->_state.link != NULL) {
        usb_link_wait(self->_state.link, until_us);
    }
    posix_sleep_until(until_us);
}

static esp_loader_error_t port_set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    return linux_followed_set_lines(&self_of(port)->_state.followed, dtr, rts);
}

static esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    linux_usb_port_t *self = self_of(port);

    return self->_state.followed.is_open && self->_state.link != NULL
               ? usb_link_set_rate(self->_state.link, rate_baud)
               : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_link_t port_link_kind(esp_loader_port_t *port)
{
    linux_usb_port_t *self = self_of(port);

    return self->_state.followed.is_open ? self->_state.kind : ESP_LOADER_LINK_UNKNOWN;
}

/* ---- log ---- */

static void port_log(esp_loader_port_t *port, esp_loader_log_level_t level, const char *fmt, va_list args)
{
    posix_log(self_of(port)->log_level, level, fmt, args);
}

static void port_log_hex(esp_loader_port_t *port, esp_loader_log_level_t level, const char *label,
                         const uint8_t *data, size_t size)
{
    posix_log_hex(self_of(port)->log_level, level, label, data, size);
}

const esp_loader_port_ops_t linux_usb_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = port_delay_ms,
    .log = port_log,
    .log_hex = port_log_hex,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = posix_port_now_ms,
    .set_lines = port_set_lines,
    .set_rate = port_set_rate,
    .link_kind = port_link_kind,
};
