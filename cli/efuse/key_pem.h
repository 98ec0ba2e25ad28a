/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keys in PEM files, as OpenSSL and espsecure write them: private and public ones of ECDSA (P-192, P-256, P-384) and of
 * RSA with 3072 bits. Not encrypted ones. Sources: RFC 7468, 5915, 5958, 8017; X.690 for DER.
 */
#ifndef CLI_KEY_PEM_H
#define CLI_KEY_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PEM_EC_SIZE = 48, PEM_RSA_SIZE = 384 };

/** Numbers have their highest byte first. Holds a private number: wipe_bytes() at its end. */
typedef struct {
    bool is_rsa;
    size_t size; /**< of a number of ECDSA: 24, 32 or 48 bytes */
    bool is_private;
    bool has_point;                      /**< some private keys come without their public one */
    uint8_t private_number[PEM_EC_SIZE]; /**< of ECDSA only */
    uint8_t x[PEM_EC_SIZE], y[PEM_EC_SIZE];
    uint8_t modulus[PEM_RSA_SIZE];
    uint32_t exponent;
} pem_key_t;

/** Does a file look like PEM? */
bool pem_is(const uint8_t *file, size_t size);

/** Reads the first key of a file. NULL, or why there is none. */
const char *pem_read(pem_key_t *key, const uint8_t *file, size_t size);

#endif
