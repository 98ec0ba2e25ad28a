/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * eFuse fields that one chip alone has, as data: which chip it is, its features say (target.h).
 */
#ifndef ELI_FIELDS_H
#define ELI_FIELDS_H

#include "target/target.h"

enum { ELI_SPI_PADS_PARTS = 5, ELI_BLOCK_VERSION_PARTS = 2 };

/** ELI_SPI_PADS_IN_EFUSE: what SPI_ATTACH wants, HD to CLK. Zero selects the default pins; the ESP32 in a
 * package with its own flash has others burnt. */
extern const eli_efuse_part_t eli_spi_pads[ELI_SPI_PADS_PARTS];

/** ELI_REVISION_CAN_BE_0_0: version of the calibration data, minor in bits 2:0, major in bits 4:3. */
extern const eli_efuse_part_t eli_block_version[ELI_BLOCK_VERSION_PARTS];
#define ELI_BLOCK_VERSION_OF_0_0 (1u << 3 | 1u)

/** ELI_MAC_WITH_OUI: the first three bytes of the MAC address by the number of their maker, where the eFuses
 * do not hold them. */
#define ELI_OUI_COUNT 2u
extern const uint32_t eli_ouis[ELI_OUI_COUNT];

#endif
