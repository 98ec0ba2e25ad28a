/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Opening a USB device that no other program uses, and usb_link.c behind the table of linux_followed.h.
 */
#define _GNU_SOURCE
#include "usb_device.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "usb_link.h"

/** Does another program have the tty of the device? Taking the device would hang it up. */
static bool is_tty_in_use(const usb_device_t *self, const char *tty)
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

static esp_loader_error_t device_open(void *device, const linux_device_t *place, linux_device_t *out_device)
{
    usb_device_t *self = device;

    if (place->tty[0] != '\0' && is_tty_in_use(self, place->tty)) {
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
    esp_loader_error_t error = usb_link_open(place->usb_path, &self->link);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    *out_device = *place;
    out_device->tty[0] = '\0'; /* it has none while we have the device */
    out_device->usb_interface[0] = '\0';
    return ESP_LOADER_SUCCESS;
}

static bool device_close(void *device)
{
    usb_device_t *self = device;
    const bool was_open = self->link != NULL;

    usb_link_close(self->link);
    self->link = NULL;
    return was_open;
}

static esp_loader_error_t device_write(void *device, const uint8_t *data, size_t size, uint64_t deadline_us,
                                       size_t *out_written)
{
    const usb_device_t *self = device;

    return self->link != NULL ? usb_link_write(self->link, data, size, deadline_us, out_written)
                              : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t device_read(void *device, uint8_t *buf, size_t capacity, uint64_t deadline_us,
                                      size_t *out_read)
{
    const usb_device_t *self = device;

    return self->link != NULL ? usb_link_read(self->link, buf, capacity, deadline_us, out_read)
                              : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t device_set_lines(void *device, bool dtr, bool rts)
{
    const usb_device_t *self = device;

    return usb_link_set_lines(self->link, dtr, rts);
}

static esp_loader_error_t device_set_rate(void *device, uint32_t rate_baud)
{
    const usb_device_t *self = device;

    return self->link != NULL ? usb_link_set_rate(self->link, rate_baud) : ESP_LOADER_ERROR_DISCONNECTED;
}

static bool device_is_there(void *device)
{
    const usb_device_t *self = device;

    return self->link != NULL && !usb_link_is_gone(self->link);
}

const linux_followed_ops_t usb_device_ops = {
    .write = device_write,
    .read = device_read,
    .set_lines = device_set_lines,
    .set_rate = device_set_rate,
    .is_there = device_is_there,
    .reopen = device_open,
    .close = device_close,
};
