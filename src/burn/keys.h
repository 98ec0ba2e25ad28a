/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What keys are for.
 */
#ifndef ELI_BURN_KEYS_H
#define ELI_BURN_KEYS_H

#include "burn/chips.h"

/** The code in @p block0 of key number @p key. */
unsigned eli_purpose_of(const eli_burn_chip_t *chip, const uint32_t *block0, unsigned key);

/** Secure boot reads these keys. */
static inline bool eli_is_boot_digest(unsigned code)
{
    return code >= 9 && code <= 11;
}

#endif
