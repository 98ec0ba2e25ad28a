/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source: esptool 5.6, target classes ESP32 (SPI pads), ESP32-S3 (is_eco0) and ESP8266 (read_mac).
 */
#include "target/fields.h"

const eli_efuse_part_t eli_spi_pads[ELI_SPI_PADS_PARTS] = {
    {0x0C, 4, 5, 24}, {0x14, 15, 5, 18}, {0x14, 10, 5, 12}, {0x14, 5, 5, 6}, {0x14, 0, 5, 0}};

const eli_efuse_part_t eli_block_version[ELI_BLOCK_VERSION_PARTS] = {{0x50, 24, 3, 0}, {0x6C, 0, 2, 3}};

const uint32_t eli_ouis[ELI_OUI_COUNT] = {0x18FE34, 0xACD074};
