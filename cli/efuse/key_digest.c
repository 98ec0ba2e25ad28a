/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source: ESP-IDF, Secure Boot V2, signature block format. Its numbers have their lowest byte first; those of RSA are
 * followed by what the accelerator needs for Montgomery's multiplication.
 */
#include "efuse/key_digest.h"

#include <string.h>

#include "digest/sha256.h"

_Static_assert(ELI_SHA256_SIZE == KEY_DIGEST_SIZE, "what is burnt");

enum { RSA_WORDS = PEM_RSA_SIZE / 4, CURVE_P192 = 1, CURVE_P256 = 2, CURVE_P384 = 3 };

static void add_u32(eli_sha256_t *sha, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                             (uint8_t)(value >> 24)};

    eli_sha256_update(sha, bytes, sizeof(bytes));
}

static void add_words(eli_sha256_t *sha, const uint32_t words[RSA_WORDS])
{
    for (size_t i = 0; i < RSA_WORDS; i++) {
        add_u32(sha, words[i]);
    }
}

static void load_words(uint32_t words[RSA_WORDS], const uint8_t bytes[PEM_RSA_SIZE])
{
    for (size_t i = 0; i < RSA_WORDS; i++) {
        const uint8_t *at = bytes + PEM_RSA_SIZE - 4 * (i + 1);
        words[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    }
}

static bool is_below(const uint32_t a[RSA_WORDS], const uint32_t b[RSA_WORDS])
{
    for (size_t i = RSA_WORDS; i-- > 0;) {
        if (a[i] != b[i]) {
            return a[i] < b[i];
        }
    }
    return false;
}

static void subtract(uint32_t a[RSA_WORDS], const uint32_t b[RSA_WORDS])
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < RSA_WORDS; i++) {
        const uint64_t difference = (uint64_t)a[i] - b[i] - borrow;
        a[i] = (uint32_t)difference;
        borrow = difference >> 63;
    }
}

/** a = 2 a mod n, for a < n. */
static void double_modulo(uint32_t a[RSA_WORDS], const uint32_t n[RSA_WORDS])
{
    uint32_t carry = 0;

    for (size_t i = 0; i < RSA_WORDS; i++) {
        const uint32_t next = a[i] >> 31;
        a[i] = a[i] << 1 | carry;
        carry = next;
    }
    if (carry != 0 || !is_below(a, n)) {
        subtract(a, n);
    }
}

/** -1 / n modulo 2 to the 32, for odd n. */
static uint32_t negative_inverse(uint32_t n)
{
    uint32_t inverse = n; /* right in three bits; each pass doubles them */

    for (unsigned i = 0; i < 4; i++) {
        inverse *= 2 - n * inverse;
    }
    return 0u - inverse;
}

static void add_rsa(eli_sha256_t *sha, const pem_key_t *key)
{
    uint32_t n[RSA_WORDS];
    uint32_t r[RSA_WORDS] = {1};

    load_words(n, key->modulus);
    for (unsigned bit = 0; bit < 2 * 8 * PEM_RSA_SIZE; bit++) { /* R is 2 to the number of bits */
        double_modulo(r, n);
    }
    add_words(sha, n);
    add_u32(sha, key->exponent);
    add_words(sha, r);
    add_u32(sha, negative_inverse(n[0]));
}

static void add_reversed(eli_sha256_t *sha, const uint8_t *number, size_t size)
{
    while (size-- > 0) {
        eli_sha256_update(sha, number + size, 1);
    }
}

static void add_point(eli_sha256_t *sha, const pem_key_t *key)
{
    static const uint8_t zeros[16];
    const uint8_t curve = key->size == 24 ? CURVE_P192 : key->size == 32 ? CURVE_P256 : CURVE_P384;

    eli_sha256_update(sha, &curve, 1);
    add_reversed(sha, key->x, key->size);
    add_reversed(sha, key->y, key->size);
    if (curve == CURVE_P192) { /* has the room of P-256 */
        eli_sha256_update(sha, zeros, sizeof(zeros));
    }
}

void key_digest(const pem_key_t *key, uint8_t digest[KEY_DIGEST_SIZE])
{
    eli_sha256_t sha;

    eli_sha256_init(&sha);
    if (key->is_rsa) {
        add_rsa(&sha, key);
    } else {
        add_point(&sha, key);
    }
    eli_sha256_finish(&sha, digest);
}
