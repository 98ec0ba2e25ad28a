/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Makes binary partition tables from lines as ESP-IDF's CSV files have them.
 */
#ifndef MKIMAGE_TABLE_H
#define MKIMAGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MKIMAGE_TABLE_SIZE    0xC00u /**< bytes of a table file */
#define MKIMAGE_TABLE_ENTRIES 94u    /**< one slot is for the MD5, one for the end mark */

/** Adds "name, type, subtype, offset, size[, flags]" as entry @p index. Type and subtype are names or
 * numbers, sizes may end in K or M, flags are "encrypted" or "readonly". Nothing is checked beyond the
 * syntax: tests want bad tables too.
 *  @return false when the line cannot be read that way */
bool mkimage_table_add(uint8_t table[MKIMAGE_TABLE_SIZE], size_t index, const char *line);

/** Erased table: every byte 0xFF. */
void mkimage_table_start(uint8_t table[MKIMAGE_TABLE_SIZE]);

/** Appends the MD5 slot after @p count entries. */
void mkimage_table_finish(uint8_t table[MKIMAGE_TABLE_SIZE], size_t count);

#endif
