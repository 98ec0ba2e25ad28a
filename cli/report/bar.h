/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One row of progress: a name, per cent, a bar, and the text next to it, in as many columns as there are.
 */
#ifndef CLI_BAR_H
#define CLI_BAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BAR_SIZE = 1024, BAR_TEXT_SIZE = 32 };

/** What a row shows. Texts that are "" are left out; without room the last ones go first, then the bar. */
typedef struct {
    const char *name;    /**< safe for a terminal */
    unsigned name_width; /**< columns to align several rows; a shorter name is padded, 0 = not */
    unsigned percent;    /**< 0 to 100 */
    bool is_done;        /**< the row stays: no per cent, which would be 100 */
    const char *state;   /**< "312 KB/s", "comparing", "verified" */
    const char *time;    /**< "0:12 left" */
    const char *total;   /**< "total 71%" */
} bar_t;

typedef struct {
    unsigned columns; /**< of the terminal; the last one stays free, on some terminals it wraps */
    bool is_utf8;     /**< bars of block elements, else of ASCII */
    bool is_coloured;
} bar_style_t;

/** Writes the row, without newline, to @p out. Returns the columns that it takes. */
unsigned bar_render(const bar_t *bar, const bar_style_t *style, char out[BAR_SIZE]);

/** Columns of a text; everything but ASCII counts as two, which may be one too many and is never too few. */
unsigned bar_width(const char *text);

/** "512 B/s", "312 KB/s", "1.2 MB/s"; "" for 0. */
const char *bar_rate(uint64_t bytes_per_s, char out[BAR_TEXT_SIZE]);

/** "0:12", "1:02:03". */
const char *bar_time(uint64_t time_ms, char out[BAR_TEXT_SIZE]);

/** "0.4 s", "75.0 s" */
const char *bar_seconds(uint64_t time_ms, char out[BAR_TEXT_SIZE]);

#endif
