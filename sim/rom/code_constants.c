/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Registers of which every read gives some bits a fixed value, because the code waits for it or computes with it; and why.
 */
#include <string.h>

#include "rom/code_chip.h"

static const sim_code_constant_t CONSTANTS[] = {
    {"esp32c3", 0x600C4028, 0x2, 0, "cache: synchronisation is done"},
    {"esp32c3", 0x600C4034, 0x2, 0, "cache: preload is done"},
    {"esp32c3", 0x600C4040, 0x8, 0, "cache: autoload is done"},
    {"esp32s31", 0x2038A090, 0xA, 0, "UART0: the FIFO's asynchronous halves are empty"},
    {"esp32s31", 0x2038A098, 0, 0x1, "UART0: the update has reached the other clock domain"},
    {"esp32s31", 0x20500178, 1u << 31, 0, "SPI0: idle"},
    {"esp32s31", 0x20587014, 0, 1u << 0, "clocks: the new divider is in use"},
    {"esp32c2", 0x600C4028, 0x2, 0, "cache: synchronisation is done"},
    {"esp32c2", 0x600C4034, 0x2, 0, "cache: preload is done"},
    {"esp32c2", 0x600C4040, 0x8, 0, "cache: autoload is done"},
    {"esp32c6", 0x60000090, 0xA, 0, "UART0: the FIFO's asynchronous halves are empty"},
    {"esp32h2", 0x60000090, 0xA, 0, "UART0: the FIFO's asynchronous halves are empty"},
    {"esp32c5", 0x60000090, 0xA, 0, "UART0: the FIFO's asynchronous halves are empty"},
    {"esp32c61", 0x60000090, 0xA, 0, "UART0: the FIFO's asynchronous halves are empty"},
    {"esp32c6", 0x60000098, 0, 0x1, "UART0: the update has reached the other clock domain"},
    {"esp32h2", 0x60000098, 0, 0x1, "UART0: the update has reached the other clock domain"},
    {"esp32c5", 0x60000098, 0, 0x1, "UART0: the update has reached the other clock domain"},
    {"esp32c61", 0x60000098, 0, 0x1, "UART0: the update has reached the other clock domain"},
    {"esp32p4", 0x500CA090, 0xA, 0, "UART0: the FIFO's asynchronous halves are empty"},
    {"esp32p4", 0x500CA098, 0, 0x1, "UART0: the update has reached the other clock domain"},
    {"esp32c6", 0x60002170, 1u << 31, 0, "SPI0: idle"},
    {"esp32h2", 0x60002170, 1u << 31, 0, "SPI0: idle"},
    {"esp32c5", 0x60002178, 1u << 31, 0, "SPI0: idle"},
    {"esp32c61", 0x60002178, 1u << 31, 0, "SPI0: idle"},
    {"esp32p4", 0x5008C178, 1u << 31, 0, "SPI0: idle"},
    {"esp32h2", 0x60096000, 1u << 2, 0, "clocks: UART0 is ready"},
    {"esp32c5", 0x60096000, 1u << 2, 0, "clocks: UART0 is ready"},
    {"esp32c61", 0x60096000, 1u << 2, 0, "clocks: UART0 is ready"},
    {"esp32h2", 0x60096018, 1u << 5, 0, "clocks: the flash controller is ready"},
    {"esp32c5", 0x60096018, 1u << 3, 0, "clocks: the flash controller is ready"},
    {"esp32c61", 0x60096024, 1u << 3, 0, "clocks: the flash controller is ready"},
    {"esp32h2", 0x600960BC, 1u << 2, 0, "clocks: SPI2 is ready"},
    {"esp32h2", 0x600960C8, 1u << 2, 0, "clocks: the SHA accelerator is ready"},
    {"esp32c5", 0x600960D0, 1u << 2, 0, "clocks: the SHA accelerator is ready"},
    {"esp32c61", 0x600960A0, 1u << 2, 0, "clocks: the SHA accelerator is ready"},
    {"esp32p4", 0x500E6004, 0, 1u << 4, "clocks: the new divider is in use"},
    {"esp32c6", 0x600C8134, 1u << 1, 0, "cache: nothing is loaded ahead"},
    {"esp32h2", 0x600C8134, 1u << 1, 0, "cache: nothing is loaded ahead"},
    {"esp32c5", 0x600C8130, 1u << 1, 0, "cache: nothing is loaded ahead"},
    {"esp32c61", 0x600C8130, 1u << 1, 0, "cache: nothing is loaded ahead"},
    {"esp32c6", 0x600C80D8, 1u << 1, 0, "cache: nothing is loaded before"},
    {"esp32h2", 0x600C80D8, 1u << 1, 0, "cache: nothing is loaded before"},
    {"esp32c5", 0x600C80D4, 1u << 1, 0, "cache: nothing is loaded before"},
    {"esp32c61", 0x600C80D4, 1u << 1, 0, "cache: nothing is loaded before"},
    {"esp32p4", 0x3FF102B4, 1u << 1, 0, "cache: nothing is loaded ahead"},
    {"esp32p4", 0x3FF102A8, 1u << 1, 0, "cache: nothing is loaded before"},
    {"esp32p4", 0x3FF10088, 1u << 2, 0, "cache: nothing is locked"},
    {"esp32c6", 0x600C8098, 1u << 4, 0, "cache: synchronisation is done"},
    {"esp32h2", 0x600C8098, 1u << 4, 0, "cache: synchronisation is done"},
    {"esp32c5", 0x600C8094, 1u << 4, 0, "cache: synchronisation is done"},
    {"esp32c61", 0x600C8094, 1u << 4, 0, "cache: synchronisation is done"},
    {"esp32p4", 0x3FF10098, 1u << 4, 0, "cache: synchronisation is done"},
    {"esp32c3", 0x600C0058, 40u << 12, 0x57u << 12, "clocks: the crystal has 40 MHz"},
    {"esp32c2", 0x600C0058, 40u << 12, 0x57u << 12, "clocks: the crystal has 40 MHz"},
    {"esp32c2", 0x6001F068, 1u << 15, 0, "timer group: the clock has been measured"},
    {"esp32c2", 0x6001F06C, 5851u << 7, 0x1FFFFFFu << 7 & ~(5851u << 7),
     "timer group: 40 MHz by ten periods of 17.5 MHz / 256, as the stub computes it"},
    {"esp32c6", 0x60096110, 40u << 24, 0x57u << 24, "clocks: the crystal has 40 MHz"},
    {"esp32c61", 0x600960E8, 40u << 24, 0x57u << 24, "clocks: the crystal has 40 MHz"},
    {"esp32h2", 0x6009610C, 32u << 24, 0x5Fu << 24, "clocks: the crystal has 32 MHz"},
    {"esp32", 0x3FF5803C, 1u << 31, 0, "SDIO slave: the link is stopped"},
    {"esp32", 0x3FF58040, 1u << 31, 0, "SDIO slave: the link is stopped"},
    {"esp32s2", 0x3F4C008C, 40u << 12, 0x57u << 12, "clocks: the crystal has 40 MHz"},
    {"esp32s3", 0x600C0060, 40u << 12, 0x57u << 12, "clocks: the crystal has 40 MHz"},
    {"esp32s3", 0x6000E040, 1u << 24, 0, "analog parts: the PLL is calibrated"},
};

const sim_code_constant_t *sim_code_constant_next(const char *chip, const sim_code_constant_t *after)
{
    const sim_code_constant_t *end = CONSTANTS + sizeof(CONSTANTS) / sizeof(CONSTANTS[0]);
    for (const sim_code_constant_t *row = after == NULL ? CONSTANTS : after + 1; row < end; row++) {
        if (strcmp(row->chip, chip) == 0) {
            return row;
        }
    }
    return NULL;
}
