/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port in the 1.x form: one static port object, attached to the one context of esp_loader_v1.h.
 */
#include "stm32_port.h"

#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"

static stm32_port_t v1_port;

void loader_port_stm32_init(const loader_stm32_config_t *config)
{
    v1_port = (stm32_port_t){
        .port.ops = &stm32_uart_ops,
        .huart = config->huart,
        .port_boot = config->port_io0,
        .pin_num_boot = config->pin_num_io0,
        .port_rst = config->port_rst,
        .pin_num_rst = config->pin_num_rst,
    };
    (void)esp_loader_v1_attach(&v1_port.port);
}
