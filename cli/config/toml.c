/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A line has one key at most, so the text is read line by line. Source: TOML 1.0.0.
 */
#include "config/toml.h"

#include <stdio.h>
#include <string.h>

/** The line that is read: its end is a 0, and what has been read may be overwritten. */
typedef struct {
    char *at;
    const char *table;
    unsigned number;
    const config_taker_t *taker;
    char *error;
} line_t;

static bool fail(line_t *line, const char *sentence)
{
    snprintf(line->error, CONFIG_ERROR_SIZE, "%s", sentence);
    return false;
}

static void skip_blanks(line_t *line)
{
    line->at += strspn(line->at, " \t");
}

/** Nothing but a comment may follow. */
static bool is_at_end(line_t *line)
{
    skip_blanks(line);
    return *line->at == '\0' || *line->at == '#';
}

/** Takes a plain name; the character after it is left where it is. NULL = there is none. */
static char *take_name(line_t *line, size_t *out_size)
{
    char *name = line->at;

    *out_size = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    line->at += *out_size;
    return *out_size != 0 ? name : NULL;
}

/** [NAME] */
static bool take_table(line_t *line)
{
    size_t size;

    line->at++;
    if (*line->at == '[') {
        return fail(line, "arrays of tables are not understood");
    }
    skip_blanks(line);
    char *name = take_name(line, &size);
    skip_blanks(line);
    if (name == NULL || *line->at != ']') {
        return fail(line, "expected the name of a table in brackets, of letters, digits, '-' and '_'");
    }
    line->at++;
    if (!is_at_end(line)) {
        return fail(line, "expected the end of the line after the table");
    }
    name[size] = '\0';
    line->table = name;
    return true;
}

/** A text in @p quote, without its escapes. NULL = it has been refused. */
static char *take_text(line_t *line, char quote)
{
    const char triple[] = {quote, quote, quote, '\0'};
    char *text = line->at + 1;
    char *to = text;

    if (strncmp(line->at, triple, 3) == 0) {
        fail(line, "texts of several lines are not understood");
        return NULL;
    }
    for (char *from = text; *from != '\0'; from++) {
        if (*from == quote) {
            line->at = from + 1;
            *to = '\0';
            return text;
        }
        if (*from == '\\' && quote == '"') {
            from++;
            if (*from != '"' && *from != '\\') {
                fail(line, "of the escapes \\\" and \\\\ are understood");
                return NULL;
            }
        }
        *to++ = *from;
    }
    fail(line, "the text has no end: a quote is missing");
    return NULL;
}

/** Copies digits without the underscores between them. false: there are none, or an underscore is somewhere else. */
static bool take_digits(line_t *line, const char *digits, char **to)
{
    bool was_digit = false;

    for (;;) {
        const char c = *line->at;

        if (c != '\0' && strchr(digits, c) != NULL) {
            *(*to)++ = c;
            was_digit = true;
        } else if (c == '_' && was_digit) {
            was_digit = false;
        } else {
            return was_digit;
        }
        line->at++;
    }
}

static const char decimal[] = "0123456789";

/** 115200, 921_600, 0x8000, 0.5, 1e3. Its end is made a 0 when the line is known to be right. */
static bool take_number(line_t *line, char **to)
{
    bool is_valid;

    if (*line->at == '+') {
        line->at++;
    } else if (*line->at == '-') {
        *(*to)++ = *line->at++;
    }
    if (strncmp(line->at, "0x", 2) == 0) {
        *(*to)++ = *line->at++;
        *(*to)++ = *line->at++;
        is_valid = take_digits(line, "0123456789abcdefABCDEF", to);
    } else {
        const bool has_zero =
            line->at[0] == '0' && strchr(decimal, line->at[1]) != NULL && line->at[1] != '\0';

        is_valid = !has_zero && take_digits(line, decimal, to);
        if (is_valid && *line->at == '.') {
            *(*to)++ = *line->at++;
            is_valid = take_digits(line, decimal, to);
        }
        if (is_valid && (*line->at == 'e' || *line->at == 'E')) {
            *(*to)++ = *line->at++;
            if (*line->at == '+' || *line->at == '-') {
                *(*to)++ = *line->at++;
            }
            is_valid = take_digits(line, decimal, to);
        }
    }
    return is_valid;
}

/** Takes the value and the end of the line. */
static bool take_value(line_t *line, config_entry_t *entry)
{
    char *begin = line->at;
    char *end = NULL; /* becomes a 0 */

    if (*begin == '"' || *begin == '\'') {
        entry->kind = CONFIG_TEXT;
        entry->value = take_text(line, *begin);
        if (entry->value == NULL) {
            return false;
        }
    } else if (*begin == '[' || *begin == '{') {
        return fail(line, "arrays and inline tables are not understood");
    } else if (strchr("+-0123456789", *begin) != NULL && *begin != '\0') {
        entry->kind = CONFIG_NUMBER;
        entry->value = begin;
        end = begin;
        if (!take_number(line, &end)) {
            return fail(line, "invalid number");
        }
    } else {
        const size_t size = strspn(begin, "abcdefghijklmnopqrstuvwxyz");

        if (strncmp(begin, "true", size) != 0 && strncmp(begin, "false", size) != 0) {
            return fail(line, "a text is put in quotes");
        }
        entry->kind = CONFIG_SWITCH;
        entry->value = begin;
        line->at += size;
        end = line->at;
        if (size != (*begin == 't' ? 4 : 5)) {
            return fail(line, "expected a text in quotes, a number, true or false");
        }
    }
    if (!is_at_end(line)) {
        return fail(line, "expected the end of the line after the value");
    }
    if (end != NULL) {
        *end = '\0';
    }
    return true;
}

static bool take_entry(line_t *line)
{
    config_entry_t entry = {.table = line->table, .line = line->number};
    size_t size;

    char *key = take_name(line, &size);
    if (key == NULL) {
        return fail(line, "expected a key of letters, digits, '-' and '_'");
    }
    skip_blanks(line);
    if (*line->at != '=') {
        return fail(line,
                    *line->at == '.' ? "keys with dots are not understood" : "expected '=' after the key");
    }
    line->at++;
    skip_blanks(line);
    if (!take_value(line, &entry)) {
        return false;
    }
    key[size] = '\0';
    entry.key = key;
    return line->taker->take(line->taker->ctx, &entry, line->error);
}

/** Its end is a 0. */
static bool take_line(line_t *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)line->at[i];

        if ((c < 0x20 && c != '\t') || c == 0x7F) {
            return fail(line, "a control character: this is not a text file");
        }
    }
    if (is_at_end(line)) {
        return true;
    }
    return *line->at == '[' ? take_table(line) : take_entry(line);
}

bool toml_read(char *text, size_t size, const config_taker_t *taker, config_error_t *error)
{
    line_t line = {.table = "", .taker = taker, .error = error->text};
    const size_t mark = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* of UTF-8 */

    for (size_t at = mark; at < size;) {
        const char *newline = memchr(text + at, '\n', size - at);
        size_t length = newline != NULL ? (size_t)(newline - (text + at)) : size - at;
        const size_t next = at + length + 1;

        if (newline != NULL && length > 0 && text[at + length - 1] == '\r') {
            length--;
        }
        text[at + length] = '\0';
        line.at = text + at;
        line.number++;
        if (!take_line(&line, length)) {
            error->line = line.number;
            return false;
        }
        at = next;
    }
    return true;
}
