/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where the blocks of eFuses are read, for those who read blocks and fields; what connecting and flashing need of them is
 * in the chip's row.
 */
#ifndef ELI_EFUSE_LAYOUT_H
#define ELI_EFUSE_LAYOUT_H

#include "esp_loader.h"

typedef struct {
    uint16_t offset;      /**< of its first word, relative to the chip's eFuse base */
    uint8_t words;        /**< number of them */
    uint8_t rd_dis;       /**< first bit of BLOCK0 that protects it from being read */
    uint8_t rd_dis_count; /**< 0 = none, 1 = one for all of it, 2 = one for each half */
} eli_efuse_block_t;

typedef struct {
    uint8_t chip; /**< target_chip_t */
    uint8_t block_count;
    const eli_efuse_block_t *blocks;
} eli_efuse_layout_t;

/** NULL for a chip without such blocks (ESP8266). */
const eli_efuse_layout_t *eli_efuse_layout_of(target_chip_t chip);

#endif
