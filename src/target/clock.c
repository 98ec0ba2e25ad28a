/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Clocks of the chips that come with more than one crystal: where the crystal can be measured, and what the
 * ROM takes it for when it sets a rate. Its own table, so that a program which neither changes the rate nor
 * asks for the crystal does not link it. Source: esptool 5.3, change_baud and get_crystal_freq of the target
 * classes.
 */
#include "target/target.h"

#include "target/row.h"

static const eli_clock_t clocks[] = {
#if ELI_HAS_ESP8266
    {.chip = ESP8266_CHIP, .uart_divider_addr = 0x60000014, .uart_factor = 2},
#endif
#if ELI_HAS_ESP32
    {.chip = ESP32_CHIP, .uart_divider_addr = 0x3FF40014, .uart_factor = 1, .calibration_addr = 0x3FF5F06C},
#endif
#if ELI_HAS_ESP32C2
    {.chip = ESP32C2_CHIP, .uart_divider_addr = 0x60000014, .uart_factor = 1, .rom_mhz = 40},
#endif
#if ELI_HAS_ESP32C5
    {.chip = ESP32C5_CHIP, .uart_divider_addr = 0x60000014, .uart_factor = 1, .rom_mhz_addr = 0x60096110},
#endif
#if !(ELI_HAS_ESP8266 | ELI_HAS_ESP32 | ELI_HAS_ESP32C2 | ELI_HAS_ESP32C5)
    {.chip = UINT8_MAX}, /* a table has at least one row */
#endif
};

const eli_clock_t *eli_clock_of(target_chip_t chip)
{
    return ELI_ROW_OF(clocks, chip);
}
