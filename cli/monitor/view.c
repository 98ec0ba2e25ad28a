/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Lines. Without a filter they are shown as they come; with one, its decision waits for the end of the line, for as
 * many bytes as a line may have, or until nothing comes.
 */
#define _GNU_SOURCE
#include "monitor/view.h"

#include <string.h>

#include "monitor/timestamp.h"

static void put(const monitor_view_t *view, const char *text, size_t size)
{
    view->out.put(view->out.ctx, text, size);
}

static void begin_row(monitor_view_t *view, const struct timespec *at)
{
    char text[TIMESTAMP_SIZE + 1];

    if (!view->is_open && view->timestamps != NULL) {
        const size_t size = timestamp_text(view->timestamps, at, text);

        text[size] = ' ';
        put(view, text, size + 1);
    }
    view->is_open = true;
}

/* ---- lines ---- */

static void show(monitor_view_t *view, const uint8_t *bytes, size_t size, const struct timespec *at)
{
    if (size > 0) {
        begin_row(view, at);
        visible_take(&view->visible, bytes, size, &view->out);
    }
}

/** Decides about the line by what has come of it. */
static void decide(monitor_view_t *view, const struct timespec *at)
{
    if (view->fate == MONITOR_UNDECIDED) {
        view->fate =
            monitor_filter_shows(&view->filter, view->line, view->line_size) ? MONITOR_SHOWN : MONITOR_HIDDEN;
        if (view->fate == MONITOR_SHOWN) {
            show(view, (const uint8_t *)view->line, view->line_size, at);
        }
    }
}

static void take_text(monitor_view_t *view, const uint8_t *bytes, size_t size, const struct timespec *at)
{
    while (size > 0) {
        const size_t room = MONITOR_LINE_MAX - view->line_size;
        const size_t piece = view->fate == MONITOR_UNDECIDED && room < size ? room : size;

        memcpy(view->line + view->line_size, bytes, piece < room ? piece : room);
        view->line_size += piece < room ? piece : room;
        if (view->fate == MONITOR_SHOWN) {
            show(view, bytes, piece, at);
        } else if (view->filter.count == 0 || view->line_size == MONITOR_LINE_MAX) {
            decide(view, at);
        }
        bytes += piece;
        size -= piece;
    }
}

static void end_line(monitor_view_t *view, const struct timespec *at)
{
    decide(view, at);
    if (view->fate == MONITOR_SHOWN) {
        show(view, (const uint8_t *)"\n", 1, at);
        view->is_open = false;
        if (view->explain.line != NULL) {
            const bool has_return = view->line_size > 0 && view->line[view->line_size - 1] == '\r';

            view->explain.line(view->explain.ctx, view->line, view->line_size - (has_return ? 1 : 0),
                               &view->out);
        }
    }
    view->fate = MONITOR_UNDECIDED;
    view->line_size = 0;
}

static void take_lines(monitor_view_t *view, const uint8_t *bytes, size_t size, const struct timespec *at)
{
    while (size > 0) {
        const uint8_t *end = memchr(bytes, '\n', size);
        const size_t text_size = end != NULL ? (size_t)(end - bytes) : size;

        take_text(view, bytes, text_size, at);
        if (end != NULL) {
            end_line(view, at);
        }
        bytes += text_size + (end != NULL ? 1 : 0);
        size -= text_size + (end != NULL ? 1 : 0);
    }
}

/* ---- hexadecimal ---- */

static void end_hex_row(monitor_view_t *view, const struct timespec *at)
{
    char text[HEX_ROW_SIZE];

    if (view->rows.size > 0) {
        begin_row(view, at);
        put(view, text, hex_rows_end(&view->rows, text));
        view->is_open = false;
    }
}

static void take_hex(monitor_view_t *view, const uint8_t *bytes, size_t size, const struct timespec *at)
{
    while (size > 0) {
        const size_t taken = hex_rows_take(&view->rows, bytes, size);

        bytes += taken;
        size -= taken;
        if (view->rows.size == HEX_ROW_BYTES) {
            end_hex_row(view, at);
        }
    }
}

/* ---- any ---- */

void monitor_view_take(monitor_view_t *view, const uint8_t *bytes, size_t size, const struct timespec *at)
{
    switch (view->mode) {
    case MONITOR_RAW:
        if (size > 0) {
            put(view, (const char *)bytes, size);
            view->is_open = bytes[size - 1] != '\n';
        }
        break;
    case MONITOR_HEX:
        take_hex(view, bytes, size, at);
        break;
    case MONITOR_LINE:
    default:
        take_lines(view, bytes, size, at);
        break;
    }
}

void monitor_view_idle(monitor_view_t *view, const struct timespec *at)
{
    end_hex_row(view, at);
    if (view->line_size > 0) {
        decide(view, at);
    }
    visible_flush(&view->visible, &view->out);
}

void monitor_view_break(monitor_view_t *view, const struct timespec *at)
{
    static const char plain[] = "\033[m";

    monitor_view_idle(view, at);
    if (view->visible.is_coloured) {
        put(view, plain, sizeof(plain) - 1);
        view->visible.is_coloured = false;
    }
    if (view->is_open) {
        put(view, "\n", 1);
        view->is_open = false;
    }
}
