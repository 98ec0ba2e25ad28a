/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Clocks of the chips that come with more than one crystal: where the crystal can be measured, and what the
 * ROM takes it for when it sets a rate. Its own table, so that a program which neither changes the rate nor
 * asks for the crystal does not link it. Source: esptool 5.3, change_baud and get_crystal_freq of the target
 * classes.
 */
#include "target/target.h"

#define SELECTED(number) (ESP_LOADER_CHIPS & (1 << (number)))

static const eli_clock_t clocks[] = {
#if SELECTED(0)
    {.chip = ESP8266_CHIP, .uart_divider_addr = 0x60000014, .uart_factor = 2},
#endif
#if SELECTED(1)
    {.chip = ESP32_CHIP, .uart_divider_addr = 0x3FF40014, .uart_factor = 1, .calibration_addr = 0x3FF5F06C},
#endif
#if SELECTED(5)
    {.chip = ESP32C2_CHIP, .uart_divider_addr = 0x60000014, .uart_factor = 1, .rom_mhz = 40},
#endif
#if SELECTED(6)
    {.chip = ESP32C5_CHIP, .uart_divider_addr = 0x60000014, .uart_factor = 1, .rom_mhz_addr = 0x60096110},
#endif
    {.chip = ESP_UNKNOWN_CHIP}, /* a table has at least one row, whatever is selected */
};

const eli_clock_t *eli_clock_of(target_chip_t chip)
{
    for (size_t i = 0; i + 1 < sizeof(clocks) / sizeof(clocks[0]); i++) {
        if (clocks[i].chip == chip) {
            return &clocks[i];
        }
    }
    return NULL;
}
