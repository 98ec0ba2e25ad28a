/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port in the 1.x form: one static port object, attached to the one context of esp_loader_v1.h.
 */
#include "esp32_sdio_port.h"

#include <string.h>

#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"

static esp32_sdio_port_t v1_port;

static gpio_num_t pin_of(uint8_t pin)
{
    return pin == UINT8_MAX ? GPIO_NUM_NC : (gpio_num_t)pin;
}

esp_loader_error_t loader_port_esp32_sdio_init(const loader_esp32_sdio_config_t *config)
{
    if (config == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    esp_loader_v1_detach();
    memset(&v1_port, 0, sizeof(v1_port)); /* not a copy of more than 1 KB, on the stack */
    v1_port.port.ops = &esp32_sdio_ops;
    v1_port.slot = config->slot;
    v1_port.max_freq_khz = config->max_freq_khz;
    v1_port.sdio_clk_pin = pin_of(config->sdio_clk_pin);
    v1_port.sdio_d0_pin = pin_of(config->sdio_d0_pin);
    v1_port.sdio_d1_pin = pin_of(config->sdio_d1_pin);
    v1_port.sdio_d2_pin = pin_of(config->sdio_d2_pin);
    v1_port.sdio_d3_pin = pin_of(config->sdio_d3_pin);
    v1_port.sdio_cmd_pin = pin_of(config->sdio_cmd_pin);
    v1_port.reset_pin = pin_of(config->reset_trigger_pin);
    v1_port.boot_pin = pin_of(config->boot_pin);
    v1_port.dont_initialize_host_driver = config->dont_initialize_host_driver;
    v1_port.bus_width = config->bus_width;
    return esp_loader_v1_attach_with(&v1_port.port, esp_loader_init_sdio);
}

void loader_port_esp32_sdio_deinit(void)
{
    esp_loader_v1_detach();
}

esp_loader_error_t loader_port_esp32_sdio_wait_int(uint32_t timeout)
{
    return loader_port_wait_int(&v1_port, timeout);
}
