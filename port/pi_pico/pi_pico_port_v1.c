/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port in the 1.x form: one static port object, attached to the one context of esp_loader_v1.h.
 */
#include "pi_pico_port.h"

#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"

static pi_pico_port_t v1_port;

esp_loader_error_t loader_port_pi_pico_init(const loader_pi_pico_config_t *config)
{
    if (config == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    esp_loader_v1_detach();
    v1_port = (pi_pico_port_t){
        .port.ops = &pi_pico_uart_ops,
        .uart_inst = config->uart_inst,
        .baudrate = config->baudrate,
        .uart_rx_pin_num = config->uart_rx_pin_num,
        .uart_tx_pin_num = config->uart_tx_pin_num,
        .reset_pin_num = config->reset_trigger_pin_num,
        .boot_pin_num = config->boot_pin_num,
        .dont_initialize_peripheral = config->dont_initialize_peripheral,
    };
    return esp_loader_v1_attach(&v1_port.port);
}

void loader_port_pi_pico_deinit(void)
{
    esp_loader_v1_detach();
}
