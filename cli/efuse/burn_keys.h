/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Staging keys by the names that espefuse has for blocks and purposes.
 */
#ifndef CLI_BURN_KEYS_H
#define CLI_BURN_KEYS_H

#include "efuse/burn_request.h"

/** Is it a block of the ESP32, whose name says what the key is for? */
bool burn_key_has_no_purpose(const char *block);

/** What is more often a mistake: a digest of a key that secure boot of this chip cannot verify with. NULL: none is.
 *  @param chip  as esp_loader_chip_name() has it */
const char *burn_key_hazard(const burn_request_t *request, const char *chip);

/** Stages one key; a purpose with two parts takes the next free block, too. As burn_stage(). */
cli_exit_t burn_stage_key(const burn_request_t *request, const burn_key_t *key,
                          const efuse_contents_t *contents, const esp_loader_efuse_state_t *state,
                          esp_loader_efuse_ctx_t *ctx, char sentence[BURN_SENTENCE_SIZE]);

#endif
