/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How pins behave. Rules are those of components/esp_driver_gpio/src/gpio.c of ESP-IDF 5.5, those of components/driver/gpio.c
 * of 4.4 where they are stricter.
 */
#include "fake_gpio.h"

#include <string.h>

#include "test.h"

static struct {
    uint32_t latch;
    bool is_output;
    bool is_open_drain;
    bool is_pulled_down;
} pins[GPIO_NUM_MAX];

static void (*on_change)(void);

void fake_gpio_start(void (*changed)(void))
{
    memset(pins, 0, sizeof(pins));
    on_change = changed;
}

bool fake_gpio_level(gpio_num_t pin)
{
    return pins[pin].is_output ? pins[pin].latch != 0 : !pins[pin].is_pulled_down;
}

bool fake_gpio_is_output(gpio_num_t pin)
{
    return pins[pin].is_output;
}

bool fake_gpio_is_push_pull(gpio_num_t pin)
{
    return pins[pin].is_output && !pins[pin].is_open_drain;
}

/* 4.4 shifts by the number before it looks at it. */
esp_err_t gpio_set_level(gpio_num_t gpio_num, uint32_t level)
{
    assert_in_range(gpio_num, 0, GPIO_NUM_MAX - 1);
    pins[gpio_num].latch = level;
    on_change();
    return ESP_OK;
}

/* One pin after the other: open drain, output, then its pulls. What the output drives stays. */
esp_err_t gpio_config(const gpio_config_t *pGPIOConfig)
{
    if (pGPIOConfig->pin_bit_mask == 0 || pGPIOConfig->pin_bit_mask >> GPIO_NUM_MAX != 0) {
        return ESP_ERR_INVALID_ARG;
    }
    for (gpio_num_t pin = 0; pin < GPIO_NUM_MAX; pin++) {
        if ((pGPIOConfig->pin_bit_mask >> pin & 1) == 0) {
            continue;
        }
        pins[pin].is_open_drain = pGPIOConfig->mode == GPIO_MODE_OUTPUT_OD;
        pins[pin].is_output = pins[pin].is_open_drain || pGPIOConfig->mode == GPIO_MODE_OUTPUT;
        on_change();
        pins[pin].is_pulled_down = pGPIOConfig->pull_down_en == GPIO_PULLDOWN_ENABLE;
        assert_int_not_equal(pGPIOConfig->pull_down_en, pGPIOConfig->pull_up_en);
        on_change();
    }
    return ESP_OK;
}
