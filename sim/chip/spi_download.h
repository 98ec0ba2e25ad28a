/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Chips whose ROM can be an SPI slave, and where each differs from the others.
 */
#ifndef SIM_SPI_DOWNLOAD_H
#define SIM_SPI_DOWNLOAD_H

#include <stdint.h>

typedef struct {
    const char *chip;
    uint8_t strap;    /**< the strap register in this mode */
    uint32_t version; /**< of the first register */
    uint32_t id_addr; /**< where the ROM has the chip's number */
} sim_spi_download_t;

/** The row of a chip by name; NULL: its ROM has no such mode. */
const sim_spi_download_t *sim_spi_download_find(const char *name);

#endif
