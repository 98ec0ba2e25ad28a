/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Chips whose ROM can be an SPI slave that loads RAM.
 */
#ifndef ELI_SPI_DOWNLOAD_H
#define ELI_SPI_DOWNLOAD_H

#include "target/target.h"

/** One chip. */
typedef struct {
    uint32_t id_addr; /**< where the ROM has the chip's number, as in image headers */
    uint8_t chip;     /**< target_chip_t */
} eli_spi_download_t;

/** The row after @p after (NULL = the first); NULL at the end. Rows with the same address follow each other. */
const eli_spi_download_t *eli_spi_download_next(const eli_spi_download_t *after);

#endif
