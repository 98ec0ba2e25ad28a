/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reproducible filling for test images: the same seed gives the same bytes on every machine.
 */
#ifndef MKIMAGE_CONTENT_H
#define MKIMAGE_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    MKIMAGE_FILL_FIRMWARE = 0, /**< compresses like machine code does, to about 60 % with deflate */
    MKIMAGE_FILL_RANDOM,       /**< does not compress */
    MKIMAGE_FILL_ZERO,
    MKIMAGE_FILL_ERASED, /**< 0xFF, as flash is after an erase */
} mkimage_fill_t;

/** false when @p name is none of "firmware", "random", "zero", "erased". */
bool mkimage_fill_find(const char *name, mkimage_fill_t *out_fill);

/** Fills @p size bytes; different seeds give different bytes where the kind has any variety. */
void mkimage_fill(mkimage_fill_t fill, uint64_t seed, uint8_t *data, size_t size);

#endif
