/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256, one loop over a table: it runs once per executable image, so size counts more than speed.
 * Independent of the host's byte order. Source: FIPS 180-4.
 */
#include "digest/sha256.h"

#include <string.h>

#define BLOCK_SIZE 64u
#define LENGTH_OFF 56u /* offset of the message length in the last block */

/* First 32 bits of the fractional parts of the cube roots of the first 64 primes, FIPS 180-4 section 4.2.2.
 */
static const uint32_t roots[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* First 32 bits of the fractional parts of the square roots of the first eight primes, section 5.3.3. */
static const uint32_t start[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t rotate_right(uint32_t value, unsigned bits)
{
    return (value >> bits) | (value << (32 - bits));
}

/* Word i of the message schedule, which takes the place of word i - 16. */
static uint32_t schedule(const uint32_t w[16], unsigned i)
{
    uint32_t w2 = w[(i - 2) % 16];
    uint32_t w15 = w[(i - 15) % 16];
    uint32_t s0 = rotate_right(w15, 7) ^ rotate_right(w15, 18) ^ (w15 >> 3);
    uint32_t s1 = rotate_right(w2, 17) ^ rotate_right(w2, 19) ^ (w2 >> 10);

    return w[i % 16] + s0 + w[(i - 7) % 16] + s1;
}

/* Adds the block of 16 words @p w, which it uses up. */
static void add_block(uint32_t state[8], uint32_t w[16])
{
    uint32_t v[8]; /* a to h */

    memcpy(v, state, sizeof(v));
    for (unsigned i = 0; i < 64; i++) {
        if (i >= 16) {
            w[i % 16] = schedule(w, i);
        }
        uint32_t s1 = rotate_right(v[4], 6) ^ rotate_right(v[4], 11) ^ rotate_right(v[4], 25);
        uint32_t choice = v[6] ^ (v[4] & (v[5] ^ v[6]));
        uint32_t t1 = v[7] + s1 + choice + roots[i] + w[i % 16];
        uint32_t s0 = rotate_right(v[0], 2) ^ rotate_right(v[0], 13) ^ rotate_right(v[0], 22);
        uint32_t majority = (v[0] & v[1]) | (v[2] & (v[0] | v[1]));

        memmove(&v[1], &v[0], sizeof(v) - sizeof(v[0]));
        v[4] += t1;
        v[0] = t1 + s0 + majority;
    }
    for (unsigned i = 0; i < 8; i++) {
        state[i] += v[i];
    }
}

void eli_sha256_init(eli_sha256_t *sha)
{
    sha->size = 0;
    memcpy(sha->state, start, sizeof(start));
}

/* Shifts a byte into its message word from below: four of them make a big-endian word on any host. */
static void add_byte(eli_sha256_t *sha, uint32_t byte)
{
    uint32_t *word = &sha->block[sha->size / 4 % 16];

    *word = *word << 8 | byte;
    if (++sha->size % BLOCK_SIZE == 0) {
        add_block(sha->state, sha->block);
    }
}

void eli_sha256_update(eli_sha256_t *sha, const void *data, size_t size)
{
    for (const uint8_t *next = data; size > 0; size--) {
        add_byte(sha, *next++);
    }
}

void eli_sha256_finish(eli_sha256_t *sha, uint8_t out_digest[ELI_SHA256_SIZE])
{
    uint32_t size = sha->size;
    uint32_t padding = 0x80;

    do {
        add_byte(sha, padding);
        padding = 0;
    } while (sha->size % BLOCK_SIZE != LENGTH_OFF);
    sha->block[14] = size >> 29; /* in bits */
    sha->block[15] = size << 3;
    add_block(sha->state, sha->block);

    for (unsigned i = 0; i < ELI_SHA256_SIZE; i++) {
        out_digest[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
    }
}
