/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a run of a plan shows on standard output: on a terminal a bar per image, else lines of what is being
 * done.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "esp_loader_plan.h"
#include "report/bar.h"
#include "report/tally.h"

/** Set the first group of fields, zero the rest. */
typedef struct {
    FILE *out;                        /**< NULL = show nothing */
    bool is_live;                     /**< true: a terminal, draw bars; false: a new line every quarter */
    const esp_loader_image_t *images; /**< of the plan; may be NULL: no total, no common width */
    const esp_loader_image_report_t *reports; /**< those the plan fills */
    size_t count;                             /**< of both */
    uint64_t (*now_ms)(void);                 /**< NULL = clock_now_ms() */
    const bar_style_t *style;                 /**< NULL = what the terminal can */

    tally_t tally;
    bool is_started;        /**< an image has been announced */
    size_t image_index;     /**< of the last event */
    size_t announced_end;   /**< after the last image that was announced */
    unsigned shown_percent; /**< of the last progress line */
    bool is_drawn;          /**< a row, at drawn_ms */
    uint64_t drawn_ms;
} progress_t;

enum { PROGRESS_LEFT_SIZE = BAR_TEXT_SIZE + 8 };

/** What goes on, for a row: a rate, or a word.
 *  @param word  for what is written or read at a rate that is not known yet */
const char *progress_state(const tally_t *tally, const char *word, char room[BAR_TEXT_SIZE]);

/** "0:12 left"; a blank, which keeps the room for it, as long as it is not known. */
const char *progress_left(const tally_t *tally, char room[PROGRESS_LEFT_SIZE]);

/** Sets out: time counts from here. */
void progress_begin(progress_t *progress);

/** on_event() of a plan. Counts in any case, also when nothing is shown. */
void progress_on_event(progress_t *progress, const esp_loader_plan_event_t *event);

/** Shows that @p done of the @p total bytes of @p name are done, when that is worth showing. */
void progress_show(progress_t *progress, const char *name, uint32_t done, uint32_t total);

/** Ends an open row, before anything else is printed. */
void progress_end_line(progress_t *progress);

#endif
