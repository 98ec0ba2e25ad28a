/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port in the 1.x form: one static port object, attached to the one context of esp_loader_v1.h.
 */
#include "esp32_port.h"

#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"

static esp32_port_t v1_port;

esp_loader_error_t loader_port_esp32_init(const loader_esp32_config_t *config)
{
    if (config == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    esp_loader_v1_detach();
    v1_port = (esp32_port_t){
        .port.ops = &esp32_uart_ops,
        .baud_rate = config->baud_rate,
        .uart_port = config->uart_port,
        .uart_rx_pin = (gpio_num_t)config->uart_rx_pin,
        .uart_tx_pin = (gpio_num_t)config->uart_tx_pin,
        .reset_pin = (gpio_num_t)config->reset_trigger_pin,
        .boot_pin = (gpio_num_t)config->gpio0_trigger_pin,
        .rx_buffer_size = config->rx_buffer_size,
        .tx_buffer_size = config->tx_buffer_size,
        .queue_size = config->queue_size,
        .uart_queue = config->uart_queue,
        .dont_initialize_peripheral = config->dont_initialize_peripheral,
    };
    return esp_loader_v1_attach(&v1_port.port);
}

void loader_port_esp32_deinit(void)
{
    esp_loader_v1_detach();
}
