/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * MD5 in two forms with one interface: a loop for each round, which a compiler unrolls when it is told to (the
 * command-line tool does), and, with ESP_LOADER_SMALL defined, one loop over tables for hosts that count bytes
 * of code. Neither depends on byte order or alignment. Source: RFC 1321.
 */
#include "esp_loader_md5.h"

#include "common/bytes.h"

#define BLOCK_SIZE 64u
#define LENGTH_OFF 56u /* offset of the message length in the last block */

static inline uint32_t rotate_right(uint32_t value, unsigned bits)
{
    return (value >> bits) | (value << (32 - bits));
}

static inline uint32_t mix_1(uint32_t b, uint32_t c, uint32_t d)
{
    return d ^ (b & (c ^ d));
}

static inline uint32_t mix_2(uint32_t b, uint32_t c, uint32_t d)
{
    return mix_1(d, b, c);
}

static inline uint32_t mix_3(uint32_t b, uint32_t c, uint32_t d)
{
    return b ^ c ^ d;
}

static inline uint32_t mix_4(uint32_t b, uint32_t c, uint32_t d)
{
    return c ^ (b | ~d);
}

/* floor(2^32 * |sin(i + 1)|), RFC 1321 section 3.4. */
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

#ifdef ESP_LOADER_SMALL

/* Per round: message word of its first step, distance to that of the next step, rotations of four steps in
 * turn (to the right, so 32 minus the numbers of the RFC). */
static const uint8_t rounds[4][6] = {
    {0, 1, 25, 20, 15, 10},
    {1, 5, 27, 23, 18, 12},
    {5, 3, 28, 21, 16, 9},
    {0, 7, 26, 22, 17, 11},
};

static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
    switch (round) {
    case 0:
        return mix_1(b, c, d);
    case 1:
        return mix_2(b, c, d);
    case 2:
        return mix_3(b, c, d);
    default:
        return mix_4(b, c, d);
    }
}

#else

/* One step: message word, sine constant, rotation. */
#define STEP(mix, a, b, c, d, word, sine, rotation)                                                          \
    do {                                                                                                     \
        (a) += words[(word) % 16] + (sine) + mix(b, c, d);                                                   \
        (a) = rotate_right(a, 32 - (rotation)) + (b);                                                        \
    } while (0)

/* Sixteen steps, in fours after which a, b, c, d are in their old places; @p first and @p stride are the order of the
 * message words. */
#define ROUND(round, mix, first, stride, r0, r1, r2, r3)                                                     \
    for (unsigned i = 0, word = first; i < 16; i += 4, word += 4 * (stride)) {                               \
        const uint32_t *sine = &sines[16 * (round) + i];                                                     \
        STEP(mix, a, b, c, d, word, sine[0], r0);                                                            \
        STEP(mix, d, a, b, c, word + (stride), sine[1], r1);                                                 \
        STEP(mix, c, d, a, b, word + 2 * (stride), sine[2], r2);                                             \
        STEP(mix, b, c, d, a, word + 3 * (stride), sine[3], r3);                                             \
    }

#endif

static void add_block(uint32_t state[4], const uint32_t words[16])
{
    uint32_t a = state[0];
    uint32_t b = state[1];
    uint32_t c = state[2];
    uint32_t d = state[3];

#ifdef ESP_LOADER_SMALL
    for (unsigned i = 0; i < 64; i++) {
        const uint8_t *round = rounds[i / 16];
        a += mix(i / 16, b, c, d) + sines[i];
        a += words[(round[0] + i * round[1]) % 16];
        uint32_t sum = b + rotate_right(a, round[2 + i % 4]);
        a = d;
        d = c;
        c = b;
        b = sum;
    }
#else
    ROUND(0, mix_1, 0, 1, 7, 12, 17, 22)
    ROUND(1, mix_2, 1, 5, 5, 9, 14, 20)
    ROUND(2, mix_3, 5, 3, 4, 11, 16, 23)
    ROUND(3, mix_4, 0, 7, 6, 10, 15, 21)
#endif
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void esp_loader_md5_init(esp_loader_md5_t *md5)
{
    md5->_size = 0;
    md5->_state[0] = 0x67452301;
    md5->_state[1] = 0xefcdab89;
    md5->_state[2] = ~md5->_state[0];
    md5->_state[3] = ~md5->_state[1];
}

/* Shifts a byte into its message word from the top: four of them make a little-endian word on any host. */
static void add_byte(esp_loader_md5_t *md5, uint32_t byte)
{
    uint32_t *word = &md5->_block[md5->_size / 4 % 16];

    *word = *word >> 8 | byte << 24;
    if (++md5->_size % BLOCK_SIZE == 0) {
        add_block(md5->_state, md5->_block);
    }
}

void esp_loader_md5_update(esp_loader_md5_t *md5, const void *data, size_t size)
{
    const uint8_t *next = data;

#ifndef ESP_LOADER_SMALL /* whole blocks at once */
    for (; size > 0 && md5->_size % BLOCK_SIZE != 0; size--) {
        add_byte(md5, *next++);
    }
    for (; size >= BLOCK_SIZE; size -= BLOCK_SIZE) {
        for (unsigned i = 0; i < 16; i++, next += 4) {
            md5->_block[i] = eli_get_u32(next);
        }
        add_block(md5->_state, md5->_block);
        md5->_size += BLOCK_SIZE;
    }
#endif
    for (; size > 0; size--) {
        add_byte(md5, *next++);
    }
}

void esp_loader_md5_finish(esp_loader_md5_t *md5, uint8_t out_digest[ESP_LOADER_MD5_SIZE])
{
    uint32_t size = md5->_size;
    uint32_t padding = 0x80;

    do {
        add_byte(md5, padding);
        padding = 0;
    } while (md5->_size % BLOCK_SIZE != LENGTH_OFF);
    md5->_block[14] = size << 3; /* in bits */
    md5->_block[15] = size >> 29;
    add_block(md5->_state, md5->_block);

    for (unsigned i = 0; i < 4; i++) {
        eli_put_u32(out_digest + 4 * i, md5->_state[i]);
    }
}
