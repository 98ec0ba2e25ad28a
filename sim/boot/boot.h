/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Booting from flash, as far as it can be judged without executing code: the ROM loads the second-stage
 * bootloader, that one reads the partition table, selects an app and checks it. Everything is printed: what
 * the ROM and the bootloader themselves would print as it is, all else in lines marked [sim].
 */
#ifndef SIM_BOOT_H
#define SIM_BOOT_H

#include "boot/image.h"

/** Returns true when an application would run. */
bool sim_boot_from_flash(esp_sim_t *sim);
/** The part of it that follows the ROM on an ESP8266 whose @p bootloader finds no partition table: SDK
 * bootloaders, Arduino's eboot, rBoot, or none. */
bool sim_boot_without_table(esp_sim_t *sim, const sim_image_t *bootloader);

#endif
