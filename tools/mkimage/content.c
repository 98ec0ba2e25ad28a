/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Test image content. Firmware-like bytes are short made-up instructions with a skewed choice of opcodes and
 * operands, mixed with runs that repeat earlier code, which is what compilers produce.
 * Source of the generator: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
 * 2014).
 */
#include "content.h"

#include <string.h>

static uint64_t next_random(uint64_t *state)
{
    *state += 0x9E3779B97F4A7C15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

bool mkimage_fill_find(const char *name, mkimage_fill_t *out_fill)
{
    static const char *const NAMES[] = {"firmware", "random", "zero", "erased"};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        if (strcmp(NAMES[i], name) == 0) {
            *out_fill = (mkimage_fill_t)i;
            return true;
        }
    }
    return false;
}

static void fill_random(uint64_t seed, uint8_t *data, size_t size)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++) {
        if (i % 8 == 0) {
            word = next_random(&seed);
        }
        data[i] = (uint8_t)(word >> (8 * (i % 8)));
    }
}

/* The product of two uniform values is small more often than large: a cheap skewed choice. */
static uint8_t skewed(uint64_t random, unsigned limit)
{
    return (uint8_t)(((random & 0xFF) * ((random >> 8) & 0xFF) * limit) >> 16);
}

static void fill_firmware(uint64_t seed, uint8_t *data, size_t size)
{
    size_t i = 0;
    while (i < size) {
        uint64_t random = next_random(&seed);
        if (i > 256 && (random & 0xFF) < 22) {
            size_t run = 6 + (size_t)((random >> 8) & 0x1F);
            size_t window = i < 16384 ? i : 16384;
            size_t distance = 64 + (size_t)((random >> 16) % (window - 64));
            for (size_t k = 0; k < run && i < size; k++, i++) {
                data[i] = data[i - distance];
            }
            continue;
        }
        const uint8_t instruction[3] = {skewed(random >> 16, 96), (uint8_t)((random >> 32) & 0xF7),
                                        skewed(random >> 40, 200)};
        for (size_t k = 0; k < sizeof(instruction) && i < size; k++, i++) {
            data[i] = instruction[k];
        }
    }
}

void mkimage_fill(mkimage_fill_t fill, uint64_t seed, uint8_t *data, size_t size)
{
    switch (fill) {
    case MKIMAGE_FILL_FIRMWARE:
        fill_firmware(seed, data, size);
        break;
    case MKIMAGE_FILL_RANDOM:
        fill_random(seed, data, size);
        break;
    case MKIMAGE_FILL_ZERO:
        memset(data, 0x00, size);
        break;
    case MKIMAGE_FILL_ERASED:
        memset(data, 0xFF, size);
        break;
    }
}
