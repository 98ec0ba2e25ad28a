/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which part of the flash a target's security settings protect.
 */
#include "session/core.h"
#include "session/security.h"

/* Usual offset of the partition table, where a bootloader ends at the latest. */
#define TABLE_OFFSET 0x8000u

/* Plain content in encrypted flash, a bootloader that the ROM has to trust, and anything in a guarded area
 * leave a chip that does not boot; so does an erase. */
bool eli_protection_forbids(const esp_loader_t *loader, const eli_protection_t *protection, uint32_t offset,
                            uint32_t size)
{
    const uint32_t bootloader = eli_bootloader_offset(eli_target(loader));
    bool has_bootloader = offset < TABLE_OFFSET && (offset >= bootloader || size > bootloader - offset);
    return protection->is_flash_encrypted || offset < protection->guarded_end ||
           (protection->is_secure_boot && has_bootloader);
}
