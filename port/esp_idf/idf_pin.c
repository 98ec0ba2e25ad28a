/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The pins of idf_pin.h. Not by gpio_reset_pin(): it pulls up, which turns a transistor on, and that of ESP-IDF 4.4 aborts
 * where there is no such pin.
 */
#include "idf_pin.h"

#include "esp_err.h"

static esp_err_t configure(gpio_num_t pin, gpio_mode_t mode, bool is_pulled_up)
{
    const gpio_config_t config = {
        .pin_bit_mask = 1ull << (unsigned)pin,
        .mode = mode,
        .pull_up_en = is_pulled_up ? GPIO_PULLUP_ENABLE : GPIO_PULLUP_DISABLE,
        .pull_down_en = is_pulled_up ? GPIO_PULLDOWN_DISABLE : GPIO_PULLDOWN_ENABLE,
    };
    return gpio_config(&config);
}

esp_err_t idf_pin_output(gpio_num_t pin, uint32_t level, gpio_mode_t mode)
{
    if (pin < 0 || pin >= GPIO_NUM_MAX) {
        return ESP_ERR_INVALID_ARG;
    }
    const esp_err_t err = gpio_set_level(pin, level);
    return err == ESP_OK ? configure(pin, mode, level != 0) : err;
}

esp_err_t idf_pin_set_up(gpio_num_t pin, uint32_t active)
{
    return pin == GPIO_NUM_NC
               ? ESP_OK
               : idf_pin_output(pin, 1u - active, active == 0 ? GPIO_MODE_OUTPUT_OD : GPIO_MODE_OUTPUT);
}

bool idf_pin_drive(gpio_num_t pin, uint32_t active, bool is_active)
{
    return pin != GPIO_NUM_NC && gpio_set_level(pin, is_active ? active : 1u - active) == ESP_OK;
}

void idf_pin_release(gpio_num_t pin, uint32_t active)
{
    if (pin != GPIO_NUM_NC) {
        (void)configure(pin, GPIO_MODE_INPUT, active == 0);
    }
}
