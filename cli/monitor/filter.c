/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A line of ESP-IDF's log is "I (1234) wifi: text", perhaps with a colour in front and without a time.
 */
#define _GNU_SOURCE
#include "monitor/filter.h"

#include <stdio.h>
#include <string.h>

static const char letters[] = "NEWIDV";

/** Level of a letter, in either case. */
static bool find_level(char letter, monitor_level_t *out_level)
{
    const char upper = letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
    const char *at = upper != '\0' ? strchr(letters, upper) : NULL;

    *out_level = at != NULL ? (monitor_level_t)(at - letters) : MONITOR_LEVEL_VERBOSE;
    return at != NULL || letter == '*';
}

/** Takes one rule; NULL, or what is wrong with it. */
static const char *parse_rule(monitor_rule_t *rule, const char *text, size_t size)
{
    const char *colon = memchr(text, ':', size);
    const size_t level_size = colon != NULL ? size - (size_t)(colon - text) - 1 : 0;

    *rule = (monitor_rule_t){.tag = text, .tag_size = size - (colon != NULL ? level_size + 1 : 0)};
    rule->level = MONITOR_LEVEL_VERBOSE;
    if (rule->tag_size == 0) {
        return "has no tag";
    }
    if (level_size > 1 || (level_size == 1 && !find_level(colon[1], &rule->level))) {
        return "has an unknown level: N, E, W, I, D and V are known";
    }
    return NULL;
}

bool monitor_filter_parse(monitor_filter_t *filter, const char *text, char error[MONITOR_FILTER_ERROR_SIZE])
{
    *filter = (monitor_filter_t){0};
    for (text += strspn(text, " \t"); *text != '\0'; text += strspn(text, " \t")) {
        const size_t size = strcspn(text, " \t");
        const char *why = filter->count == MONITOR_FILTER_RULES
                              ? "is one more than there may be"
                              : parse_rule(&filter->rules[filter->count], text, size);

        if (why != NULL) {
            snprintf(error, MONITOR_FILTER_ERROR_SIZE, "rule '%.*s' %s", (int)(size < 40 ? size : 40), text,
                     why);
            return false;
        }
        filter->count++;
        text += size;
    }
    return true;
}

/** Cuts off a colour in front. */
static void skip_colour(const char **line, size_t *size)
{
    const char *text = *line;
    size_t end = 2;

    if (*size < 3 || text[0] != '\033' || text[1] != '[') {
        return;
    }
    while (end < *size && ((text[end] >= '0' && text[end] <= '9') || text[end] == ';')) {
        end++;
    }
    if (end < *size && text[end] == 'm') {
        *line += end + 1;
        *size -= end + 1;
    }
}

/** Takes a line of a log apart; false when it is none. */
static bool parse_line(const char *line, size_t size, monitor_rule_t *out_line)
{
    skip_colour(&line, &size);
    if (size < 2 || line[1] != ' ' || line[0] == '*' || !find_level(line[0], &out_line->level) ||
        out_line->level == MONITOR_LEVEL_NONE || line[0] > 'Z') {
        return false;
    }
    const char *tag = line + 2;
    const char *end = line + size;
    if (tag < end && *tag == '(') {
        const char *close = memchr(tag, ')', (size_t)(end - tag));
        if (close != NULL && end - close >= 2 && close[1] == ' ') {
            tag = close + 2;
        }
    }
    const char *colon = tag < end ? memchr(tag, ':', (size_t)(end - tag)) : NULL;
    if (colon == NULL || colon == tag || end - colon < 2 || colon[1] != ' ') {
        return false;
    }
    out_line->tag = tag;
    out_line->tag_size = (size_t)(colon - tag);
    return true;
}

/** Level of a tag; NULL when no rule names it. */
static const monitor_level_t *find_rule(const monitor_filter_t *filter, const char *tag, size_t size)
{
    for (size_t i = filter->count; i > 0; i--) {
        const monitor_rule_t *rule = &filter->rules[i - 1];

        if (rule->tag_size == size && memcmp(rule->tag, tag, size) == 0) {
            return &rule->level;
        }
    }
    return NULL;
}

bool monitor_filter_shows(const monitor_filter_t *filter, const char *line, size_t size)
{
    monitor_rule_t log;

    if (filter->count == 0) {
        return true;
    }
    const monitor_level_t *others = find_rule(filter, "*", 1);
    if (!parse_line(line, size, &log)) {
        return others != NULL && *others != MONITOR_LEVEL_NONE;
    }
    const monitor_level_t *own = find_rule(filter, log.tag, log.tag_size);
    own = own != NULL ? own : others;
    return own != NULL && *own >= log.level;
}
