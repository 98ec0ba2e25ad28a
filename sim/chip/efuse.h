/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * eFuses beyond the chip's identity: bits that a config has burnt, flash encryption and secure boot.
 */
#ifndef SIM_EFUSE_H
#define SIM_EFUSE_H

#include "esp_sim.h"

enum { SIM_SECURITY_INFO_SIZE = 20, SIM_EFUSE_WORDS = 128 };

/** Checks what the config wants burnt, and reads its file; false with a sentence when the chip has no such
 * eFuses. */
bool sim_efuse_check(esp_sim_t *sim, char *error, size_t error_size);
/** Adds it to the eFuse words. */
void sim_efuse_reset(esp_sim_t *sim);
/** What GET_SECURITY_INFO answers, from the eFuses; a chip with the short form gets its beginning. */
void sim_efuse_security_info(const esp_sim_t *sim, uint8_t out[SIM_SECURITY_INFO_SIZE]);
/** With secure boot on, the ROMs of some chips do not jump into RAM. */
bool sim_efuse_forbids_jump(const esp_sim_t *sim);

#endif
