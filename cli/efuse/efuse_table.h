/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The eFuses of all chips: where they are and what they mean. The tables are generated of tools/efuse.
 */
#ifndef CLI_EFUSE_TABLE_H
#define CLI_EFUSE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EFUSE_NO_BIT = 0xFF,
    EFUSE_BLOCKS = 11, /**< at most */
    EFUSE_WORDS = 9,   /**< of a block, at most */
    EFUSE_ERROR_WORDS = 10,
    EFUSE_BYTES_MAX = 4 * EFUSE_WORDS, /**< of a field */
};

/** How a value is read. */
typedef enum {
    EFUSE_NUMBER,
    EFUSE_BYTES, /**< the first one is at the lowest bits */
    EFUSE_MAC,   /**< the same, written as a MAC address */
    EFUSE_COUNT, /**< the number of bits that are burnt */
    EFUSE_ODD,   /**< the same: an odd one is "on" */
} efuse_kind_t;

typedef struct {
    uint8_t value;
    const char *text;
} efuse_value_t;

typedef struct {
    efuse_kind_t kind;
    const char *text; /**< of a single bit without values: what is so when it is burnt */
    const efuse_value_t *values;
    size_t value_count;
} efuse_meaning_t;

typedef struct {
    uint8_t block;
    uint16_t first, count; /**< bits */
} efuse_run_t;

typedef struct {
    const char *name;
    const char *others; /**< other names of it, separated by blanks */
    uint16_t run;       /**< the first one, in efuse_runs; they hold the lowest bits first */
    uint16_t meaning;   /**< in efuse_meanings */
    uint8_t run_count;
    uint8_t wr_dis;       /**< bit of BLOCK0 that forbids writing, or EFUSE_NO_BIT */
    uint8_t rd_dis;       /**< the same for reading: the first one */
    uint8_t rd_dis_count; /**< 0 = it can always be read */
} efuse_field_t;

typedef struct {
    uint16_t off; /**< of the words as they are read, from the base */
    uint8_t words;
    uint8_t wr_dis;
    bool is_key;
} efuse_block_t;

typedef struct {
    uint32_t base;
    const efuse_block_t *blocks;
    uint8_t block_count;
    uint8_t block0_errors; /**< words that tell where the copies of BLOCK0 differ */
    uint8_t code_errors;   /**< words after them, about the Reed-Solomon codes of the others */
    uint16_t errors[EFUSE_ERROR_WORDS];
    struct {
        uint8_t count, fail; /**< the lowest of three bits, and one, in the words about codes */
    } code_bits[EFUSE_BLOCKS - 1];
    uint16_t decoding_off;  /**< ESP32: word with errors of the 3/4 code; 0 = none */
    uint8_t decoding_count; /**< its bits */
} efuse_controller_t;

typedef struct {
    const char *chip;
    uint16_t revision_min, revision_max; /**< major * 100 + minor */
    const efuse_controller_t *controller;
    const efuse_field_t *fields; /**< in the order of their places */
    uint16_t field_count;
} efuse_table_t;

extern const efuse_run_t efuse_runs[];
extern const efuse_meaning_t efuse_meanings[];
extern const efuse_table_t efuse_tables[];
extern const size_t efuse_table_count;

#endif
