/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is burnt of a key that comes as a PEM file.
 */
#ifndef CLI_BURN_PEM_H
#define CLI_BURN_PEM_H

#include "efuse/burn_request.h"

/** Puts what is burnt in the place of a PEM file: the private number of ECDSA, or the digest of a public key, by the
 * purpose. Bytes that are not PEM stay as they are.
 *  @param is_digest  of burn-key-digest: it must be PEM
 *  @return NULL, or what is wrong with the file */
const char *burn_take_pem(burn_key_t *key, bool is_digest);

#endif
