/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Putting together what a row says.
 */
#include "options/option_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "options/name.h"

typedef struct {
    char *room;
    size_t used;
} text_t;

__attribute__((format(printf, 2, 3))) static void add(text_t *text, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int size = vsnprintf(text->room + text->used, OPTION_TEXT_SIZE - text->used, format, arguments);
    va_end(arguments);
    if (size > 0 && text->used + (size_t)size < OPTION_TEXT_SIZE) {
        text->used += (size_t)size;
    }
}

/** " Title `a`, `b`." */
static void add_list(text_t *text, const char *title, const char *words, const char *prefix)
{
    const char *between = "";
    size_t size;

    add(text, " %s ", title);
    for (const char *word; (word = name_next(&words, &size)) != NULL; between = ", ") {
        add(text, "%s`%s%.*s`", between, prefix, (int)size, word);
    }
    add(text, ".");
}

/** Other spellings of the choices. */
static void add_choices(text_t *text, const char *const *choices)
{
    for (size_t i = 0; choices[i] != NULL; i++) {
        const char *words = choices[i];
        size_t size;
        char title[64];

        const char *first = name_next(&words, &size);
        if (first != NULL && *words != '\0') {
            snprintf(title, sizeof(title), "Also understood as `%.*s`:", (int)size, first);
            add_list(text, title, words, "");
        }
    }
}

const char *option_name_text(const option_t *option, char room[OPTION_NAME_SIZE])
{
    const bool has_value = option->kind != VALUE_NONE;

    snprintf(room, OPTION_NAME_SIZE, "--%s%s%s", option->name,
             !has_value             ? ""
             : option->needs_equals ? "="
                                    : " ",
             has_value ? option->value : "");
    return room;
}

const char *option_text(const option_t *option, bool is_all, char room[OPTION_TEXT_SIZE])
{
    text_t text = {.room = room};

    add(&text, "%s", option->help);
    if (option->fallback != NULL) {
        add(&text, " (default: `%s`)", option->fallback);
    }
    if (!is_all) {
        return room;
    }
    add(&text, ".");
    if (option->more != NULL) {
        add(&text, " %s", option->more);
    }
    if (option->aliases != NULL) {
        add_list(&text, "Also", option->aliases, "--");
    }
    if (option->kind == VALUE_CHOICE) {
        add_choices(&text, option->choices);
    }
    if (option->environment != NULL) {
        add_list(&text, "Environment:", option->environment, "");
    }
    return room;
}
