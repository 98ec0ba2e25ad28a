/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Booting from flash, as far as it can be judged without executing code: ROM checks the second-stage
 * bootloader, that one reads the partition table, selects an app and checks it. Everything is printed: what
 * the ROM itself would print as it is, all else in lines marked [sim].
 */
#ifndef SIM_BOOT_H
#define SIM_BOOT_H

#include "esp_sim.h"

/** Returns true when an application would run. */
bool sim_boot_from_flash(esp_sim_t *sim);

#endif
