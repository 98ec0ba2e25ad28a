/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The images that are flashed, as the build has embedded them from examples/binaries (embed_binaries.cmake).
 */
#ifndef BINARIES_H
#define BINARIES_H

#include <stddef.h>
#include <stdint.h>

#include "esp_loader.h"

typedef struct {
    const uint8_t *data;
    uint32_t size;
    uint8_t md5[16];
} binary_t;

/** What one kind of chip gets. */
typedef struct {
    target_chip_t chip;
    binary_t bootloader;
    binary_t partition_table;
    binary_t app;
} binaries_t;

extern const binaries_t binaries[];
extern const size_t binaries_count;

/** The binaries for @p chip, NULL when there are none. */
const binaries_t *binaries_for(target_chip_t chip);

#endif
