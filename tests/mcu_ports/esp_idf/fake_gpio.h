/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The pins of the stand-in: what tests and the other parts of it see.
 */
#ifndef FAKE_GPIO_H
#define FAKE_GPIO_H

#include <stdbool.h>

#include "driver/gpio.h"

/** As after power-up: inputs whose outputs would be low. @p changed is called at each change of a pin. */
void fake_gpio_start(void (*changed)(void));

/** Level of the wire, which the target pulls up. */
bool fake_gpio_level(gpio_num_t pin);

bool fake_gpio_is_output(gpio_num_t pin);

/** Whether the pin is an output that drives its high level, too. */
bool fake_gpio_is_push_pull(gpio_num_t pin);

#endif
