/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Codes that go with data into eFuses. Source: espefuse 5.6.
 */
#ifndef ELI_BURN_CODES_H
#define ELI_BURN_CODES_H

#include <stdint.h>

enum { ELI_CODED_WORDS = 8, ELI_CHECK_WORDS = 3, ELI_BUFFER_WORDS = 11, ELI_34_WORDS = 6 };

typedef enum { ELI_CODE_NONE, ELI_CODE_RS, ELI_CODE_34 } eli_code_t;

/** Reed-Solomon code of a block: 12 bytes for 32. */
void eli_burn_code_rs(const uint32_t data[ELI_CODED_WORDS], uint32_t out_check[ELI_CHECK_WORDS]);

/** What the controller gets for a block. Without a code, words beyond the eighth are in place of one.
 *  @param words  nine of them */
void eli_burn_encode(const uint32_t *words, eli_code_t code, uint32_t out[ELI_BUFFER_WORDS]);

/** CRC of a MAC address, six bytes. */
uint8_t eli_burn_code_mac(const uint8_t *mac);

#endif
