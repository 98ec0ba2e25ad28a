/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the loader and the link take: block sizes, and which flash can be reached.
 */
#ifndef ELI_LIMITS_H
#define ELI_LIMITS_H

#include "session/core.h"

#define ELI_MAX_BLOCK_SIZE 16384u  /* of flash data, what a stub takes */
#define ELI_RAM_BLOCK_SIZE 0x1800u /* of RAM data, what a ROM takes; source: esptool 5.6 */

/** Of flash data, what a ROM takes at most; it refuses a larger block when it begins, and nothing is erased. Its ring for
 * received bytes has 2 KiB and is written without a look: only where the sender is held back. Source: the published ROMs
 * of all chips but the ESP8266, executed. */
#define ELI_ROM_LARGE_BLOCK_SIZE 0x1800u

/** A ROM's last block is filled up to a multiple of this: one that is shorter than announced is written as it is. Same
 * source. */
#define ELI_PAD_SIZE 1024u

/** Number of blocks that @p size bytes fill, the last one perhaps in part; @p size is at least 1, @p
 * block_size at most 2 GiB. */
uint32_t eli_block_count(uint32_t size, uint32_t block_size);

/** @p dividend / @p divisor, which is not 0. */
uint32_t eli_divide(uint32_t dividend, uint32_t divisor);

/** Largest data block the loader on the target takes, bytes. */
uint32_t eli_flash_block_size(const esp_loader_t *loader);

/** Of @p size, at least 0x800, what the link to the target takes in one block: no more than that on the CDC
 * device on USB-OTG, and 0x3000 over SDIO. */
uint32_t eli_limit_block_size(const esp_loader_t *loader, uint32_t size);

/** May an image begin at @p offset? For a stub anywhere that is a multiple of 4. A ROM refuses an offset
 * inside a sector, and sets the place to write at all the same. Source: the published ROMs of all chips but
 * the ESP8266, executed; esptool 5.6 aligns for all of them. */
static inline bool eli_flash_is_aligned(const esp_loader_t *loader, uint32_t offset)
{
    return (offset & (eli_is_stub(loader) ? 3 : ELI_SECTOR_SIZE - 1)) == 0;
}

/** Bytes from the start of the attached flash that this loader can address. */
uint32_t eli_flash_reach(const esp_loader_t *loader);

/** Is [offset, offset + size) within them? */
esp_loader_error_t eli_flash_check_range(esp_loader_t *loader, uint32_t offset, uint32_t size);

/** Has the loader a command for the MD5 of flash? */
bool eli_flash_has_md5(const esp_loader_t *loader);

#endif
