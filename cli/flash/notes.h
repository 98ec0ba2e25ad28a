/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a user should know about a run that is not a failure: an option that has no effect, a file that looks
 * like something else. One line each, and the member "notes" of the JSON report.
 */
#ifndef CLI_NOTES_H
#define CLI_NOTES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/** Zero is empty. */
typedef struct {
    char **lines;
    size_t count;
} notes_t;

/** Adds a line, and prints it on standard error unless @p is_quiet. Without memory it is only printed.
 *  @param label  of one of several targets, printed in front of it; NULL = none */
__attribute__((format(printf, 4, 5))) void notes_add(notes_t *notes, const char *label, bool is_quiet,
                                                     const char *format, ...);

/** An array of the lines, or NULL when there are none: json_pack()'s "o*" leaves it out. */
json_t *notes_json(const notes_t *notes);

void notes_free(notes_t *notes);

#endif
