/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port in the 1.x form: one static port object, attached to the one context of esp_loader_v1.h.
 */
#include "tinyusb_host_port.h"

#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"

static tinyusb_host_port_t v1_port;

esp_loader_error_t loader_port_tinyusb_host_init(const loader_tinyusb_host_config_t *config)
{
    if (config == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    esp_loader_v1_detach();
    v1_port = (tinyusb_host_port_t){
        .port.ops = &tinyusb_host_ops,
        .now_ms = config->now_ms,
        .wait = config->wait,
        .device_vid = config->device_vid,
        .device_pid = config->device_pid,
        .device_address = config->device_address,
        .first_interface = config->first_interface,
        .connection_timeout_ms = config->connection_timeout_ms,
    };
    return esp_loader_v1_attach(&v1_port.port);
}

void loader_port_tinyusb_host_deinit(void)
{
    esp_loader_v1_detach();
}
