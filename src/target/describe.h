/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How a chip's eFuses describe the part: fields, and what their codes mean.
 */
#ifndef ELI_DESCRIBE_H
#define ELI_DESCRIBE_H

#include "target/target.h"

#define ELI_MIB_UNKNOWN 0xFFu

/** Sizes by code, MiB; ELI_MIB_UNKNOWN = a code without meaning. */
typedef struct {
    uint8_t count;
    const uint8_t *mib;
} eli_sizes_t;

/** Names by code; NULL = a code without meaning. */
typedef struct {
    uint8_t count;
    const char *const *names;
} eli_names_t;

/** Name of a package from a revision on; the last row that fits counts. */
typedef struct {
    uint8_t code;
    uint16_t min_revision;
    const char *name;
} eli_package_t;

/** A field that takes no part is absent. */
typedef struct {
    uint8_t chip;         /**< target_chip_t */
    uint8_t crystal_mhz;  /**< 0 = it comes with several: eli_clock_of() */
    uint8_t package_mask; /**< bits of the package field that are its number; the others only choose a name */
    uint8_t name_shift;   /**< bits of the package field below choose no name */
    bool has_eui64;       /**< the middle two bytes are above the MAC address */
    uint8_t package_count;
    eli_efuse_part_t package[3];
    eli_efuse_part_t flash_size[4];
    eli_efuse_part_t flash_vendor[1];
    eli_efuse_part_t psram_size[2];
    eli_efuse_part_t psram_vendor[1];
    eli_efuse_part_t octal_flash[1];
    const eli_package_t *packages;
    eli_sizes_t flash_sizes;
    eli_sizes_t psram_sizes;
    eli_names_t flash_vendors;
    eli_names_t psram_vendors;
} eli_description_t;

/** NULL when this build does not have the chip. */
const eli_description_t *eli_description_of(target_chip_t chip);

#endif
