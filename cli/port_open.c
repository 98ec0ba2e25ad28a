/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Choice and preparation of the port.
 */
#include "port_open.h"

#include <string.h>

#include "cancel.h"
#include "net_url.h"
#include "port_list.h"

bool cli_port_prepare(cli_port_t *port, const char *text)
{
    net_url_t url;

    memset(port, 0, sizeof(*port));
    if (linux_usb_choose(&port->as.usb, text)) {
        port->as.usb.port.ops = &linux_usb_ops;
        port->as.usb.sysfs_root = port_list_sysfs_root();
        port->as.usb.dev_root = port_list_dev_root();
        port->port = &port->as.usb.port;
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
        port->has_rate = true;
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

static esp_loader_error_t connect(esp_loader_t *loader, cli_connect_t how)
{
    if (how.secure_flash_size != 0) {
        return esp_loader_connect_secure_download_mode(loader, NULL, how.secure_flash_size);
    }
    return how.with_stub ? esp_loader_connect_with_stub(loader, NULL) : esp_loader_connect(loader, NULL);
}

esp_loader_error_t cli_port_connect(cli_port_t *port, esp_loader_t *loader, cli_connect_t how)
{
    const esp_loader_port_ops_t *complete = port->port->ops;
    esp_loader_port_ops_t lineless = *complete;

    if (!how.is_reset_off) {
        return connect(loader, how);
    }
    /* Without a way to reset the library connects to what is there. */
    lineless.set_lines = NULL;
    lineless.enter_bootloader_checked = NULL;
    port->port->ops = &lineless;
    esp_loader_error_t error = connect(loader, how);
    port->port->ops = complete;
    return error;
}
