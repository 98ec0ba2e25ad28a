/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source of the addresses: symbol _rom_chip_id of the published ROMs.
 */
#include "target/spi_download.h"

static const eli_spi_download_t rows[] = {
#if ELI_HAS_ESP32C3
    {0x40000010, ESP32C3_CHIP},
#endif
#if ELI_HAS_ESP32C2
    {0x40000010, ESP32C2_CHIP},
#endif
#if ELI_HAS_ESP32H2
    {0x40000010, ESP32H2_CHIP},
#endif
#if ELI_HAS_ESP32S3
    {0x40000570, ESP32S3_CHIP},
#endif
    {0, ESP_UNKNOWN_CHIP},
};

const eli_spi_download_t *eli_spi_download_next(const eli_spi_download_t *after)
{
    const eli_spi_download_t *next = after == NULL ? rows : after + 1;
    return next->id_addr != 0 ? next : NULL;
}
