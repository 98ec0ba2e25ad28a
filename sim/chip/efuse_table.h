/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One row per chip: where its eFuse controller has blocks, registers and locks, and which timing it burns with.
 */
#ifndef SIM_EFUSE_TABLE_H
#define SIM_EFUSE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_sim.h"

enum {
    SIM_EFUSE_BLOCKS = ESP_SIM_EFUSE_BLOCKS,
    SIM_EFUSE_CELLS = ESP_SIM_EFUSE_BLOCK_WORDS, /**< with its check words */
    SIM_EFUSE_DATA = 8,                          /**< of them, those before the check words */
    SIM_EFUSE_WORDS = 128                        /**< of all registers */
};

/** A block; offsets are from the controller's base, bits are those of BLOCK0. */
typedef struct {
    uint16_t write, read;
    uint8_t words;                   /**< that can be read */
    uint8_t wr_dis;                  /**< of the first word; 0 = BLOCK0, whose fields have their own */
    uint8_t hidden_low, hidden_high; /**< bits that hide its first four words and the others; 0 = none does */
    uint8_t errors;                  /**< bit of the error registers where the count of wrong bytes begins */
} sim_efuse_block_t;

/** Bits of a word of BLOCK0 that a bit of its first word protects. */
typedef struct {
    uint8_t bit, word;
    uint32_t mask; /**< 0 ends a list */
} sim_efuse_lock_t;

enum { SIM_EFUSE_SETTINGS = 3 };

/** A field of the timing registers: what it is after a reset, and what it has to be for a burn. */
typedef struct {
    uint16_t at; /**< 0 ends a list */
    uint8_t shift;
    uint16_t mask; /**< before shifting */
    uint16_t reset;
    uint16_t wanted[SIM_EFUSE_SETTINGS];
} sim_efuse_timing_t;

/** For these settings of all fields the crystal has to be that one, MHz: 0 = any, NO = there is no such setting. */
enum { SIM_EFUSE_NO_SETTING = 0xFF };

typedef struct {
    const char *chip;
    uint16_t
        last_revision; /**< major * 100 + minor; the row is for it and those before, 0 = for all others */
    uint32_t base;
    uint16_t conf, cmd, status; /**< status 0 = none */
    uint8_t block_count;
    const sim_efuse_block_t *blocks;
    uint16_t rs_errors[2]; /**< 0 = its blocks have no such code */
    uint16_t block0_errors[8];
    uint8_t fail_lag;         /**< the bit that says a block is lost comes that many bits after its place */
    uint16_t decoding_errors; /**< four bits for each block after the first; 0 = none */
    bool has_coding_scheme;   /**< in BLOCK0; and one command burns all blocks */
    const sim_efuse_lock_t *locks;
    const sim_efuse_lock_t
        *hidden; /**< fields of BLOCK0 that are read as 0 when the bit is set; NULL = none */
    const sim_efuse_timing_t *timing;
    uint8_t crystal_mhz[SIM_EFUSE_SETTINGS];
    bool may_keep_timing; /**< the values after a reset burn, too */
} sim_efuse_chip_t;

/** NULL when the chip has no controller. @p revision: major * 100 + minor. */
const sim_efuse_chip_t *sim_efuse_chip(const char *name, uint32_t revision);

/** Has it an RS code? */
bool sim_efuse_is_rs_coded(const sim_efuse_chip_t *chip, size_t block);
/** How many words of the write buffer a burn of that block takes. */
size_t sim_efuse_written_words(const sim_efuse_chip_t *chip, size_t block);
/** Is the register at that offset what the controller has read, or says? */
bool sim_efuse_is_read_only(const sim_efuse_chip_t *chip, uint32_t at);

/* efuse_locks.c */
extern const sim_efuse_lock_t sim_efuse_locks_esp32[], sim_efuse_hidden_esp32[], sim_efuse_locks_esp32s2[],
    sim_efuse_locks_esp32s3[], sim_efuse_locks_esp32c2[], sim_efuse_locks_esp32c3[],
    sim_efuse_locks_esp32c5[], sim_efuse_locks_esp32c6[], sim_efuse_locks_esp32c61[],
    sim_efuse_locks_esp32h2[], sim_efuse_locks_esp32h21[], sim_efuse_locks_esp32h4[],
    sim_efuse_locks_esp32p4_rev1[], sim_efuse_locks_esp32p4[], sim_efuse_locks_esp32s31[];

#endif
