/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a plan of a burn knows of a chip: which bit protects which, in which order bits of BLOCK0 are burnt, where keys and
 * their purposes are. One row per chip and layout of BLOCK0.
 */
#ifndef ELI_BURN_CHIPS_H
#define ELI_BURN_CHIPS_H

#include "esp_loader.h"

enum {
    ELI_BURN_BLOCKS = 11,
    ELI_BURN_KEYS = 6,
    ELI_NO_GUARD = 0xFF, /**< in place of a bit: nothing protects it */
};

/** When bits of BLOCK0 are burnt: each pass is a programming of its own, and takes effect before the next one. */
typedef enum {
    ELI_PASS_SETTINGS = 0,     /**< purposes of keys, and all that is in no other pass */
    ELI_PASS_ENABLES,          /**< flash encryption, secure boot */
    ELI_PASS_PROTECTIONS,      /**< of reading and writing */
    ELI_PASS_LAST_PROTECTIONS, /**< those that end the burning of protections */
    ELI_PASS_DOWNLOAD,         /**< what ends contact with the target */
    ELI_PASS_COUNT
} eli_pass_t;

/** A run of bits of BLOCK0. */
typedef struct {
    uint16_t first;
    uint8_t count;
    uint8_t guard; /**< bit of BLOCK0 that protects them from being burnt, or ELI_NO_GUARD */
    uint8_t pass;  /**< eli_pass_t */
} eli_burn_bits_t;

enum {
    ELI_BURN_LAST_KEY_IS_LIMITED = 1 << 0, /**< the last key block cannot hold keys of XTS or ECDSA */
    ELI_BURN_MAC_WITH_CRC = 1 << 1,        /**< a custom MAC comes with its CRC and a version */
};

typedef struct {
    uint8_t chip; /**< target_chip_t */
    uint8_t flags;
    uint16_t revision_max; /**< of this layout; the rows of a chip are in ascending order */
    const eli_burn_bits_t *bits;
    uint8_t bit_runs;
    uint8_t block_guard[ELI_BURN_BLOCKS]; /**< bit of BLOCK0 that protects a block, or ELI_NO_GUARD */
    uint8_t key_block, key_count;         /**< count 0: keys have no purpose, their place determines it */
    uint8_t purpose_bits;                 /**< bits of a purpose that follow each other */
    uint8_t purpose_first[ELI_BURN_KEYS]; /**< lowest bit */
    uint8_t purpose_high[ELI_BURN_KEYS];  /**< one more above these, or 0 */
    uint32_t purposes;                    /**< a bit for each code that may be burnt */
    uint32_t later_purposes;              /**< the same: those that other revisions have beyond these */
    uint8_t ecdsa_bit;                    /**< burnt with each key of ECDSA, or 0 */
    uint8_t never_together[2];            /**< both of them cut the target off; 0 = no such */
    uint8_t secure_boot;                  /**< bit that turns secure boot V2 on */
    uint8_t key_length;                   /**< ESP32-C2: bit that makes the flash key 256 bits long, or 0 */
    uint8_t coding_scheme;                /**< ESP32: lowest of its two bits, or 0 */
    uint8_t mac_block, mac_byte;          /**< where a custom MAC is */
    uint8_t mac_used;                     /**< bit that is burnt with it, or 0 */
} eli_burn_chip_t;

/** NULL for a chip that cannot be burnt. @param revision  major * 100 + minor */
const eli_burn_chip_t *eli_burn_chip_of(target_chip_t chip, uint16_t revision);

/** A change of a register before a programming. */
typedef struct {
    uint8_t crystal_mhz; /**< only with this crystal; 0 = with any */
    uint16_t offset;
    uint32_t mask, value;
} eli_burn_timing_t;

/** The controller's registers, relative to the eFuse base. */
typedef struct {
    uint8_t chip;
    uint16_t conf, cmd;
    const eli_burn_timing_t *timing;
    uint8_t timing_count;
    uint8_t block0_errors, code_errors; /**< words that tell about errors, in this order */
    uint16_t errors[10];
    uint8_t
        code_count[ELI_BURN_BLOCKS - 1]; /**< lowest of three bits in the words about codes, by block - 1 */
    uint8_t code_fail[ELI_BURN_BLOCKS - 1]; /**< the bit that tells of a failure, or ELI_NO_GUARD */
    uint16_t decoding;                      /**< ESP32: word with errors of the 3/4 coding; 0 = none */
    uint16_t buffers[4]; /**< ESP32: what is written for each block; 0, 0: one buffer from offset 0 on */
} eli_burn_controller_t;

/** NULL for a chip that cannot be burnt. */
const eli_burn_controller_t *eli_burn_controller_of(target_chip_t chip);

#endif
