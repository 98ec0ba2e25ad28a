/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rows of progress.
 */
#define _GNU_SOURCE
#include "report/bar.h"

#include <stdio.h>
#include <string.h>

/** Columns. Texts are padded to one width, so that the bar does not jump when they change. */
enum {
    NAME_MIN = 4,
    NAME_FAIR = 12, /* of a longer one the rest comes last */
    PERCENT_WIDTH = 4,
    STATE_WIDTH = 9,
    BAR_MIN = 8,
    BAR_MAX = 30,
    TIME_WIDTH = 9,
    TOTAL_WIDTH = 10,
};

static const char colour_on[] = "\033[32m";
static const char colour_off[] = "\033[m";

typedef struct {
    char *out;
    size_t used;
    unsigned columns;
} row_t;

static bool is_continued(char c)
{
    return ((unsigned char)c & 0xC0u) == 0x80u;
}

static unsigned width_of_char(const char *c)
{
    return ((unsigned char)*c & 0x80u) != 0 ? 2 : 1;
}

unsigned bar_width(const char *text)
{
    unsigned width = 0;

    for (const char *c = text; *c != '\0'; c++) {
        width += is_continued(*c) ? 0 : width_of_char(c);
    }
    return width;
}

static void add_bytes(row_t *row, const char *bytes, size_t size)
{
    if (size < BAR_SIZE - row->used) {
        memcpy(row->out + row->used, bytes, size);
        row->used += size;
        row->out[row->used] = '\0';
    }
}

/** As much of a text as fits into @p width columns; padded to them. */
static void add_text(row_t *row, const char *text, unsigned width)
{
    unsigned taken = 0;
    size_t size = 0;

    while (text[size] != '\0' && (is_continued(text[size]) || taken + width_of_char(text + size) <= width)) {
        taken += is_continued(text[size]) ? 0 : width_of_char(text + size);
        size++;
    }
    add_bytes(row, text, size);
    for (; taken < width; taken++) {
        add_bytes(row, " ", 1);
    }
    row->columns += width;
}

static void add_blocks(row_t *row, const char *block, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        add_bytes(row, block, strlen(block));
    }
}

static void add_bar(row_t *row, const bar_t *bar, const bar_style_t *style, unsigned width)
{
    const unsigned inner = style->is_utf8 ? width : width - 2; /* ASCII has brackets */
    const unsigned full = inner * bar->percent / 100u;

    add_blocks(row, "[", style->is_utf8 ? 0 : 1);
    add_bytes(row, colour_on, style->is_coloured && full != 0 ? sizeof(colour_on) - 1 : 0);
    add_blocks(row, style->is_utf8 ? "\u2588" : "#", full);
    add_bytes(row, colour_off, style->is_coloured && full != 0 ? sizeof(colour_off) - 1 : 0);
    add_blocks(row, style->is_utf8 ? "\u2591" : "-", inner - full);
    add_blocks(row, "]", style->is_utf8 ? 0 : 1);
    row->columns += width;
}

static unsigned at_least(const char *text, unsigned width)
{
    const unsigned own = bar_width(text);

    return text[0] == '\0' ? 0 : own > width ? own : width;
}

/** Takes a piece and the blank before it from the room that is left; false when it does not fit. */
static bool take(unsigned *room, unsigned width)
{
    if (width == 0 || width + 1 > *room) {
        return false;
    }
    *room -= width + 1;
    return true;
}

/** The same for as much of a name as fits. */
static void widen(unsigned *room, unsigned *name, unsigned wanted)
{
    const unsigned more = wanted <= *name ? 0 : wanted - *name < *room ? wanted - *name : *room;

    *room -= more;
    *name += more;
}

static void add_piece(row_t *row, const char *text, bool is_taken, unsigned width)
{
    if (is_taken) {
        add_text(row, " ", 1);
        add_text(row, text, width);
    }
}

/** Blanks at the end show nothing. */
static void trim(row_t *row)
{
    while (row->used > 0 && row->out[row->used - 1] == ' ') {
        row->out[--row->used] = '\0';
        row->columns--;
    }
}

unsigned bar_render(const bar_t *bar, const bar_style_t *style, char out[BAR_SIZE])
{
    const unsigned own = bar_width(bar->name);
    const unsigned wanted = own > bar->name_width ? own : bar->name_width;
    const unsigned state_width = at_least(bar->state, STATE_WIDTH);
    const unsigned time_width = at_least(bar->time, TIME_WIDTH);
    const unsigned total_width = at_least(bar->total, TOTAL_WIDTH);
    row_t row = {.out = out};
    char percent[8];

    out[0] = '\0';
    snprintf(percent, sizeof(percent), "%3u%%", bar->percent > 100 ? 100 : bar->percent);
    unsigned room = style->columns > 1 ? style->columns - 1 : 0;
    unsigned name = wanted < NAME_MIN ? wanted : NAME_MIN;
    if (name + (bar->is_done ? 0 : PERCENT_WIDTH + 1) > room) { /* next to nothing can be shown */
        add_text(&row, bar->is_done ? bar->state : percent, room < PERCENT_WIDTH ? room : PERCENT_WIDTH);
        return row.columns;
    }
    room -= name;
    const bool has_percent = !bar->is_done && take(&room, PERCENT_WIDTH);
    const bool has_state = take(&room, state_width);
    widen(&room, &name, wanted < NAME_FAIR ? wanted : NAME_FAIR);
    const bool has_bar = take(&room, BAR_MIN);
    const bool has_time = take(&room, time_width);
    const bool has_total = take(&room, total_width);
    widen(&room, &name, wanted);
    const unsigned bar_columns = BAR_MIN + (room < BAR_MAX - BAR_MIN ? room : BAR_MAX - BAR_MIN);

    add_text(&row, bar->name, name);
    add_piece(&row, percent, has_percent, PERCENT_WIDTH);
    if (has_bar) {
        add_text(&row, " ", 1);
        add_bar(&row, bar, style, bar_columns);
    }
    add_piece(&row, bar->state, has_state, state_width);
    add_piece(&row, bar->time, has_time, time_width);
    add_piece(&row, bar->total, has_total, total_width);
    trim(&row);
    return row.columns;
}

const char *bar_rate(uint64_t bytes_per_s, char out[BAR_TEXT_SIZE])
{
    const uint64_t tenths_mb = bytes_per_s * 10 / (1024u * 1024u);

    out[0] = '\0';
    if (bytes_per_s >= 1024u * 1024u) {
        snprintf(out, BAR_TEXT_SIZE, "%llu.%llu MB/s", (unsigned long long)(tenths_mb / 10),
                 (unsigned long long)(tenths_mb % 10));
    } else if (bytes_per_s >= 1024u) {
        snprintf(out, BAR_TEXT_SIZE, "%llu KB/s", (unsigned long long)(bytes_per_s / 1024u));
    } else if (bytes_per_s != 0) {
        snprintf(out, BAR_TEXT_SIZE, "%llu B/s", (unsigned long long)bytes_per_s);
    }
    return out;
}

const char *bar_time(uint64_t time_ms, char out[BAR_TEXT_SIZE])
{
    const unsigned long long s = (time_ms + 999u) / 1000u;

    if (s >= 3600) {
        snprintf(out, BAR_TEXT_SIZE, "%llu:%02llu:%02llu", s / 3600, s / 60 % 60, s % 60);
    } else {
        snprintf(out, BAR_TEXT_SIZE, "%llu:%02llu", s / 60, s % 60);
    }
    return out;
}

const char *bar_seconds(uint64_t time_ms, char out[BAR_TEXT_SIZE])
{
    const unsigned long long tenths = (time_ms + 50u) / 100u;

    snprintf(out, BAR_TEXT_SIZE, "%llu.%llu s", tenths / 10, tenths % 10);
    return out;
}
