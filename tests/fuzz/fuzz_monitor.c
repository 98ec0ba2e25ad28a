/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a target prints, on its way to a terminal: in lines nothing but colours acts, it does not matter in which pieces
 * bytes come, raw bytes stay as they are, and each byte has its place in the rows of hexadecimal.
 *
 * Input: a byte for the mode, one for the length of the filter, the filter, then what the target prints.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "monitor/finder.h"
#include "monitor/view.h"
#include "text/safe_text.h"

/* A harmful byte becomes four, a row of hexadecimal is at most as long as 96 for each byte. */
enum { GROWTH = 96 };

typedef struct {
    char *bytes;
    size_t size, capacity;
    size_t lines; /* explained */
} text_t;

static void put(void *ctx, const char *bytes, size_t size)
{
    text_t *text = ctx;
    FUZZ_CHECK(size <= text->capacity - text->size);
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
}

static void explain(void *ctx, const char *line, size_t size, const monitor_out_t *out)
{
    text_t *text = ctx;
    FUZZ_CHECK(size <= MONITOR_LINE_MAX && memchr(line, '\n', size) == NULL && out->ctx == text);
    text->lines++;
}

static text_t show(monitor_mode_t mode, const monitor_filter_t *filter, fuzz_input_t input, size_t piece)
{
    const struct timespec at = {0};
    text_t text = {.capacity = (input.size + 1) * GROWTH};
    text.bytes = calloc(text.capacity + 1, 1);
    monitor_view_t *view = calloc(1, sizeof(*view));
    FUZZ_CHECK(text.bytes != NULL && view != NULL);
    view->mode = mode;
    view->filter = *filter;
    view->out = (monitor_out_t){.put = put, .ctx = &text};
    view->explain.line = explain;
    view->explain.ctx = &text;
    while (input.size > 0) {
        fuzz_input_t next = fuzz_take(&input, piece);
        uint8_t *bytes = fuzz_copy(next);
        monitor_view_take(view, bytes, next.size, &at);
        free(bytes);
    }
    monitor_view_idle(view, &at);
    free(view);
    return text;
}

/* Length of a colour at @p text; 0 = it is none. */
static size_t colour_size(const char *text)
{
    if (text[0] != '\033' || text[1] != '[') {
        return 0;
    }
    const size_t size = 2 + strspn(text + 2, "0123456789:;");
    return text[size] == 'm' && size < VISIBLE_HELD_MAX ? size + 1 : 0;
}

static void check_safe(const text_t *text)
{
    for (size_t i = 0; i < text->size;) {
        const char *at = text->bytes + i;
        const size_t size = strchr("\n\r\t\b", *at) != NULL && *at != '\0' ? 1
                            : *at == '\033'                                ? colour_size(at)
                                                                           : safe_text_character(at);
        FUZZ_CHECK(size > 0);
        i += size;
    }
}

static size_t count_lines(const text_t *text)
{
    size_t count = 0;
    for (size_t i = 0; i < text->size; i++) {
        count += text->bytes[i] == '\n' ? 1 : 0;
    }
    return count;
}

static void check(monitor_mode_t mode, const text_t *text, fuzz_input_t input)
{
    switch (mode) {
    case MONITOR_RAW:
        FUZZ_CHECK(text->size == input.size && memcmp(text->bytes, input.data, input.size) == 0);
        break;
    case MONITOR_HEX:
        FUZZ_CHECK(count_lines(text) == (input.size + HEX_ROW_BYTES - 1) / HEX_ROW_BYTES);
        break;
    case MONITOR_LINE:
    default:
        check_safe(text);
        FUZZ_CHECK(count_lines(text) == text->lines);
        break;
    }
}

static void check_finder(const char *text, fuzz_input_t input)
{
    finder_t finder = {.text = text};
    const size_t length = strlen(text);
    bool is_there = false;
    for (size_t i = 0; i + length <= input.size && !is_there; i++) {
        is_there = memcmp(input.data + i, text, length) == 0;
    }
    FUZZ_CHECK(length == 0 || finder_take(&finder, input.data, input.size) == is_there);
}

void fuzz_one(const uint8_t *data, size_t size)
{
    fuzz_input_t input = {data, size};
    const monitor_mode_t mode = (monitor_mode_t)(fuzz_u8(&input) % 3);
    char *rules = fuzz_text(fuzz_take(&input, fuzz_u8(&input)), "*:|:V |:N |:E |I (1) |");
    monitor_filter_t filter;
    char error[MONITOR_FILTER_ERROR_SIZE] = "";
    const bool is_filter = monitor_filter_parse(&filter, rules, error);
    FUZZ_CHECK(is_filter == (error[0] == '\0'));
    if (!is_filter) {
        filter = (monitor_filter_t){0};
    }
    text_t whole = show(mode, &filter, input, SIZE_MAX);
    text_t bytes = show(mode, &filter, input, 1);
    check(mode, &whole, input);
    FUZZ_CHECK(whole.size == bytes.size && memcmp(whole.bytes, bytes.bytes, whole.size) == 0);
    FUZZ_CHECK(whole.lines == bytes.lines);
    check_finder(rules, input);
    free(whole.bytes);
    free(bytes.bytes);
    free(rules);
}

static const struct {
    unsigned mode;
    const char *rules, *bytes;
} seeds[] = {
    {MONITOR_LINE, "", "I (12) wifi: \033[0;32mtext\033[0m\r\nesp> "},
    {MONITOR_LINE, "wifi:W *:E", "W (12) wifi: a\r\nI (1) nvs: b\nno log\n\033[32mE (1) x: c\033[m\r\n"},
    {MONITOR_LINE, "", "\033]0;t\007\033[2J\xC2\x9B\xE2\x80\xAE\xE2\x82\xAC\xFF\x80\r\r\n\b\t"},
    {MONITOR_LINE, "a:b:c", "\033[11111111111111111111111111111111m\xF0\x9F\x98"},
    {MONITOR_RAW, "", "\033[2J\xFF\r\n"},
    {MONITOR_HEX, "abab", "0123456789abcdef\nabaabab"}};

FUZZ_SEEDS(sizeof(seeds) / sizeof(seeds[0]))
{
    fuzz_put_u8(seed, seeds[number].mode);
    fuzz_put_u8(seed, (unsigned)strlen(seeds[number].rules));
    fuzz_put_text(seed, seeds[number].rules);
    fuzz_put_text(seed, seeds[number].bytes);
}
