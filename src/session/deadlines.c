/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "session/deadlines.h"

uint32_t eli_erase_ms(uint32_t offset, uint32_t size)
{
#ifdef ESP_LOADER_SMALL
    (void)offset;
    return size >> 3; /* 512 ms per sector: more than enough, and less code */
#else
    uint32_t sectors = (offset % ELI_SECTOR_SIZE + size) / ELI_SECTOR_SIZE + 1;
    uint32_t single = sectors < ELI_SINGLE_SECTORS ? sectors : ELI_SINGLE_SECTORS;
    return sectors * ELI_BLOCK_MS_PER_SECTOR + single * (ELI_SECTOR_MS - ELI_BLOCK_MS_PER_SECTOR);
#endif
}
