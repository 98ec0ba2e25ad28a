/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Text: one that grows, one that is safe to print, one sentence of why something failed.
 */
#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Text that grows; always NUL terminated once something was added. */
typedef struct {
    char *text;
    size_t length;
    size_t capacity;
} sim_text_t;

void sim_text_add(sim_text_t *text, const char *bytes, size_t size);
/** The text, "" while it is empty. */
const char *sim_text_get(const sim_text_t *text);
void sim_text_free(sim_text_t *text);

/** Copies a text field of at most @p size bytes to @p out, which has room for one more. Anything that does
 * not print becomes a '?': what is in the flash must not act on the user's terminal. */
void sim_copy_text(char *out, const uint8_t *field, size_t size);

enum { SIM_LINE_SIZE = 512 };

/** Formats into a line buffer; an overlong line is cut. Returns its length. */
size_t sim_format_line(char line[SIM_LINE_SIZE], const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/** snprintf for the error sentences of the public interface; @p error may be NULL. Always returns false. */
bool sim_error(char *error, size_t error_size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
