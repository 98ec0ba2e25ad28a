/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Layout of a row.
 */
#include "monitor/hex_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

size_t hex_rows_take(hex_rows_t *rows, const uint8_t *bytes, size_t size)
{
    const size_t room = HEX_ROW_BYTES - rows->size;
    const size_t taken = size < room ? size : room;

    memcpy(rows->bytes + rows->size, bytes, taken);
    rows->size += taken;
    return taken;
}

size_t hex_rows_end(hex_rows_t *rows, char out[HEX_ROW_SIZE])
{
    size_t used = (size_t)snprintf(out, HEX_ROW_SIZE, "%08" PRIx64 " ", rows->offset & 0xFFFFFFFFu);

    for (size_t i = 0; i < HEX_ROW_BYTES; i++) {
        used += i < rows->size
                    ? (size_t)snprintf(out + used, HEX_ROW_SIZE - used, " %02x", (unsigned)rows->bytes[i])
                    : (size_t)snprintf(out + used, HEX_ROW_SIZE - used, "   ");
    }
    used += (size_t)snprintf(out + used, HEX_ROW_SIZE - used, "  |");
    for (size_t i = 0; i < rows->size; i++) {
        out[used++] = rows->bytes[i] >= ' ' && rows->bytes[i] < 0x7F ? (char)rows->bytes[i] : '.';
    }
    used += (size_t)snprintf(out + used, HEX_ROW_SIZE - used, "|\n");
    rows->offset += rows->size;
    rows->size = 0;
    return used;
}
