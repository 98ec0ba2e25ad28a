/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Opening a tty for exclusive use, its transfers and its control lines. The settings are in tty_settings.c.
 */
#define _GNU_SOURCE
#include "tty_device.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/serial.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "posix_io.h"
#include "tty_settings.h"

/* ---- opening ---- */

static esp_loader_error_t open_error(int error_number)
{
    switch (error_number) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG:
        return ESP_LOADER_ERROR_PORT_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return ESP_LOADER_ERROR_PORT_ACCESS;
    case EBUSY: /* another program has set TIOCEXCL */
        return ESP_LOADER_ERROR_PORT_BUSY;
    default:
        return ESP_LOADER_ERROR_IO;
    }
}

/** Takes the device for this program alone. Some programs honour the lock and some the exclusive mode, which
 * does not keep out root, so both are taken and both are checked. */
static esp_loader_error_t lock_device(int fd)
{
    int is_exclusive = 0;

    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? ESP_LOADER_ERROR_PORT_BUSY : ESP_LOADER_ERROR_IO;
    }
    if (ioctl(fd, TIOCGEXCL, &is_exclusive) == 0 && is_exclusive != 0) {
        return ESP_LOADER_ERROR_PORT_BUSY;
    }
    return ioctl(fd, TIOCEXCL) == 0 ? ESP_LOADER_SUCCESS : posix_error(errno);
}

/** An FTDI bridge keeps small replies for 16 ms unless asked not to. Best effort: it needs permission, and
 * flashing works without. */
static void ask_for_low_latency(int fd)
{
    struct serial_struct serial;

    if (ioctl(fd, TIOCGSERIAL, &serial) == 0) {
        serial.flags |= (int)ASYNC_LOW_LATENCY;
        (void)ioctl(fd, TIOCSSERIAL, &serial);
    }
}

esp_loader_error_t tty_device_open(tty_device_t *self, const char *path, linux_device_t *out_device)
{
    struct stat status;

    /* O_NONBLOCK also because open() would otherwise wait for a carrier. */
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return open_error(errno);
    }
    esp_loader_error_t error = ESP_LOADER_ERROR_PORT_NOT_FOUND;
    if (fstat(fd, &status) == 0 && isatty(fd)) {
        error = lock_device(fd);
    }
    if (error == ESP_LOADER_SUCCESS) {
        error = tty_make_raw(fd, self->rate_baud);
        if (error != ESP_LOADER_SUCCESS) {
            /* The mode would outlive us while another program has the device open. */
            (void)ioctl(fd, TIOCNXCL);
        }
    }
    if (error != ESP_LOADER_SUCCESS) {
        close(fd);
        return error;
    }
    (void)linux_devices_find_tty(self->sysfs_root, major(status.st_rdev), minor(status.st_rdev), out_device);
    if (out_device->usb_vid == USB_FTDI_VID) {
        ask_for_low_latency(fd);
    }
    self->fd = fd;
    return ESP_LOADER_SUCCESS;
}

/** Opens the device under the name it has now. */
static esp_loader_error_t device_reopen(void *device, const linux_device_t *place, linux_device_t *out_device)
{
    tty_device_t *self = device;
    char path[PATH_MAX];

    if (place->tty[0] == '\0') {
        return ESP_LOADER_ERROR_PORT_NOT_FOUND; /* the driver has not made it yet */
    }
    snprintf(path, sizeof(path), "%s/%s", self->dev_root != NULL ? self->dev_root : "/dev", place->tty);
    return tty_device_open(self, path, out_device);
}

static bool device_close(void *device)
{
    tty_device_t *self = device;

    if (self->fd < 0) {
        return false;
    }
    (void)ioctl(self->fd, TIOCNXCL); /* fails on a device that has left, which is just as good */
    close(self->fd);
    self->fd = -1;
    return true;
}

/* ---- transfers and lines ---- */

static esp_loader_error_t device_write(void *device, const uint8_t *data, size_t size, uint64_t deadline_us,
                                       size_t *out_written)
{
    const tty_device_t *self = device;
    posix_stream_t stream = {.fd = self->fd};

    return stream.fd >= 0 ? posix_write_all(stream, data, size, deadline_us, out_written)
                          : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t device_read(void *device, uint8_t *buf, size_t capacity, uint64_t deadline_us,
                                      size_t *out_read)
{
    const tty_device_t *self = device;
    posix_stream_t stream = {.fd = self->fd};

    return stream.fd >= 0 ? posix_read_some(stream, buf, capacity, deadline_us, out_read)
                          : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t device_set_rate(void *device, uint32_t rate_baud)
{
    const tty_device_t *self = device;

    return self->fd >= 0 ? tty_set_rate(self->fd, rate_baud) : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t lines_error(int error_number)
{
    if (error_number == ENOTTY || error_number == EINVAL) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC; /* a tty without modem lines, such as a pseudo terminal */
    }
    return posix_error(error_number);
}

/** Is the device still there? Changing the lines of one that is gone can block for seconds. */
static bool device_is_there(void *device)
{
    const tty_device_t *self = device;
    struct pollfd entry = {.fd = self->fd};

    return entry.fd >= 0 &&
           (poll(&entry, 1, 0) <= 0 || (entry.revents & (POLLHUP | POLLERR | POLLNVAL)) == 0);
}

/** One TIOCMSET sets both lines. They are read first because it sets all other lines, too. */
static esp_loader_error_t device_set_lines(void *device, bool dtr, bool rts)
{
    const tty_device_t *self = device;
    int lines = 0;

    if (ioctl(self->fd, TIOCMGET, &lines) != 0) {
        return lines_error(errno);
    }
    lines &= ~(TIOCM_DTR | TIOCM_RTS);
    lines |= dtr != self->is_dtr_inverted ? TIOCM_DTR : 0;
    lines |= rts != self->is_rts_inverted ? TIOCM_RTS : 0;
    return ioctl(self->fd, TIOCMSET, &lines) == 0 ? ESP_LOADER_SUCCESS : lines_error(errno);
}

const linux_followed_ops_t tty_device_ops = {
    .write = device_write,
    .read = device_read,
    .set_lines = device_set_lines,
    .set_rate = device_set_rate,
    .is_there = device_is_there,
    .reopen = device_reopen,
    .close = device_close,
};
