/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Registers that hold the strapping pins as they were last sampled. Its own table, so that a program which does not
 * reset the target does not link it. Source: Technical Reference Manuals, GPIO_STRAP.
 */
#include "target/target.h"

#include "common/count_of.h"

static const struct {
    uint8_t chip; /* target_chip_t */
    uint32_t addr;
} straps[] = {
#if ELI_HAS_ESP32C3
    {ESP32C3_CHIP, 0x60004038},
#endif
#if ELI_HAS_ESP32S3
    {ESP32S3_CHIP, 0x60004038},
#endif
#if ELI_HAS_ESP32P4
    {ESP32P4_CHIP, 0x500E0038},
#endif
#if ELI_HAS_ESP32C61
    {ESP32C61_CHIP, 0x60091000},
#endif
#if !(ELI_HAS_ESP32C3 | ELI_HAS_ESP32S3 | ELI_HAS_ESP32P4 | ELI_HAS_ESP32C61)
    {.chip = UINT8_MAX}, /* a table has at least one row */
#endif
};

uint32_t eli_strap_addr_of(target_chip_t chip)
{
    for (size_t i = 0; i < ELI_COUNT_OF(straps); i++) {
        if (straps[i].chip == chip) {
            return straps[i].addr;
        }
    }
    return 0;
}
