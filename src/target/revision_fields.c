/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where in its eFuses a chip has its revision. Source: ESP-IDF eFuse tables.
 */
#include "target/target.h"

#include "common/count_of.h"

/* By target_chip_t. */
static const eli_efuse_part_t revisions[][ELI_REVISION_PARTS] = {
    [ESP8266_CHIP] = {{0, 0, 0, 0}},
#if ELI_HAS_ESP32
    [ESP32_CHIP] = {{0x14, 24, 2, 0}, {0x14, 20, 1, 5}, {0x0C, 15, 1, 4}, {0xC07C, 31, 1, 6}},
#endif
#if ELI_HAS_ESP32S2
    [ESP32S2_CHIP] = {{0x54, 4, 3, 0}, {0x50, 20, 1, 3}, {0x50, 18, 2, 4}},
#endif
#if ELI_HAS_ESP32C3
    [ESP32C3_CHIP] = {{0x50, 18, 3, 0}, {0x58, 23, 1, 3}, {0x58, 24, 2, 4}},
#endif
#if ELI_HAS_ESP32S3
    [ESP32S3_CHIP] = {{0x50, 18, 3, 0}, {0x58, 23, 1, 3}, {0x58, 24, 2, 4}},
#endif
#if ELI_HAS_ESP32C2
    [ESP32C2_CHIP] = {{0x44, 16, 4, 0}, {0x44, 20, 2, 4}},
#endif
#if ELI_HAS_ESP32C5
    [ESP32C5_CHIP] = {{0x4C, 0, 4, 0}, {0x4C, 4, 2, 4}},
#endif
#if ELI_HAS_ESP32H2
    [ESP32H2_CHIP] = {{0x50, 18, 3, 0}, {0x50, 21, 2, 4}},
#endif
#if ELI_HAS_ESP32C6
    [ESP32C6_CHIP] = {{0x50, 18, 4, 0}, {0x50, 22, 2, 4}},
#endif
#if ELI_HAS_ESP32P4
    [ESP32P4_CHIP] = {{0x4C, 0, 4, 0}, {0x4C, 4, 2, 4}, {0x4C, 23, 1, 6}},
#endif
#if ELI_HAS_ESP32C61
    [ESP32C61_CHIP] = {{0x4C, 0, 4, 0}, {0x4C, 4, 2, 4}},
#endif
#if ELI_HAS_ESP32S31
    [ESP32S31_CHIP] = {{0x5C, 18, 4, 0}, {0x5C, 22, 2, 4}},
#endif
#if ELI_HAS_ESP32H21
    [ESP32H21_CHIP] = {{0x58, 4, 4, 0}, {0x58, 8, 2, 4}},
#endif
#if ELI_HAS_ESP32H4
    [ESP32H4_CHIP] = {{0x50, 18, 4, 0}, {0x50, 22, 2, 4}},
#endif
};

const eli_efuse_part_t *eli_revision_parts_of(target_chip_t chip)
{
    return revisions[chip];
}
