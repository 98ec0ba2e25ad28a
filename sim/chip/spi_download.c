/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source: the ROMs, executed (esp-rom-elfs); symbol _rom_chip_id.
 */
#include "chip/spi_download.h"

#include <stddef.h>
#include <string.h>

static const sim_spi_download_t ROWS[] = {
    {"esp32c3", 0x1, 0x20200618, 0x40000010},
    {"esp32c2", 0x1, 0x20200618, 0x40000010},
    {"esp32h2", 0x1, 0x20200618, 0x40000010},
    {"esp32s3", 0x6, 0x20200618, 0x40000570},
};

const sim_spi_download_t *sim_spi_download_find(const char *name)
{
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        if (strcmp(ROWS[i].chip, name) == 0) {
            return &ROWS[i];
        }
    }
    return NULL;
}
