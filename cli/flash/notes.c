/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A list of lines.
 */
#define _GNU_SOURCE
#include "flash/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/json_report.h"
#include "report/report.h"

void notes_add(notes_t *notes, const char *label, bool is_quiet, const char *format, ...)
{
    char line[REPORT_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (!is_quiet) {
        report_note(label, "%s", line);
    }
    char **lines = reallocarray(notes->lines, notes->count + 1, sizeof(*lines));
    if (lines == NULL) {
        return;
    }
    notes->lines = lines;
    lines[notes->count] = strdup(line);
    notes->count += lines[notes->count] != NULL ? 1 : 0;
}

static json_t *line_at(const void *ctx, size_t index)
{
    const notes_t *notes = ctx;

    return json_report_text(notes->lines[index]);
}

json_t *notes_json(const notes_t *notes)
{
    return notes->count != 0 ? json_report_array(notes->count, line_at, notes) : NULL;
}

void notes_free(notes_t *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        free(notes->lines[i]);
    }
    free(notes->lines);
    *notes = (notes_t){0};
}
