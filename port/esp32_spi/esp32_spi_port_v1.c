/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port in the 1.x form: one static port object, attached to the one context of esp_loader_v1.h.
 */
#include "esp32_spi_port.h"

#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"

static esp32_spi_port_t v1_port;

esp_loader_error_t loader_port_esp32_spi_init(const loader_esp32_spi_config_t *config)
{
    if (config == NULL) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    esp_loader_v1_detach();
    v1_port = (esp32_spi_port_t){
        .port.ops = &esp32_spi_ops,
        .spi_bus = config->spi_bus,
        .frequency = config->frequency,
        .spi_clk_pin = (gpio_num_t)config->spi_clk_pin,
        .spi_miso_pin = (gpio_num_t)config->spi_miso_pin,
        .spi_mosi_pin = (gpio_num_t)config->spi_mosi_pin,
        .spi_cs_pin = (gpio_num_t)config->spi_cs_pin,
        .spi_quadwp_pin = (gpio_num_t)config->spi_quadwp_pin,
        .spi_quadhd_pin = (gpio_num_t)config->spi_quadhd_pin,
        .reset_pin = (gpio_num_t)config->reset_trigger_pin,
        .strap_bit0_pin = (gpio_num_t)config->strap_bit0_pin,
        .strap_bit1_pin = (gpio_num_t)config->strap_bit1_pin,
        .strap_bit2_pin = (gpio_num_t)config->strap_bit2_pin,
        .strap_bit3_pin = (gpio_num_t)config->strap_bit3_pin,
        .dont_initialize_bus = config->dont_initialize_bus,
    };
    return esp_loader_v1_attach_with(&v1_port.port, esp_loader_init_spi);
}

void loader_port_esp32_spi_deinit(void)
{
    esp_loader_v1_detach();
}
