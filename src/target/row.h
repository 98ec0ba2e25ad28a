/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tables with a row for some of the chips.
 */
#ifndef ELI_ROW_H
#define ELI_ROW_H

#include "common/count_of.h"
#include "esp_loader.h"

/** Row of a chip in a table, NULL when it has none.
 *  @param rows  each begins with the chip's number, one byte */
static inline const void *eli_row_of(const void *rows, size_t row_size, size_t count, target_chip_t chip)
{
    const uint8_t *row = rows;

    for (size_t i = 0; i < count; i++, row += row_size) {
        if (*row == chip) {
            return row;
        }
    }
    return NULL;
}

#define ELI_ROW_OF(rows, chip) eli_row_of((rows), sizeof((rows)[0]), ELI_COUNT_OF(rows), (chip))

#endif
