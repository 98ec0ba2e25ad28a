/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * From the bytes of a target to what is shown of them: lines with a time in front, filtered, safe for a terminal; or
 * rows of hexadecimal; or the bytes as they are. Pure: no port, no terminal, no clock.
 */
#ifndef CLI_MONITOR_VIEW_H
#define CLI_MONITOR_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "monitor/filter.h"
#include "monitor/hex_rows.h"
#include "monitor/visible.h"

/** So much of a line is examined, by the filter and by what explains it; the rest is shown all the same. */
enum { MONITOR_LINE_MAX = 4096 };

/** In the order of the words of --mode. */
typedef enum { MONITOR_LINE, MONITOR_RAW, MONITOR_HEX } monitor_mode_t;

/** Explains lines: is told each complete line that is shown, without its end and without anything taken out, and may
 * print lines of its own, safe for a terminal and with their newlines, to @p out. */
typedef struct {
    void (*line)(void *ctx, const char *line, size_t size,
                 const monitor_out_t *out); /**< NULL = nobody does */
    void *ctx;
} monitor_explain_t;

/** Set the first group of fields, zero the rest. */
typedef struct {
    monitor_mode_t mode;
    monitor_filter_t filter;
    const char *timestamps; /**< format of timestamp_text(); NULL = none */
    monitor_out_t out;
    monitor_explain_t explain;

    bool is_open; /**< something of the line has been written */
    enum { MONITOR_UNDECIDED, MONITOR_SHOWN, MONITOR_HIDDEN } fate;
    char line[MONITOR_LINE_MAX];
    size_t line_size; /**< bytes of it, up to MONITOR_LINE_MAX */
    visible_t visible;
    hex_rows_t rows;
} monitor_view_t;

/** Shows the next @p size bytes.
 *  @param at  when they came */
void monitor_view_take(monitor_view_t *view, const uint8_t *bytes, size_t size, const struct timespec *at);

/** Nothing has come for a while: what was held back until its end is shown, a prompt for example. */
void monitor_view_idle(monitor_view_t *view, const struct timespec *at);

/** Ends the row on a terminal so that something else can be printed there; the line goes on after it. */
void monitor_view_break(monitor_view_t *view, const struct timespec *at);

#endif
