/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Security eFuses that GET_SECURITY_INFO does not report. Its own table, so that a program which runs no
 * plans does not link it. Source: esptool 5.3, target classes and checks of write-flash.
 */
#include "target/target.h"

#include "target/row.h"

static const eli_security_efuses_t efuses[] = {
#if ELI_HAS_ESP32
    {.chip = ESP32_CHIP,
     .crypt_count_mask = 0x07F00000,
     .boot_v2_mask = 0x20,
     .guard_off = 0x18, /* secure boot V1: bootloader and its digest */
     .guard_mask = 0x10,
     .guarded_end = 0x8000},
#endif
#if ELI_HAS_ESP32C5
    /* C5, P4, S31, H4: the key manager holds the flash encryption key, and its data is there. */
    {.chip = ESP32C5_CHIP, .guard_off = 0x34, .guard_mask = 0x800, .guarded_end = 0x2000},
#endif
#if ELI_HAS_ESP32P4
    {.chip = ESP32P4_CHIP, .guard_off = 0x34, .guard_mask = 0x400, .guarded_end = 0x2000},
#endif
#if ELI_HAS_ESP32S31
    {.chip = ESP32S31_CHIP, .guard_off = 0x34, .guard_mask = 0x2000, .guarded_end = 0x2000},
#endif
#if ELI_HAS_ESP32H4
    {.chip = ESP32H4_CHIP, .guard_off = 0x38, .guard_mask = 0x100000, .guarded_end = 0x2000},
#endif
    {.chip = UINT8_MAX}, /* a table has at least one row, whatever is selected */
};

const eli_security_efuses_t *eli_security_efuses_of(target_chip_t chip)
{
    return ELI_ROW_OF(efuses, chip);
}
