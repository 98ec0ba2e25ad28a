/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a run of a plan shows on standard output: per image what is being done, and one progress line.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "esp_loader_plan.h"

/** Set the first four fields, zero the rest. */
typedef struct {
    FILE *out;    /**< NULL = show nothing */
    bool is_live; /**< true: a terminal, rewrite the progress line; false: a new line every quarter */
    const esp_loader_image_report_t *reports; /**< those the plan fills */
    size_t count;                             /**< of images */
    bool is_started;                          /**< an image has been announced: image_index */
    size_t image_index;
    bool is_line_open;      /**< the cursor is at the end of a live progress line */
    unsigned shown_percent; /**< of the last progress line */
    size_t shown_length;    /**< of the open one */
} progress_t;

/** on_event() of a plan; @p ctx is the progress_t. */
void progress_on_event(void *ctx, const esp_loader_plan_event_t *event);

/** Shows that @p done of @p total bytes are done, when that is a new line's worth. */
void progress_show(progress_t *progress, uint32_t done, uint32_t total);

/** Ends an open progress line, before anything else is printed. */
void progress_end_line(progress_t *progress);

#endif
