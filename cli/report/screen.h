/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rows at the bottom of a terminal that are drawn again and again, and the text that goes above them. The cursor
 * stays at the end of the last row, nothing is hidden and no mode is changed: a program that is killed leaves
 * no more than a row that is not ended.
 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/bar.h"

/** Is it a terminal on which rows can be drawn again? Not for TERM=dumb, nor without TERM. */
bool screen_is_live(FILE *out);

/** What rows may look like there now; asked again for each, since terminals are resized. Block elements where
 * the locale is UTF-8; no colours with NO_COLOR. */
bar_style_t screen_style(FILE *out);

/** Rows of the terminal; 24 when it does not report them. */
unsigned screen_height(FILE *out);

/** Draws @p count rows, over those that are there.
 *  @param widths  the columns that each takes */
void screen_draw(FILE *out, char (*rows)[BAR_SIZE], const unsigned *widths, size_t count);

/** Leaves the rows as they are and goes on below them. */
void screen_keep(void);

/** Wipes the rows, so that text can be printed in their place; the next drawing puts them below it. Until
 * screen_end_text() no other thread draws. */
void screen_begin_text(void);
void screen_end_text(void);

/** Nothing is drawn or wiped any more; for a signal handler that has ended the row itself. */
void screen_stop(void);

#endif
