/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source of the notation: the documentation of configparser in Python's library, with its defaults.
 */
#include "config/ini.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char blanks[] = " \t\r\f\v";

/** Cuts blanks off both ends. */
static char *trim(char *text)
{
    text += strspn(text, blanks);
    for (size_t size = strlen(text); size > 0 && strchr(blanks, text[size - 1]) != NULL; size--) {
        text[size - 1] = '\0';
    }
    return text;
}

static bool fail(char error[CONFIG_ERROR_SIZE], const char *sentence)
{
    snprintf(error, CONFIG_ERROR_SIZE, "%s", sentence);
    return false;
}

/** A line of the section that is no comment, its end a 0.
 *  @param indent  blanks in front of the key before it; one with more would belong to that key's value */
static bool take_entry(char *text, size_t *indent, const config_taker_t *taker, config_entry_t *entry,
                       char error[CONFIG_ERROR_SIZE])
{
    const size_t own_indent = strspn(text, blanks);
    char *equals = strpbrk(text, "=:");

    if (own_indent > *indent) {
        return fail(error, "values of several lines are not understood");
    }
    *indent = own_indent;
    text += own_indent;
    if (equals == NULL || equals == text) {
        return fail(error, "expected NAME = VALUE");
    }
    *equals = '\0';
    for (char *c = text; *c != '\0'; c++) { /* names are the same in either case */
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    entry->key = trim(text);
    entry->value = trim(equals + 1);
    return taker->take(taker->ctx, entry, error);
}

bool ini_read(char *text, size_t size, const char *section, const config_taker_t *taker,
              bool *out_has_section, config_error_t *error)
{
    config_entry_t entry = {.table = section, .kind = CONFIG_TEXT};
    const size_t section_size = strlen(section);
    bool is_inside = false;
    size_t indent = SIZE_MAX;

    *out_has_section = false;
    for (size_t at = 0; at < size;) {
        char *line = text + at;
        const char *newline = memchr(line, '\n', size - at);
        const size_t length = newline != NULL ? (size_t)(newline - line) : size - at;

        line[length] = '\0';
        at += length + 1;
        entry.line++;
        const char *first = line + strspn(line, blanks);
        if (*first == '\0' || *first == '#' || *first == ';') {
            continue;
        }
        if (line[0] == '[') {
            indent = SIZE_MAX;
            is_inside = strncmp(line + 1, section, section_size) == 0 && line[1 + section_size] == ']';
            *out_has_section = *out_has_section || is_inside;
        } else if (is_inside && !take_entry(line, &indent, taker, &entry, error->text)) {
            error->line = entry.line;
            return false;
        }
    }
    return true;
}
