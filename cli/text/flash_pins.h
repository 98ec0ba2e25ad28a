/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where a flash chip is connected, as users write it.
 */
#ifndef CLI_FLASH_PINS_H
#define CLI_FLASH_PINS_H

#include <stdbool.h>
#include <stdint.h>

/** Takes SPI, HSPI (in any case) or CLK,Q,D,HD,CS, five different GPIOs below 64.
 *  @param out_pins  for esp_loader_flash_set_pins(); set on success */
bool flash_pins_parse(const char *text, uint32_t *out_pins);

#endif
