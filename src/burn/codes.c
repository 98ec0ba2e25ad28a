/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Codes that go with data into eFuses.
 */
#include "burn/codes.h"

#if defined(ESP_LOADER_EFUSE_BURN)

#include <string.h>

enum { CHECK_BYTES = 12, CHUNK_BYTES = 8, CHUNK_DATA_BYTES = 6 };

/* Product in the field of 256 elements with the polynomial 0x11D. */
static uint8_t product(uint8_t a, uint8_t b)
{
    uint8_t result = 0;
    for (; b != 0; b = (uint8_t)(b >> 1)) {
        result ^= (b & 1) != 0 ? a : 0;
        a = (uint8_t)(a << 1 ^ ((a & 0x80) != 0 ? 0x1D : 0));
    }
    return result;
}

static uint8_t byte_of(const uint32_t *words, unsigned i)
{
    return (uint8_t)(words[i / 4] >> 8 * (i % 4));
}

void eli_burn_code_rs(const uint32_t data[ELI_CODED_WORDS], uint32_t out_check[ELI_CHECK_WORDS])
{
    /* Coefficients of the product of (x - 2^i), i = 0 to 11, below that of x^12. */
    static const uint8_t generator[CHECK_BYTES] = {0x44, 0x77, 0x43, 0x76, 0xDC, 0x1F,
                                                   0x07, 0x54, 0x5C, 0x7F, 0xD5, 0x61};
    uint8_t rest[CHECK_BYTES + 1] = {0};
    memset(out_check, 0, ELI_CHECK_WORDS * sizeof(out_check[0]));
    for (unsigned i = 0; i < 4 * ELI_CODED_WORDS; i++) {
        const uint8_t factor = byte_of(data, i) ^ rest[0];
        for (unsigned k = 0; k < CHECK_BYTES; k++) {
            rest[k] = rest[k + 1] ^ product(factor, generator[k]);
        }
    }
    for (unsigned i = 0; i < CHECK_BYTES; i++) {
        out_check[i / 4] |= (uint32_t)rest[i] << 8 * (i % 4);
    }
}

/* Each six bytes get their XOR, and the sum of their bits, which count as often as the place of their byte. */
static void code_34(const uint32_t data[ELI_34_WORDS], uint32_t out[ELI_CODED_WORDS])
{
    memset(out, 0, ELI_CODED_WORDS * sizeof(out[0]));
    for (unsigned chunk = 0; chunk < 4; chunk++) {
        uint32_t checks = 0;
        for (unsigned i = 0; i < CHUNK_DATA_BYTES; i++) {
            const uint32_t byte = byte_of(data, CHUNK_DATA_BYTES * chunk + i);
            const unsigned at = CHUNK_BYTES * chunk + i;
            out[at / 4] |= byte << 8 * (at % 4);
            checks ^= byte;
            for (unsigned bit = 0; bit < 8; bit++) {
                checks += (byte >> bit & 1u) * (i + 1) << 8;
            }
        }
        out[2 * chunk + 1] |= checks << 16;
    }
}

void eli_burn_encode(const uint32_t *words, eli_code_t code, uint32_t out[ELI_BUFFER_WORDS])
{
    memset(out, 0, ELI_BUFFER_WORDS * sizeof(out[0]));
    if (code == ELI_CODE_34) {
        code_34(words, out);
        return;
    }
    memcpy(out, words, (ELI_CODED_WORDS + 1) * sizeof(out[0]));
    if (code == ELI_CODE_RS) {
        eli_burn_code_rs(words, &out[ELI_CODED_WORDS]);
    }
}

uint8_t eli_burn_code_mac(const uint8_t *mac)
{
    uint8_t crc = 0;
    for (unsigned i = 0; i < 6; i++) {
        crc ^= mac[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            crc = (uint8_t)(crc >> 1 ^ ((crc & 1) != 0 ? 0x8C : 0));
        }
    }
    return crc;
}

#endif
