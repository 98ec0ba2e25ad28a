/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Text that others have chosen: names of files, labels out of images, what USB devices call themselves. The
 * one place that makes it safe to show.
 */
#ifndef CLI_SAFE_TEXT_H
#define CLI_SAFE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { SAFE_TEXT_SIZE = 512 };

/** Makes a line safe for a terminal, in place: what is not UTF-8, control characters (C0, DEL and C1), line
 * and paragraph separators and what changes the direction of text become '?'. */
void safe_text_clean(char *line);

/** Bytes of the character that @p text begins with; 0 = it is none, or not safe for a terminal. */
size_t safe_text_character(const char *text);

/** A copy that is safe for a terminal, shortened where it does not fit. Returns @p out. */
const char *safe_text(const char *text, char out[SAFE_TEXT_SIZE]);

/** Makes a text valid UTF-8, in place: every byte that is not becomes '?'. For JSON, which escapes the rest.
 */
void safe_text_make_utf8(char *text);

#endif
