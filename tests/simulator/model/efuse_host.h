/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A host that burns eFuses by register writes, as the technical reference manuals have it.
 */
#ifndef SIM_MODEL_EFUSE_HOST_H
#define SIM_MODEL_EFUSE_HOST_H

#include "host.h"

typedef struct {
    const char *chip;
    uint32_t base;
    uint16_t conf, cmd;
    const uint16_t *blocks; /**< offsets of their first words; 0xFFFF ends */
    const uint16_t *writes; /**< the same of what is written; NULL = one buffer at the base for all */
    uint16_t timing[8][3];  /**< register, first bit, value of eight or sixteen bits; 0 ends */
} efuse_host_t;

const efuse_host_t *efuse_host(const char *chip);

/** A chip with nothing burnt, not even an identity, beside these bits. */
esp_sim_t *efuse_blank(const char *chip, uint32_t addr, uint32_t bits);

void efuse_set_timing(esp_sim_t *sim, const efuse_host_t *host);
/** Writes what a burn says ("0x0E 6=EFCDAA00 7=00030201 / C92CE963 27830A0E 6EAF2EA8": command, words, check words; with
 * buffers of their own "0x02 +98=1C1D1E1F"), after the buffers are cleared. */
void efuse_fill(esp_sim_t *sim, const efuse_host_t *host, const char *burn);
/** Opcode, command, and until it is idle. */
void efuse_command(esp_sim_t *sim, const efuse_host_t *host, uint32_t opcode, uint32_t command);
/** All of it: timing, words, the burn, and what is burnt read back. */
void efuse_burn(esp_sim_t *sim, const efuse_host_t *host, const char *burn);
/** Resets the chip into download mode: what is burnt is read. */
void efuse_reset(esp_sim_t *sim);
/** A word of a block as it is read now. */
uint32_t efuse_word(const esp_sim_t *sim, const efuse_host_t *host, size_t block, size_t word);

#endif
