/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The digest of a public key that secure boot V2 compares with eFuses.
 */
#ifndef CLI_KEY_DIGEST_H
#define CLI_KEY_DIGEST_H

#include "efuse/key_pem.h"

enum { KEY_DIGEST_SIZE = 32 };

/** SHA-256 of the key as it is in a signature block.
 *  @param key  with its public part */
void key_digest(const pem_key_t *key, uint8_t digest[KEY_DIGEST_SIZE]);

#endif
