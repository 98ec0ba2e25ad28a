/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which lines of a log a filter shows, as ESP-IDF's monitor does.
 */
#include <string.h>

#include "monitor/filter.h"
#include "test.h"

static const struct {
    const char *rules;
    const char *line;
    bool is_shown;
} lines[] = {
    {"", "anything", true},
    {"   ", "", true},
    {"wifi", "V (12) wifi: text", true},
    {"wifi:W", "I (12) wifi: text", false},
    {"wifi:W", "W (12) wifi: text", true},
    {"wifi:W", "E (12) wifi: text", true},
    {"wifi:w", "I (12) wifi: text", false}, /* levels in either case */
    {"wifi:*", "V (12) wifi: text", true},
    {"wifi:", "V (12) wifi: text", true},
    {"wifi:N", "E (12) wifi: text", false},
    {"wifi:V", "E (12) wi: text", false}, /* what no rule names */
    {"wifi:V", "E (12) wifi2: text", false},
    {"wifi:V", "no log", false},
    {"wifi:V *:N", "no log", false},
    {"wifi:V *:E", "no log", true},
    {"wifi:V *:E", "", true},
    {"wifi:V *:E", "W (12) nvs: text", false},
    {"wifi:V *:E", "E (12) nvs: text", true},
    {"*:W wifi:I", "I (12) wifi: text", true}, /* in any order */
    {"wifi:I\t *:W", "I (12) wifi: text", true},
    {"wifi:V wifi:N", "E (12) wifi: text", false}, /* the last one counts */
    {"wifi:I", "\033[0;32mI (12) wifi: text", true},
    {"wifi:I", "\033[32mI (12) wifi: text", true},
    {"wifi:I", "\033[2JI (12) wifi: text", false}, /* no colour: no log */
    {"wifi:I", "\033[", false},
    {"wifi:I", "\033[0;3", false},
    {"wifi:I", "I wifi: text", true}, /* without a time */
    {"wifi:I", "I (12:34:56.789) wifi: text", true},
    {"wifi:I", "I (12 wifi: text", false},
    {"wifi:I", "I (12)", false},
    {"wifi:I", "I (12) ", false},
    {"wifi:I", "I (12) wifi:", false},
    {"wifi:I", "I (12) wifi:text", false},
    {"wifi:I", "X (12) wifi: text", false},
    {"wifi:I", "i (12) wifi: text", false},
    {"wifi:I", "I", false},
    {"*:V", "N (12) wifi: no level of a log", true},
};

TEST_ROWS(lines_are_shown_up_to_the_level_of_their_tag, lines)
{
    monitor_filter_t filter;
    char error[MONITOR_FILTER_ERROR_SIZE];

    assert_true(monitor_filter_parse(&filter, row->rules, error));
    assert_int_equal(monitor_filter_shows(&filter, row->line, strlen(row->line)), row->is_shown);
}

static const struct {
    const char *rules;
    const char *sentence;
} mistakes[] = {
    {":W", "rule ':W' has no tag"},
    {"wifi:Q", "rule 'wifi:Q' has an unknown level: N, E, W, I, D and V are known"},
    {"*:E wifi:WW", "rule 'wifi:WW' has an unknown level: N, E, W, I, D and V are known"},
    {"a:b:c", "rule 'a:b:c' has an unknown level: N, E, W, I, D and V are known"},
};

TEST_ROWS(what_is_no_rule_is_refused_with_a_sentence, mistakes)
{
    monitor_filter_t filter;
    char error[MONITOR_FILTER_ERROR_SIZE] = "";

    assert_false(monitor_filter_parse(&filter, row->rules, error));
    assert_string_equal(error, row->sentence);
}

TEST(there_is_room_for_so_many_rules_and_no_more)
{
    char rules[2 * (MONITOR_FILTER_RULES + 1) + 1] = "";
    char error[MONITOR_FILTER_ERROR_SIZE] = "";
    monitor_filter_t filter;

    for (size_t i = 0; i < MONITOR_FILTER_RULES; i++) {
        strcat(rules, "a ");
    }
    assert_true(monitor_filter_parse(&filter, rules, error));
    strcat(rules, "b");
    assert_false(monitor_filter_parse(&filter, rules, error));
    assert_string_equal(error, "rule 'b' is one more than there may be");
}

TEST(nothing_beyond_the_line_is_read)
{
    char *line = test_malloc(sizeof("I (12) wifi: ") - 1);
    monitor_filter_t filter;
    char error[MONITOR_FILTER_ERROR_SIZE];

    memcpy(line, "I (12) wifi: ", sizeof("I (12) wifi: ") - 1);
    assert_true(monitor_filter_parse(&filter, "wifi", error));
    for (size_t size = 0; size < sizeof("I (12) wifi: ") - 1; size++) {
        assert_false(monitor_filter_shows(&filter, line, size));
    }
    assert_true(monitor_filter_shows(&filter, line, sizeof("I (12) wifi: ") - 1));
    test_free(line);
}
