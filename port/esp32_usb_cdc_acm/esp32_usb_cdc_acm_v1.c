/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port in the 1.x form: one static port object, attached to the one context of esp_loader_v1.h. In a file
 * of its own, so a program in the context form links neither.
 */
#include "esp32_usb_cdc_acm_port.h"

#include <stddef.h>

#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"

static esp32_usb_cdc_acm_port_t v1_port;

esp_loader_error_t loader_port_esp32_usb_cdc_acm_init(const loader_esp32_usb_cdc_acm_config_t *config)
{
    if (config == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    v1_port = (esp32_usb_cdc_acm_port_t){
        .port.ops = &esp32_usb_cdc_acm_ops,
        .device_vid = config->device_vid,
        .device_pid = config->device_pid,
        .connection_timeout_ms = config->connection_timeout_ms,
        .out_buffer_size = config->out_buffer_size,
        .acm_host_error_callback = config->acm_host_error_callback,
        .device_disconnected_callback = config->device_disconnected_callback,
        .acm_host_serial_state_callback = config->acm_host_serial_state_callback,
    };
    return esp_loader_v1_attach(&v1_port.port);
}

esp_loader_error_t loader_port_esp32_usb_cdc_acm_deinit(void)
{
    esp_loader_v1_detach();
    return ESP_LOADER_SUCCESS;
}

bool loader_port_esp32_usb_cdc_acm_is_attached(void)
{
    return esp32_usb_cdc_acm_is_attached(&v1_port);
}

void loader_port_esp32_usb_cdc_acm_read_serial(char *buf, size_t size)
{
    esp32_usb_cdc_acm_read_serial(&v1_port, buf, size);
}
