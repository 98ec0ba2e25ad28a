/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port in the 1.x form: one static port object, attached to the one context of esp_loader_v1.h.
 */
#include "zephyr_port.h"

#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"

static esp_loader_config_t v1_config;
static zephyr_port_t v1_port;

esp_loader_error_t loader_port_zephyr_init(const loader_zephyr_config_t *config)
{
    esp_loader_v1_detach();
    v1_config = (esp_loader_config_t){
        .uart_dev = config->uart_dev, .enable_spec = config->enable_spec, .boot_spec = config->boot_spec};
    v1_port.port.ops = &zephyr_uart_ops;
    v1_port.config = &v1_config;
    return esp_loader_v1_attach(&v1_port.port);
}
