/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Choice and preparation of the port.
 */
#include "ports/port_open.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "ports/cancel.h"
#include "net_url.h"
#include "ports/port_list.h"
#include "text/number.h"

bool cli_port_prepare(cli_port_t *port, const char *text)
{
    net_url_t url;

    memset(port, 0, sizeof(*port));
    if (linux_usb_choose(&port->as.usb, text)) {
        port->as.usb.port.ops = &linux_usb_ops;
        port->as.usb.sysfs_root = port_list_sysfs_root();
        port->as.usb.dev_root = port_list_dev_root();
        port->port = &port->as.usb.port;
        port->followed = &port->as.usb._followed;
        port->has_rate = true;
        return true;
    }
    if (strstr(text, "://") == NULL) {
        port->as.serial = (linux_port_t){
            .port.ops = &linux_uart_ops,
            .device = text,
            .gpio_mode = LINUX_GPIO_DTR_RTS,
            .sysfs_root = port_list_sysfs_root(),
            .dev_root = port_list_dev_root(),
        };
        port->port = &port->as.serial.port;
        port->followed = &port->as.serial._followed;
        port->has_rate = true;
        port->is_serial = true;
        return true;
    }
    if (!net_url_parse(text, &url)) {
        return false;
    }
    port->as.net = (net_port_t){.port.ops = &net_ops, .url = text, .is_cancelled = cancel_is_due};
    port->port = &port->as.net.port;
    port->has_rate = url.is_rfc2217;
    return true;
}

const linux_device_t *cli_port_device(const cli_port_t *port)
{
    return port->followed != NULL ? linux_followed_device(port->followed) : NULL;
}

const char *cli_port_serial_device(const cli_port_t *port)
{
    return port->is_serial ? port->as.serial.device : NULL;
}

/** Takes a number off the end of @p text, after a colon. */
static bool cut_number(char *text, uint32_t *out_number)
{
    char *colon = strrchr(text, ':');

    if (colon == NULL || !number_parse(colon + 1, out_number)) {
        return false;
    }
    *colon = '\0';
    return true;
}

bool cli_port_use_gpio(cli_port_t *port, const char *text, char room[CLI_PORT_GPIO_SIZE],
                       char error[CLI_PORT_GPIO_SIZE])
{
    linux_port_t *serial = &port->as.serial;

    snprintf(room, CLI_PORT_GPIO_SIZE, "%s", text);
    if (strlen(text) >= CLI_PORT_GPIO_SIZE || !cut_number(room, &serial->boot_pin) ||
        !cut_number(room, &serial->reset_pin) || room[0] == '\0') {
        snprintf(error, CLI_PORT_GPIO_SIZE,
                 "--reset-gpio is CHIP:RESET:BOOT, for example /dev/gpiochip0:17:27");
        return false;
    }
    if (cli_port_serial_device(port) == NULL) {
        snprintf(error, CLI_PORT_GPIO_SIZE, "--reset-gpio needs a serial device as the port");
        return false;
    }
    serial->gpio_mode = LINUX_GPIO_GPIOD;
    serial->gpio_chip_path = room;
    return true;
}

void cli_port_open_at(cli_port_t *port, uint32_t rate_baud)
{
    if (port->is_serial) {
        port->as.serial.baudrate = rate_baud;
    } else if (port->followed == NULL) {
        port->as.net.baudrate = rate_baud;
    } /* that of a USB device without a driver does not matter */
}

void cli_port_move(cli_port_t *port, const char *path)
{
    if (port->is_serial) {
        port->as.serial.device = path;
    }
}

bool cli_port_lines_are_unconfirmed(const cli_port_t *port)
{
    return port->followed == NULL && port->has_rate && net_port_lines_are_unconfirmed(&port->as.net);
}

esp_loader_link_t cli_port_link(const cli_port_t *port)
{
    const esp_loader_port_ops_t *ops = port->port->ops;

    return ops->link_kind != NULL ? ops->link_kind(port->port) : ESP_LOADER_LINK_UNKNOWN;
}

static esp_loader_error_t connect(esp_loader_t *loader, cli_connect_t how)
{
    /* Where each attempt takes long there are three resets. */
    esp_loader_connect_args_t patient = {.sync_timeout = how.timeout_ms, .trials = 6};
    esp_loader_connect_args_t *args = how.timeout_ms != 0 ? &patient : NULL;

    if (how.secure_flash_size != 0) {
        return esp_loader_connect_secure_download_mode(loader, args, how.secure_flash_size);
    }
    return how.with_stub ? esp_loader_connect_with_stub(loader, args) : esp_loader_connect(loader, args);
}

/** The port's own read_some(), with a look at what comes. Every kind of port begins with its
 * esp_loader_port_t. */
static esp_loader_error_t read_and_look(esp_loader_port_t *base, uint8_t *buf, size_t capacity,
                                        uint32_t timeout_ms, size_t *out_read)
{
    cli_port_t *port = container_of(base, cli_port_t, as);
    esp_loader_error_t error = port->_complete->read_some(base, buf, capacity, timeout_ms, out_read);

    boot_text_take(&port->boot, buf, *out_read <= capacity ? *out_read : 0);
    return error;
}

_Static_assert(offsetof(linux_port_t, port) == 0 && offsetof(linux_usb_port_t, port) == 0 &&
                   offsetof(net_port_t, port) == 0,
               "the port in a cli_port_t is where its union is");

esp_loader_error_t cli_port_connect(cli_port_t *port, esp_loader_t *loader, cli_connect_t how)
{
    esp_loader_port_ops_t ops = *port->port->ops;

    port->_complete = port->port->ops;
    ops.read_some = read_and_look;
    if (how.is_reset_off) { /* without a way to reset the library connects to what is there */
        ops.set_lines = NULL;
        ops.enter_bootloader_checked = NULL;
    }
    port->port->ops = &ops;
    esp_loader_error_t error = connect(loader, how);
    port->port->ops = port->_complete;
    return error;
}
