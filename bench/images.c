/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Contents from fixed seeds. Source of the generator: xorshift32, Marsaglia, "Xorshift RNGs", 2003.
 */
#include "images.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { SECTOR = 4096, SHIFT = 16 };

static uint32_t next_random(uint32_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 17;
    *x ^= *x << 5;
    return *x;
}

static void fill_random(uint32_t seed, uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        data[i] = (uint8_t)(next_random(&seed) >> 24);
    }
}

/* Made-up instructions of three bytes, opcodes and operands skewed to small values, with stretches that
 * repeat earlier code. */
static void fill_firmware(uint8_t *data, size_t size)
{
    uint32_t seed = 0x5EED5EEDu;
    for (size_t i = 0; i < size;) {
        uint32_t r = next_random(&seed);
        size_t run = 3;
        if (i > SECTOR && r % 100 < 11) {
            run = 6 + (r >> 8) % 26;
            const uint8_t *from = data + i - 64 - (r >> 16) % (SECTOR - 64);
            for (size_t k = 0; k < run && i < size; k++) {
                data[i++] = *from++;
            }
            continue;
        }
        uint32_t operand = next_random(&seed);
        const uint8_t instruction[3] = {(uint8_t)(((r & 0xFF) * (r >> 8 & 0xFF) * 96) >> 16),
                                        (uint8_t)operand,
                                        (uint8_t)(((operand >> 8 & 0xFF) * (operand >> 16 & 0xFF)) >> 8)};
        for (size_t k = 0; k < run && i < size; k++) {
            data[i++] = instruction[k];
        }
    }
}

/* Less than a loader programs at a time: the floor is that of one image. */
#define NEAR_GAP 24u

size_t image_parts(image_kind_t kind, uint32_t size, image_part_t parts[IMAGE_MAX_PARTS])
{
    static const image_part_t SET[] = {{0, 20480}, {0x8000, 3072}, {0x10000, IMAGE_SET_SIZE - 0x10000}};
    if (kind == IMAGE_SET) {
        memcpy(parts, SET, sizeof(SET));
        return sizeof(SET) / sizeof(SET[0]);
    }
    const size_t count = image_is_cut(kind) ? IMAGE_MAX_PARTS : 1;
    for (size_t i = 0; i < count; i++) {
        const uint32_t piece = size / (uint32_t)count;
        parts[i] = (image_part_t){(uint32_t)i * piece, kind == IMAGE_NEAR ? piece - NEAR_GAP : piece};
    }
    return count;
}

void image_fill(image_kind_t kind, uint8_t *data, size_t size)
{
    if (kind == IMAGE_RANDOM || image_is_cut(kind)) {
        fill_random(0x12345678u, data, size);
    } else {
        fill_firmware(data, size);
    }
}

/* Three sectors of 256, far apart. */
static void edit(uint8_t *image, size_t size)
{
    size_t sectors = size / SECTOR;
    size_t count = (sectors + 99) / 100;
    for (size_t i = 0; i < count; i++) {
        size_t sector = (2 * i + 1) * sectors / (2 * count);
        for (size_t k = 1000; k < 1300; k++) {
            image[sector * SECTOR + k] ^= 0x5A;
        }
    }
}

void flash_fill(flash_kind_t kind, const uint8_t *image, size_t size, uint8_t *flash, size_t flash_size,
                uint32_t offset)
{
    if (kind == FLASH_BLANK) {
        memset(flash, 0xFF, flash_size);
        return;
    }
    fill_random(0x9E3779B9u, flash, flash_size);
    if (kind == FLASH_SAME || kind == FLASH_EDITED) {
        memcpy(flash + offset, image, size);
    }
    if (kind == FLASH_EDITED) {
        edit(flash + offset, size);
    }
    if (kind == FLASH_SHIFTED) {
        memcpy(flash + offset + SHIFT, image, size);
    }
}

uint8_t *image_deflate(const uint8_t *data, size_t size, size_t *out_size)
{
    uLongf deflated = compressBound((uLong)size);
    uint8_t *out = malloc(deflated);
    if (out == NULL || compress2(out, &deflated, data, (uLong)size, Z_BEST_COMPRESSION) != Z_OK) {
        abort();
    }
    *out_size = deflated;
    return out;
}

size_t image_deflated_size(const uint8_t *data, size_t size)
{
    size_t deflated;
    free(image_deflate(data, size, &deflated));
    return deflated;
}
