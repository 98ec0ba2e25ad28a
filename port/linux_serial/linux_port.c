/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The serial port of Linux as the library's port: its tables, opening and closing, reset by GPIO lines. Bytes
 * and lines go through port/linux_devices/linux_followed.c, which brings back a device that leaves, to
 * tty_device.c.
 */
#define _GNU_SOURCE
#include "linux_port.h"

#include <unistd.h>

#include "gpio_lines.h"
#include "posix_io.h"
#include "posix_log.h"
#include "tty_device.h"

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

POSIX_LOGGING_PORT(linux_port_t);
LINUX_FOLLOWED_PORT(linux_port_t);

static linux_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, linux_port_t, port);
}

/* ---- opening ---- */

static void port_deinit(esp_loader_port_t *port)
{
    linux_port_t *self = self_of(port);

    if (!self->_followed.is_open) {
        return;
    }
    linux_followed_end(&self->_followed);
    if (self->_state.gpio_fd >= 0) {
        close(self->_state.gpio_fd);
    }
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    linux_port_t *self = self_of(port);
    linux_device_t device;

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
    self->_state.tty = (tty_device_t){
        .fd = -1,
        .rate_baud = self->baudrate == 0 ? DEFAULT_BAUD : self->baudrate,
        .is_dtr_inverted = self->is_boot_inverted,
        .is_rts_inverted = self->is_reset_inverted,
        .sysfs_root = self->sysfs_root,
        .dev_root = self->dev_root,
    };
    esp_loader_error_t error = tty_device_open(&self->_state.tty, self->device, &device);
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
            (void)tty_device_ops.close(&self->_state.tty);
            return error;
        }
    }
    linux_followed_begin(&self->_followed, &tty_device_ops, &self->_state.tty, self->sysfs_root, &device);
    return ESP_LOADER_SUCCESS;
}

/* ---- reset and boot ---- */

/** Holds reset, with or without boot, then releases reset and after it boot; on failure the lines are
 * released too. */
static esp_loader_error_t gpio_reset(linux_port_t *self, bool is_boot_active)
{
    int fd = self->_state.gpio_fd;

    if (!self->_followed.is_open) {
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

/* ---- tables ---- */

#define COMMON_ENTRIES                                                                                       \
    .init = port_init, .deinit = port_deinit, .delay_ms = posix_port_delay_ms, .log = posix_port_log,        \
    .log_hex = posix_port_log_hex, .write_all = linux_followed_write_all,                                    \
    .read_some = linux_followed_read_some, .now_ms = posix_port_now_ms, .set_rate = linux_followed_set_rate, \
    .link_kind = linux_followed_link_kind, .max_rate = linux_followed_max_rate

const esp_loader_port_ops_t linux_uart_ops = {
    COMMON_ENTRIES,
    .set_lines = linux_followed_set_lines,
};

static const esp_loader_port_ops_t gpio_ops = {
    COMMON_ENTRIES,
    .enter_bootloader_checked = gpio_enter_bootloader,
    .reset_checked = gpio_reset_target,
};

static const esp_loader_port_ops_t no_reset_ops = {
    COMMON_ENTRIES,
};
