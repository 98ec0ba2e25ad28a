/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an image maker has to know about each chip: header id, where its memories are, how its flash frequency
 * and size are coded. Nothing here is shared with the library or the simulator: three independent readings of
 * the same facts check each other.
 */
#ifndef MKIMAGE_CHIPS_H
#define MKIMAGE_CHIPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MKIMAGE_MAX_FREQS 4

typedef struct {
    const char *name; /**< e.g. "80m"; NULL ends the list */
    uint8_t code;     /**< low nibble of header byte 3 */
} mkimage_freq_t;

typedef struct {
    const char *name;        /**< e.g. "esp32s3" */
    uint16_t image_id;       /**< chip id in the extended header; MKIMAGE_NO_ID = none */
    uint32_t bootloader_off; /**< flash offset of the second-stage bootloader */
    uint32_t dram_addr;      /**< where data segments are loaded */
    uint32_t iram_addr;      /**< where code segments are loaded */
    uint32_t drom_addr;      /**< start of the window for mapped data */
    uint32_t irom_addr;      /**< start of the window for mapped code; may be the same window */
    mkimage_freq_t freqs[MKIMAGE_MAX_FREQS];
} mkimage_chip_t;

#define MKIMAGE_NO_ID 0xFFFFu

/** ESP8266: no chip id, revisions or digest in the header; flash sizes have other codes. */
static inline bool mkimage_has_short_header(const mkimage_chip_t *chip)
{
    return chip->image_id == MKIMAGE_NO_ID;
}

/** NULL when there is no such chip. */
const mkimage_chip_t *mkimage_chip_find(const char *name);

/** Chip number @p index of the table, NULL after the last. */
const mkimage_chip_t *mkimage_chip_at(size_t index);

/** Each returns false when @p name is not one this chip has. */
bool mkimage_flash_mode_code(const char *name, uint8_t *out_code);
bool mkimage_flash_size_code(const mkimage_chip_t *chip, const char *name, uint8_t *out_code);
bool mkimage_flash_freq_code(const mkimage_chip_t *chip, const char *name, uint8_t *out_code);

#endif
