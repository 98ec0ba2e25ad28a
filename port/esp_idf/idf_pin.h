/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Pins at the target's EN and strapping pins, for the ports of ESP-IDF's drivers. GPIO_NUM_NC is one that is not connected;
 * `active` is the level that resets, or that starts the ROM loader.
 */
#ifndef IDF_PIN_H
#define IDF_PIN_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/gpio.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef SERIAL_FLASHER_RESET_INVERT
#define IDF_RESET_ACTIVE 1u
#else
#define IDF_RESET_ACTIVE 0u
#endif
#ifdef SERIAL_FLASHER_BOOT_INVERT
#define IDF_BOOT_ACTIVE 1u
#else
#define IDF_BOOT_ACTIVE 0u
#endif

/** Makes @p pin an output of @p level from its first moment on: after power-up the driver's level is low.
 *  @return ESP_ERR_INVALID_ARG  there is no such output; otherwise as the GPIO driver */
esp_err_t idf_pin_output(gpio_num_t pin, uint32_t level, gpio_mode_t mode);

/** Makes @p pin one that is not active. Open drain where active is low, because EN has a button and perhaps another master;
 * a transistor needs both levels. Errors as above. */
esp_err_t idf_pin_set_up(gpio_num_t pin, uint32_t active);

/** Drives it; false if there is none. */
bool idf_pin_drive(gpio_num_t pin, uint32_t active, bool is_active);

/** Makes it an input, pulled to where it is not active: the target runs. */
void idf_pin_release(gpio_num_t pin, uint32_t active);

#ifdef __cplusplus
}
#endif

#endif
