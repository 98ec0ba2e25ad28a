/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How long a loader may work: what it has to do, times the slowest flash that is documented. There a sector
 * takes 400 ms, a block of 64 KiB 2 s, and 32 bytes 375 us and two ways over the bus, because a ROM reads
 * them back; inflating takes 1 s per MiB. Sources: data sheets of W25Q32JV and W25Q64JV, maxima
 * (docs/timing.md, slow set); the whole of a part and MD5: esptool 5.3.
 */
#ifndef ELI_DEADLINES_H
#define ELI_DEADLINES_H

#include <stdint.h>

#include "common/flash_units.h"

#define ELI_SECTOR_MS           400u
#define ELI_BLOCK_MS            2000u
#define ELI_BLOCK_MS_PER_SECTOR (ELI_BLOCK_MS / 16)
#define ELI_SINGLE_SECTORS      48u

#define ELI_WRITE_BYTES_PER_MS 64u
#define ELI_HASH_BYTES_PER_MS  128u
#define ELI_CHIP_MS_PER_MIB    12500u
#define ELI_SMALLEST_CHIP_MIB  16u /* a flash of unknown size may be as large */

/** Erasing the sectors of [offset, offset + size), milliseconds. A range is erased in blocks, but up to 16
 * sectors before the first and after the last one by one; the ESP8266's ROM does those before it twice.
 * Source: SPIEraseArea in the published ROMs of ESP32 and C3. */
uint32_t eli_erase_ms(uint32_t offset, uint32_t size);

/** Programming @p size bytes, inflating them too. */
static inline uint32_t eli_write_ms(uint32_t size)
{
    return size / ELI_WRITE_BYTES_PER_MS;
}

/** MD5 of @p size bytes. */
static inline uint32_t eli_hash_ms(uint32_t size)
{
    return size / ELI_HASH_BYTES_PER_MS;
}

/** What a stub does for a plain block of @p size bytes: it erases just ahead of the data, perhaps 64 KiB. */
static inline uint32_t eli_stub_block_ms(uint32_t size)
{
    return eli_erase_ms(ELI_SECTOR_SIZE - 1, size) + ELI_BLOCK_MS + eli_write_ms(size);
}

/** Erasing a whole part of at least @p flash_size bytes. */
static inline uint32_t eli_chip_erase_ms(uint32_t flash_size)
{
    uint32_t mib = flash_size >> 20;
    return (mib > ELI_SMALLEST_CHIP_MIB ? mib : ELI_SMALLEST_CHIP_MIB) * ELI_CHIP_MS_PER_MIB;
}

#endif
