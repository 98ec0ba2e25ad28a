/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ESP32-P4 v3.1 and v3.2 leave their flash without power, since boards may have one for 1.8 V; the board's
 * voltage is in the eFuses. v3.2 may be told by an eFuse to switch it on itself, and then fails when it does
 * so a second time, so its request is taken back. Source: esptool 5.6, ESP32-P4 target, power_on_flash.
 */
#include "target/power_up.h"

/* Offsets of the registers. */
enum {
    PAD_GROUP = 0x010C, /* LP system */
    LDO = 0x51B8, /* PMU: regulator of the flash; bit 7 ties it to its input, bits 30:23 are its target */
    LDO_ANALOG = 0x51BC, /* PMU: bit 27 limits the current */
    PMU_DATE = 0x53FC,   /* PMU: bits 1:0 force the flash on */
};

const eli_power_step_t eli_power_up_steps[ELI_POWER_UP_STEPS] =
    {
        {PMU_DATE, 0x3, 0, 0, 0},

        {PAD_GROUP, 0, 0, 1, 10}, {LDO_ANALOG, 0x1, 27, 1, 0}, {LDO, 0x1, 7, 1, 0},
        {PMU_DATE, 0x3, 0, 3, 1}, {LDO_ANALOG, 0x1, 27, 0, 0}, {LDO, 0xFF, 23, 0, 0},
        {LDO, 0x1, 7, 1, 0}, /* takes over the voltage from the eFuses */
        {LDO, 0x1, 7, 0, 2},
};
