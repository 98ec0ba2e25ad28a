/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The USB port as the library's port: its table, opening and closing. Bytes and lines go through
 * port/linux_devices/linux_followed.c, which brings back a device that leaves, to usb_device.c.
 */
#include "linux_usb_port.h"

#include "posix_io.h"
#include "posix_log.h"
#include "usb_library.h"
#include "usb_link.h"

POSIX_LOGGING_PORT(linux_usb_port_t);
LINUX_FOLLOWED_PORT(linux_usb_port_t);

static linux_usb_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, linux_usb_port_t, port);
}

static void port_deinit(esp_loader_port_t *port)
{
    linux_followed_end(&self_of(port)->_followed);
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    linux_usb_port_t *self = self_of(port);
    linux_device_t place;
    linux_device_t device;

    port_deinit(port);
    size_t count = linux_usb_find(self, &place);
    if (count != 1) {
        return count == 0 ? ESP_LOADER_ERROR_PORT_NOT_FOUND : ESP_LOADER_ERROR_INVALID_PARAM;
    }
    self->_device = (usb_device_t){.dev_root = self->dev_root};
    esp_loader_error_t error = usb_device_ops.reopen(&self->_device, &place, &device);
    if (error == ESP_LOADER_SUCCESS) {
        linux_followed_begin(&self->_followed, &usb_device_ops, &self->_device, self->sysfs_root, &device);
    }
    return error;
}

/** The chip drops what is not collected in time, so waiting collects. */
static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    linux_usb_port_t *self = self_of(port);
    uint64_t until_us = posix_deadline_us(ms);

    if (self->_device.link != NULL) {
        usb_link_wait(self->_device.link, until_us);
    }
    posix_sleep_until(until_us);
}

bool linux_usb_library_version(unsigned *out_major, unsigned *out_minor, unsigned *out_micro)
{
    usb_library_t library;

    if (!usb_library_load(&library)) {
        return false;
    }
    const struct libusb_version *version = library.get_version();
    *out_major = version->major;
    *out_minor = version->minor;
    *out_micro = version->micro;
    return true;
}

const esp_loader_port_ops_t linux_usb_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = port_delay_ms,
    .log = posix_port_log,
    .log_hex = posix_port_log_hex,
    .write_all = linux_followed_write_all,
    .read_some = linux_followed_read_some,
    .now_ms = posix_port_now_ms,
    .set_lines = linux_followed_set_lines,
    .set_rate = linux_followed_set_rate,
    .link_kind = linux_followed_link_kind,
    .max_rate = linux_followed_max_rate,
};
