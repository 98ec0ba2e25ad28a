/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for Zephyr's drivers/gpio.h (3.4).
 */
#ifndef ZEPHYR_DRIVERS_GPIO_H
#define ZEPHYR_DRIVERS_GPIO_H

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/device.h>

typedef uint32_t gpio_flags_t;
struct gpio_dt_spec {
    const struct device *port;
    uint8_t pin;
    uint16_t dt_flags;
};
#define GPIO_ACTIVE_LOW      1u
#define GPIO_OUTPUT_INACTIVE 0x60000u
extern const struct device fake_gpio;
#define GPIO_DT_SPEC_INST_GET(inst, property) FAKE_SPEC_##property
#define FAKE_SPEC_reset_gpios                                                                                \
    {                                                                                                        \
        .port = &fake_gpio, .pin = 0, .dt_flags = GPIO_ACTIVE_LOW                                            \
    }
#define FAKE_SPEC_boot_gpios                                                                                 \
    {                                                                                                        \
        .port = &fake_gpio, .pin = 1, .dt_flags = GPIO_ACTIVE_LOW                                            \
    }
bool gpio_is_ready_dt(const struct gpio_dt_spec *spec);
int gpio_pin_configure_dt(const struct gpio_dt_spec *spec, gpio_flags_t extra_flags);
int gpio_pin_set_dt(const struct gpio_dt_spec *spec, int value);

#endif
