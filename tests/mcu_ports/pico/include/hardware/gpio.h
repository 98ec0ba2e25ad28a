/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for pico-sdk's hardware/gpio.h (2.2.0).
 */
#ifndef HARDWARE_GPIO_H
#define HARDWARE_GPIO_H

#include <stdbool.h>

#define GPIO_OUT 1
#define GPIO_IN  0
typedef enum { GPIO_FUNC_UART = 2, GPIO_FUNC_SIO = 5 } gpio_function_t;
void gpio_init(unsigned int gpio);
void gpio_put(unsigned int gpio, bool value);
void gpio_set_dir(unsigned int gpio, bool out);
void gpio_pull_up(unsigned int gpio);
void gpio_set_function(unsigned int gpio, gpio_function_t fn);

#endif
