/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which lines of ESP-IDF's log are shown, in the syntax of ESP-IDF's monitor: "wifi:W *:E". Source: ESP-IDF
 * Programming Guide, IDF Monitor, "Output Filtering".
 */
#ifndef CLI_MONITOR_FILTER_H
#define CLI_MONITOR_FILTER_H

#include <stdbool.h>
#include <stddef.h>

enum { MONITOR_FILTER_RULES = 32, MONITOR_FILTER_ERROR_SIZE = 128 };

/** From MONITOR_LEVEL_NONE, nothing, to MONITOR_LEVEL_VERBOSE, everything. */
typedef enum {
    MONITOR_LEVEL_NONE,
    MONITOR_LEVEL_ERROR,
    MONITOR_LEVEL_WARNING,
    MONITOR_LEVEL_INFO,
    MONITOR_LEVEL_DEBUG,
    MONITOR_LEVEL_VERBOSE,
} monitor_level_t;

typedef struct {
    const char *tag; /**< "*" = all that have no rule of their own, and lines that are no log */
    size_t tag_size;
    monitor_level_t level; /**< lines up to this one are shown */
} monitor_rule_t;

/** Zero = everything is shown. */
typedef struct {
    monitor_rule_t rules[MONITOR_FILTER_RULES];
    size_t count;
} monitor_filter_t;

/** Reads rules TAG:LEVEL, or TAG for all levels, separated by blanks; LEVEL is N, E, W, I, D, V or *. @p text
 * must stay valid. false and one sentence in @p error when it is no filter. */
bool monitor_filter_parse(monitor_filter_t *filter, const char *text, char error[MONITOR_FILTER_ERROR_SIZE]);

/** Is the line of @p size bytes, which may hold anything, shown? Of two rules for a tag the last one counts; what
 * no rule names is not shown. */
bool monitor_filter_shows(const monitor_filter_t *filter, const char *line, size_t size);

#endif
