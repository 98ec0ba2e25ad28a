/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIM_FLASH_POWER_H
#define SIM_FLASH_POWER_H

#include "chip/chip_table.h"
#include "esp_sim.h"

typedef struct {
    bool is_forced_twice; /**< the ROM has switched it on while it was on */
} sim_flash_power_state_t;

/** Brings the registers to what they are after a reset. */
void sim_flash_power_reset(esp_sim_t *sim, sim_reset_t cause);

/** Bits of its eFuse that the config wants burnt. */
uint32_t sim_flash_power_efuse(const esp_sim_t *sim);

/** The ROM starts its loader. */
void sim_flash_power_rom_starts(esp_sim_t *sim);

/** Does the flash have power? Without, attaching it fails; @p who is named in the misuse report. */
bool sim_flash_power_check(esp_sim_t *sim, const char *who);

#endif
