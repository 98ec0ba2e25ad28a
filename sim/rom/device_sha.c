/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The SHA accelerator as far as a boot needs it: SHA-256, one block at a time. Source: technical reference manuals,
 * chapter "SHA accelerator"; the algorithm: FIPS 180-4.
 */
#include <string.h>

#include "rom/code_state.h"
#include "state/model.h"

enum {
    START = 0x10, /* a first block, from the initial state */
    CONTINUE = 0x14,
    STATE = 0x40, /* eight words, big endian as bytes */
    TEXT = 0x80,
    WORDS = 16,
};

static const uint32_t INITIAL[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                    0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

static const uint32_t ROUNDS[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2};

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return value >> bits | value << (32 - bits);
}

static uint32_t swap(uint32_t value)
{
    return __builtin_bswap32(value);
}

static void add_block(uint32_t *state, const uint32_t *text)
{
    uint32_t w[64], s[8];
    for (unsigned i = 0; i < 64; i++) {
        if (i < WORDS) {
            w[i] = text[i];
            continue;
        }
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    memcpy(s, state, sizeof(s));
    for (unsigned i = 0; i < 64; i++) {
        uint32_t one = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
                       ((s[4] & s[5]) ^ (~s[4] & s[6])) + ROUNDS[i] + w[i];
        uint32_t two = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) +
                       ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof(s[0]));
        s[4] += one;
        s[0] = one + two;
    }
    for (unsigned i = 0; i < 8; i++) {
        state[i] += s[i];
    }
}

bool sim_code_sha_store(sim_code_t *code, uint32_t offset)
{
    uint32_t base = code->chip->sha, state[8], text[WORDS];
    if (offset != START && offset != CONTINUE) {
        return false;
    }
    for (unsigned i = 0; i < WORDS; i++) {
        text[i] = swap(sim_code_kept(code, base + TEXT + 4 * i));
    }
    for (unsigned i = 0; i < 8; i++) {
        state[i] = offset == START ? INITIAL[i] : swap(sim_code_kept(code, base + STATE + 4 * i));
    }
    add_block(state, text);
    for (unsigned i = 0; i < 8; i++) {
        sim_memory_write32(&code->sim->memory, base + STATE + 4 * i, swap(state[i]));
    }
    return true; /* the register reads 0, as does that which says whether it is busy */
}
