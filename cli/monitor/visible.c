/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Colours are the SGR sequences of ECMA-48, 8.3.117: ESC [ parameters m.
 */
#define _GNU_SOURCE
#include "monitor/visible.h"

#include <stdio.h>
#include <string.h>

#include "text/safe_text.h"

/** What the held bytes begin with. */
typedef enum {
    IS_SHOWN,      /**< `size` bytes to be written as they are */
    IS_END,        /**< "\r\n" */
    IS_INCOMPLETE, /**< the next byte decides */
    IS_HARMFUL,    /**< the first byte is to be made visible */
} kind_t;

static kind_t classify_sequence(const visible_t *visible, size_t *out_size)
{
    const uint8_t *held = visible->held;
    size_t at = 2;

    if (visible->held_size == 1) {
        return IS_INCOMPLETE;
    }
    if (held[1] != '[') {
        return IS_HARMFUL;
    }
    while (at < visible->held_size && held[at] >= '0' && held[at] <= ';') {
        at++;
    }
    if (at == visible->held_size) {
        return at < VISIBLE_HELD_MAX ? IS_INCOMPLETE : IS_HARMFUL;
    }
    *out_size = at + 1;
    return held[at] == 'm' ? IS_SHOWN : IS_HARMFUL;
}

/** A character of several bytes. */
static kind_t classify_character(const visible_t *visible, size_t *out_size)
{
    char text[5] = "";
    const uint8_t first = visible->held[0];
    const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;

    memcpy(text, visible->held, visible->held_size < length ? visible->held_size : length);
    *out_size = safe_text_character(text);
    if (*out_size != 0) {
        return IS_SHOWN;
    }
    const bool may_go_on =
        visible->held_size < length && first >= 0xC2 && first <= 0xF4 &&
        (visible->held_size == 1 || (visible->held[visible->held_size - 1] & 0xC0) == 0x80);
    return may_go_on ? IS_INCOMPLETE : IS_HARMFUL;
}

static kind_t classify(const visible_t *visible, size_t *out_size)
{
    const uint8_t first = visible->held[0];

    *out_size = 1;
    switch (first) {
    case '\n':
    case '\t':
    case '\b':
        return IS_SHOWN;
    case '\r':
        if (visible->held_size == 1) {
            return IS_INCOMPLETE;
        }
        return visible->held[1] == '\n' ? IS_END : IS_SHOWN;
    case '\033':
        return classify_sequence(visible, out_size);
    default:
        if (first >= 0x80) {
            return classify_character(visible, out_size);
        }
        return first >= ' ' && first < 0x7F ? IS_SHOWN : IS_HARMFUL;
    }
}

static void drop(visible_t *visible, size_t size)
{
    visible->held_size -= size;
    memmove(visible->held, visible->held + size, visible->held_size);
}

static void note_colour(visible_t *visible, size_t size)
{
    if (visible->held[0] == '\033') {
        const bool is_reset = size == 3 || (size == 4 && visible->held[2] == '0');

        visible->is_coloured = !is_reset;
    }
}

static void show(visible_t *visible, size_t size, const monitor_out_t *out)
{
    note_colour(visible, size);
    out->put(out->ctx, (const char *)visible->held, size);
    drop(visible, size);
}

static void show_harmful(visible_t *visible, const monitor_out_t *out)
{
    char text[5];

    snprintf(text, sizeof(text), "\\x%02x", (unsigned)visible->held[0]);
    out->put(out->ctx, text, 4);
    drop(visible, 1);
}

/** Writes of what is held as much as can be told. */
static void work_off(visible_t *visible, bool is_last, const monitor_out_t *out)
{
    while (visible->held_size > 0) {
        size_t size = 1;

        switch (classify(visible, &size)) {
        case IS_SHOWN:
            show(visible, size, out);
            break;
        case IS_END:
            drop(visible, 1);
            break;
        case IS_HARMFUL:
            show_harmful(visible, out);
            break;
        case IS_INCOMPLETE:
        default:
            if (!is_last) {
                return;
            }
            if (visible->held[0] == '\r') {
                show(visible, 1, out);
            } else {
                show_harmful(visible, out);
            }
            break;
        }
    }
}

/** How many bytes in front are plain text, which most are. */
static size_t count_plain(const uint8_t *bytes, size_t size)
{
    size_t count = 0;

    while (count < size && ((bytes[count] >= ' ' && bytes[count] < 0x7F) || bytes[count] == '\n')) {
        count++;
    }
    return count;
}

void visible_take(visible_t *visible, const uint8_t *bytes, size_t size, const monitor_out_t *out)
{
    while (size > 0) {
        const size_t plain = visible->held_size == 0 ? count_plain(bytes, size) : 0;

        if (plain > 0) {
            out->put(out->ctx, (const char *)bytes, plain);
        } else {
            visible->held[visible->held_size++] = *bytes; /* there is room: work_off() leaves less than all */
            work_off(visible, false, out);
        }
        bytes += plain > 0 ? plain : 1;
        size -= plain > 0 ? plain : 1;
    }
}

void visible_flush(visible_t *visible, const monitor_out_t *out)
{
    work_off(visible, true, out);
}
