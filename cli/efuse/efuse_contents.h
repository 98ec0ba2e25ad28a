/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is burnt in the eFuses of one chip, read by registers. Blocks that hold keys are read only when they are
 * asked for: what is read goes over the wire, and into traces.
 */
#ifndef CLI_EFUSE_CONTENTS_H
#define CLI_EFUSE_CONTENTS_H

#include "efuse/efuse_table.h"
#include "esp_loader.h"

typedef struct {
    const efuse_table_t *table;
    uint16_t blocks; /**< that were read, a bit for each */
    uint32_t words[EFUSE_BLOCKS][EFUSE_WORDS];
    bool has_errors; /**< the next ones were read */
    uint32_t errors[EFUSE_ERROR_WORDS];
    uint32_t decoding;
} efuse_contents_t;

#define EFUSE_BLOCK(number) ((uint16_t)(1u << (number)))

/** The table of a chip, by esp_loader_chip_name(); NULL when there is none.
 *  @param revision  major * 100 + minor */
const efuse_table_t *efuse_table_of(const char *chip, uint32_t revision);

/** The field of that name, or with that as another name, in any case; NULL when there is none. */
const efuse_field_t *efuse_find(const efuse_table_t *table, const char *name);

/** All blocks of a chip that hold no keys, or all. */
uint16_t efuse_all_blocks(const efuse_table_t *table, bool has_keys);
/** Those that hold a field. */
uint16_t efuse_blocks_of(const efuse_field_t *field);
bool efuse_is_key(const efuse_table_t *table, const efuse_field_t *field);

/** Reads BLOCK0 and the given blocks. */
esp_loader_error_t efuse_read(efuse_contents_t *contents, esp_loader_t *loader, uint16_t blocks);
/** Reads the words that tell about errors in the blocks. */
esp_loader_error_t efuse_read_errors(efuse_contents_t *contents, esp_loader_t *loader);

/** Copies of BLOCK0 differ, or the code of another block had errors to correct.
 *  @param out_is_lost  more than could be corrected */
bool efuse_has_error(const efuse_contents_t *contents, uint8_t block, bool *out_is_lost);

bool efuse_is_read(const efuse_contents_t *contents, const efuse_field_t *field);
bool efuse_is_readable(const efuse_contents_t *contents, const efuse_field_t *field);
bool efuse_is_writable(const efuse_contents_t *contents, const efuse_field_t *field);

/** Bits of a field; fewer than its runs have where blocks of the ESP32 are coded. */
size_t efuse_bit_count(const efuse_contents_t *contents, const efuse_field_t *field);
/** The lowest bit comes first. @param bytes  EFUSE_BYTES_MAX; what is above the field is 0 */
void efuse_bytes(const efuse_contents_t *contents, const efuse_field_t *field, uint8_t *bytes);
/** The lowest 32 bits. */
uint32_t efuse_number(const efuse_contents_t *contents, const efuse_field_t *field);
unsigned efuse_burnt_bits(const efuse_contents_t *contents, const efuse_field_t *field);

#endif
