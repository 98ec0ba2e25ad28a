/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The serial port of Linux as the library's port: opening for exclusive use, transfers, control lines.
 * Settings of the tty are in tty_settings.c, GPIO lines in gpio_lines.c, the hardware's identity and what
 * happens when the device leaves in port/linux_devices/.
 */
#define _GNU_SOURCE
#include "linux_port.h"

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

#include "gpio_lines.h"
#include "posix_io.h"
#include "posix_log.h"
#include "tty_settings.h"

#ifndef SERIAL_FLASHER_RESET_HOLD_TIME_MS
#define SERIAL_FLASHER_RESET_HOLD_TIME_MS 100
#endif
#ifndef SERIAL_FLASHER_BOOT_HOLD_TIME_MS
#define SERIAL_FLASHER_BOOT_HOLD_TIME_MS 50
#endif

enum { DEFAULT_BAUD = 115200 };

/* Same members as linux_uart_ops except for the way to reset. */
static const esp_loader_port_ops_t gpio_ops;
static const esp_loader_port_ops_t no_reset_ops;
static const linux_followed_ops_t device_ops;

static linux_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, linux_port_t, port);
}

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
 * does not keep out root, so both are taken and both are looked at. */
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

/** Opens, locks and sets up the device at @p path; on failure nothing stays open. */
static esp_loader_error_t open_device(linux_port_t *self, const char *path)
{
    linux_device_t device;
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
        error = tty_make_raw(fd, self->baudrate == 0 ? DEFAULT_BAUD : self->baudrate);
        if (error != ESP_LOADER_SUCCESS) {
            (void)ioctl(fd,
                        TIOCNXCL); /* the mode would outlive us while another program has the device open */
        }
    }
    if (error != ESP_LOADER_SUCCESS) {
        close(fd);
        return error;
    }
    bool is_hardware =
        linux_devices_find_tty(self->sysfs_root, major(status.st_rdev), minor(status.st_rdev), &device);
    if (device.usb_vid == USB_FTDI_VID) {
        ask_for_low_latency(fd);
    }
    self->_state.fd = fd;
    self->_state.link = is_hardware ? linux_device_kind(&device).link : ESP_LOADER_LINK_UNKNOWN;
    linux_follow_begin(&self->_state.followed.follow, &device);
    return ESP_LOADER_SUCCESS;
}

static bool device_close(esp_loader_port_t *port)
{
    linux_port_t *self = self_of(port);

    if (self->_state.fd < 0) {
        return false;
    }
    (void)ioctl(self->_state.fd, TIOCNXCL); /* fails on a device that is gone, which is as good */
    close(self->_state.fd);
    self->_state.fd = -1;
    return true;
}

static void port_deinit(esp_loader_port_t *port)
{
    linux_port_t *self = self_of(port);

    if (!self->_state.followed.is_open) {
        return;
    }
    (void)device_close(port);
    if (self->_state.gpio_fd >= 0) {
        close(self->_state.gpio_fd);
    }
    self->_state.followed.is_open = false;
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    linux_port_t *self = self_of(port);

    port_deinit(port);
    if (self->device == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    self->_state.gpio_fd = -1;
    switch (self->gpio_mode) {
    case LINUX_GPIO_NONE:
        port->ops = &no_reset_ops;
        break;
    case LINUX_GPIO_GPIOD:
        port->ops = &gpio_ops;
        break;
    case LINUX_GPIO_DTR_RTS:
        port->ops = &linux_uart_ops;
        break;
    default:
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    self->_state.followed =
        (linux_followed_t){.ops = &device_ops, .port = port, .follow = {.sysfs_root = self->sysfs_root}};
    esp_loader_error_t error = open_device(self, self->device);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    if (self->gpio_mode == LINUX_GPIO_GPIOD) {
        const gpio_lines_config_t lines = {
            .chip_path = self->gpio_chip_path,
            .reset_pin = self->reset_pin,
            .boot_pin = self->boot_pin,
            .is_reset_inverted = self->is_reset_inverted,
            .is_boot_inverted = self->is_boot_inverted,
        };
        error = gpio_lines_open(&lines, &self->_state.gpio_fd);
        if (error != ESP_LOADER_SUCCESS) {
            (void)device_close(port);
            return error;
        }
    }
    self->_state.followed.is_open = true;
    return ESP_LOADER_SUCCESS;
}

/* ---- the device, for linux_followed.c ---- */

static esp_loader_error_t device_write(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                       uint64_t deadline_us, size_t *out_written)
{
    posix_stream_t stream = {.fd = self_of(port)->_state.fd};

    return stream.fd >= 0 ? posix_write_all(stream, data, size, deadline_us, out_written)
                          : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t device_read(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                      uint64_t deadline_us, size_t *out_read)
{
    posix_stream_t stream = {.fd = self_of(port)->_state.fd};

    return stream.fd >= 0 ? posix_read_some(stream, buf, capacity, deadline_us, out_read)
                          : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t lines_error(int error_number)
{
    if (error_number == ENOTTY || error_number == EINVAL) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC; /* a tty without modem lines, such as a pseudo terminal */
    }
    return posix_error(error_number);
}

/** Is the device still there? Changing the lines of one that is gone can block for seconds. */
static bool device_is_there(esp_loader_port_t *port)
{
    struct pollfd entry = {.fd = self_of(port)->_state.fd};

    return entry.fd >= 0 &&
           (poll(&entry, 1, 0) <= 0 || (entry.revents & (POLLHUP | POLLERR | POLLNVAL)) == 0);
}

/** One TIOCMSET sets both lines. They are read first because it also sets the lines that are none of our
 * business. */
static esp_loader_error_t device_set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    const linux_port_t *self = self_of(port);
    int fd = self->_state.fd;
    int lines = 0;

    if (ioctl(fd, TIOCMGET, &lines) != 0) {
        return lines_error(errno);
    }
    lines &= ~(TIOCM_DTR | TIOCM_RTS);
    lines |= dtr != self->is_boot_inverted ? TIOCM_DTR : 0;
    lines |= rts != self->is_reset_inverted ? TIOCM_RTS : 0;
    return ioctl(fd, TIOCMSET, &lines) == 0 ? ESP_LOADER_SUCCESS : lines_error(errno);
}

/** Opens the device at the name it has come back under. */
static esp_loader_error_t device_reopen(esp_loader_port_t *port, const linux_device_t *device)
{
    linux_port_t *self = self_of(port);
    char path[PATH_MAX];

    if (device->tty[0] == '\0') {
        return ESP_LOADER_ERROR_PORT_NOT_FOUND; /* the driver has not made it yet */
    }
    snprintf(path, sizeof(path), "%s/%s", self->dev_root != NULL ? self->dev_root : "/dev", device->tty);
    return open_device(self, path);
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

static esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    linux_port_t *self = self_of(port);

    return self->_state.followed.is_open && self->_state.fd >= 0 ? tty_set_rate(self->_state.fd, rate_baud)
                                                                 : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_link_t port_link_kind(esp_loader_port_t *port)
{
    linux_port_t *self = self_of(port);

    return self->_state.followed.is_open ? self->_state.link : ESP_LOADER_LINK_UNKNOWN;
}

/* ---- reset and boot ---- */

static esp_loader_error_t port_set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    return linux_followed_set_lines(&self_of(port)->_state.followed, dtr, rts);
}

/** Holds reset, with or without boot, then releases reset and after it boot; on failure the lines are
 * released too. */
static esp_loader_error_t gpio_reset(linux_port_t *self, bool is_boot_active)
{
    int fd = self->_state.gpio_fd;

    if (!self->_state.followed.is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    esp_loader_error_t error = gpio_lines_set(fd, true, is_boot_active);
    if (error == ESP_LOADER_SUCCESS) {
        posix_port_delay_ms(&self->port, self->reset_hold_ms == 0 ? SERIAL_FLASHER_RESET_HOLD_TIME_MS
                                                                  : self->reset_hold_ms);
        error = gpio_lines_set(fd, false, is_boot_active);
    }
    if (error == ESP_LOADER_SUCCESS && is_boot_active) {
        posix_port_delay_ms(&self->port,
                            self->boot_hold_ms == 0 ? SERIAL_FLASHER_BOOT_HOLD_TIME_MS : self->boot_hold_ms);
    }
    esp_loader_error_t release_error = gpio_lines_set(fd, false, false);
    return error != ESP_LOADER_SUCCESS ? error : release_error;
}

static esp_loader_error_t gpio_enter_bootloader(esp_loader_port_t *port)
{
    return gpio_reset(self_of(port), true);
}

static esp_loader_error_t gpio_reset_target(esp_loader_port_t *port)
{
    return gpio_reset(self_of(port), false);
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

#define COMMON_ENTRIES                                                                                       \
    .init = port_init, .deinit = port_deinit, .delay_ms = posix_port_delay_ms, .log = port_log,              \
    .log_hex = port_log_hex, .write_all = port_write_all, .read_some = port_read_some,                       \
    .now_ms = posix_port_now_ms, .set_rate = port_set_rate, .link_kind = port_link_kind

const esp_loader_port_ops_t linux_uart_ops = {
    COMMON_ENTRIES,
    .set_lines = port_set_lines,
};

static const esp_loader_port_ops_t gpio_ops = {
    COMMON_ENTRIES,
    .enter_bootloader_checked = gpio_enter_bootloader,
    .reset_checked = gpio_reset_target,
};

static const esp_loader_port_ops_t no_reset_ops = {
    COMMON_ENTRIES,
};
