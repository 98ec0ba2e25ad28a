/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A stream as rows of sixteen bytes: offset, hexadecimal, ASCII.
 */
#ifndef CLI_MONITOR_HEX_ROWS_H
#define CLI_MONITOR_HEX_ROWS_H

#include <stddef.h>
#include <stdint.h>

enum { HEX_ROW_BYTES = 16, HEX_ROW_SIZE = 96 };

/** Zero = nothing has come yet. */
typedef struct {
    uint64_t offset; /**< of the row, in the stream */
    uint8_t bytes[HEX_ROW_BYTES];
    size_t size;
} hex_rows_t;

/** Adds bytes to the row; returns how many there was room for. */
size_t hex_rows_take(hex_rows_t *rows, const uint8_t *bytes, size_t size);

/** Writes the row, with its newline, and begins the next one. Returns the length of the text. */
size_t hex_rows_end(hex_rows_t *rows, char out[HEX_ROW_SIZE]);

#endif
