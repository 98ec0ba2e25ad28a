/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The tables of commands and options, what their rows allow, and the help that is made of them.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options/help.h"
#include "options/name.h"
#include "options/option_value.h"
#include "test.h"

static const option_t *row(command_id_t command, const char *name)
{
    const option_t *option = option_find(COMMAND_BIT(command), name, strlen(name), false);

    assert_non_null(option);
    return option;
}

/* ---- the tables ---- */

/** Walked through before it is known which command it is, a name must mean one thing. */
TEST(names_mean_the_same_wherever_they_stand)
{
    for (size_t i = 0; i < option_table_count; i++) {
        for (size_t k = i + 1; k < option_table_count; k++) {
            const option_t *a = &option_table[i];
            const option_t *b = &option_table[k];

            if (strcmp(a->name, b->name) == 0) {
                assert_int_equal(a->short_name, b->short_name * (a->short_name != 0));
                assert_true((a->kind == VALUE_NONE) == (b->kind == VALUE_NONE) || b->needs_equals);
                assert_true((a->commands & b->commands) == 0 || b->needs_equals);
            } else {
                assert_true(a->short_name == 0 || a->short_name != b->short_name);
                assert_false(name_is_among(a->aliases, b->name, strlen(b->name)));
                assert_false(name_is_among(b->aliases, a->name, strlen(a->name)));
            }
        }
    }
}

TEST(rows_are_complete)
{
    for (size_t i = 0; i < option_table_count; i++) {
        const option_t *option = &option_table[i];

        assert_true(option->commands != 0 && option->id != OPTION_ID_NONE);
        assert_true(strlen(option->help) > 0 && option->help[strlen(option->help) - 1] != '.');
        assert_true(option->more == NULL || option->more[strlen(option->more) - 1] == '.');
        assert_true((option->kind == VALUE_NONE) == (option->value == NULL));
        assert_true(option->kind != VALUE_CHOICE || option->choices != NULL);
        assert_true((option->kind != VALUE_NUMBER && option->kind != VALUE_SECONDS) ||
                    option->max > option->min);
    }
    for (int id = 0; id < COMMAND_COUNT; id++) {
        const command_info_t *info = &command_table[id];

        assert_true(info->name != NULL && info->summary != NULL && info->usage != NULL && info->text != NULL);
        assert_true(info->operand_max == SIZE_MAX || info->operands_wanted != NULL);
        assert_true((info->operands == OPERANDS_WORDS) == (info->operand_words != NULL));
        assert_int_equal(command_find(info->name), id);
        assert_non_null(option_find(COMMAND_BIT(id), "help", 4, false));
    }
}

TEST(commands_are_found_by_any_spelling)
{
    assert_int_equal(command_find("load-ram"), COMMAND_LOAD_RAM);
    assert_int_equal(command_find("load_ram"), COMMAND_LOAD_RAM);
    assert_int_equal(command_find("load"), COMMAND_NONE);
    assert_int_equal(command_find(""), COMMAND_NONE);
    assert_int_equal(command_find("flash "), COMMAND_NONE);
}

/* ---- names ---- */

TEST(a_name_in_a_list_is_found_whole)
{
    assert_true(name_is_among("one two-three", "two_three", 9));
    assert_true(name_is_among("one two-three", "one=x", 3));
    assert_false(name_is_among("one two-three", "two", 3));
    assert_false(name_is_among("one two-three", "one two", 7));
    assert_false(name_is_among("one", "", 0));
    assert_false(name_is_among(NULL, "one", 3));
}

static const char *guess(const char *word, const char *name)
{
    name_guess_t found = {.word = word, .length = strlen(word)};

    name_guess(&found, name);
    return found.name;
}

TEST(slips_of_the_finger_are_guessed)
{
    assert_string_equal(guess("falsh", "flash"), "flash");  /* exchanged */
    assert_string_equal(guess("flas", "flash"), "flash");   /* missing */
    assert_string_equal(guess("fflash", "flash"), "flash"); /* superfluous */
    assert_string_equal(guess("flush", "flash"), "flash");  /* another one */
    assert_string_equal(guess("no_stubb", "no-stub"), "no-stub");
    assert_null(guess("reset", "flash"));
    assert_null(guess("", "flash"));
    assert_null(guess("q", "b"));
    assert_null(guess("a-very-long-word-that-nobody-would-ever-type", "flash"));
}

TEST(the_nearest_name_is_guessed)
{
    name_guess_t found = {.word = "flash-sise", .length = 10};

    name_guess(&found, "flash-size");
    name_guess(&found, "flash-mode");
    assert_string_equal(found.name, "flash-size");
    found.name = NULL;
    name_guess(&found, "flash-s");
    name_guess(&found, "flash-size");
    assert_string_equal(found.name, "flash-size");
}

/* ---- values ---- */

TEST(values_are_what_their_row_says)
{
    option_value_t value;
    char error[OPTION_ERROR_SIZE];

    assert_true(option_value_parse(&value, row(COMMAND_INFO, "baud"), "921600", error));
    assert_int_equal(value.number, 921600);
    assert_true(option_value_parse(&value, row(COMMAND_INFO, "timeout"), "0.1", error));
    assert_int_equal(value.number, 100);
    assert_true(option_value_parse(&value, row(COMMAND_INFO, "timeout"), "60", error));
    assert_int_equal(value.number, 60000);
    assert_true(option_value_parse(&value, row(COMMAND_INFO, "before"), "no_reset", error));
    assert_int_equal(value.number, BEFORE_NO_RESET);
    assert_true(option_value_parse(&value, row(COMMAND_INFO, "after"), "no-reset-stub", error));
    assert_int_equal(value.number, AFTER_STAY);
    assert_true(option_value_parse(&value, row(COMMAND_INFO, "port"), "", error));
    assert_string_equal(value.text, "");
    assert_null(value.source);
}

TEST(other_values_are_refused_in_a_sentence)
{
    static const struct {
        command_id_t command;
        const char *name;
        const char *text;
        const char *sentence;
    } cases[] = {
        {COMMAND_INFO, "baud", "fast", "--baud is a number from 1 on or auto, not 'fast'"},
        {COMMAND_INFO, "baud", "0", "--baud is a number from 1 on or auto, not '0'"},
        {COMMAND_WATCH, "count", "0", "--count is a number from 1 on, not '0'"},
        {COMMAND_INFO, "timeout", "soon", "--timeout is a number of seconds from 0.1 to 60, not 'soon'"},
        {COMMAND_INFO, "timeout", "61", "--timeout is a number of seconds from 0.1 to 60, not '61'"},
        {COMMAND_INFO, "timeout", "nan", "--timeout is a number of seconds from 0.1 to 60, not 'nan'"},
        {COMMAND_INFO, "before", "boot", "--before is reset or no-reset, not 'boot'"},
        {COMMAND_INFO, "after", "", "--after is reset or stay, not ''"},
    };
    option_value_t value;
    char error[OPTION_ERROR_SIZE];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(option_value_parse(&value, row(cases[i].command, cases[i].name), cases[i].text, error));
        assert_string_equal(error, cases[i].sentence);
    }
    assert_false(option_value_parse(&value, option_find(COMMAND_BIT(COMMAND_FLASH), "force-raw", 9, true),
                                    "x", error));
    assert_string_equal(error, "--force-raw is a number, not 'x'");
}

TEST(the_first_variable_that_is_set_counts)
{
    char name[64];
    const char *text;

    unsetenv("EL_TEST_A");
    unsetenv("EL_TEST_B");
    assert_null(option_value_find_variable("EL_TEST_A EL_TEST_B", name, &text));
    assert_null(option_value_find_variable(NULL, name, &text));
    setenv("EL_TEST_B", "b", 1);
    assert_string_equal(option_value_find_variable("EL_TEST_A EL_TEST_B", name, &text), "EL_TEST_B");
    assert_string_equal(text, "b");
    setenv("EL_TEST_A", "", 1); /* is none */
    assert_string_equal(option_value_find_variable("EL_TEST_A EL_TEST_B", name, &text), "EL_TEST_B");
    setenv("EL_TEST_A", "a", 1);
    assert_string_equal(option_value_find_variable("EL_TEST_A EL_TEST_B", name, &text), "EL_TEST_A");
    assert_string_equal(text, "a");
}

/* ---- help ---- */

enum { HELP_SIZE = 16384 };

static const char *help_of(command_id_t id, bool is_all)
{
    static char text[HELP_SIZE];
    FILE *out = fmemopen(text, sizeof(text), "w");

    assert_non_null(out);
    if (id == COMMAND_NONE) {
        help_print_program(out);
    } else {
        help_print_command(out, id, is_all);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        assert_non_null(strchr(line, '\n'));
        assert_true(strcspn(line, "\n") <= 80);
        assert_true(line[0] == '\n' || line[strcspn(line, "\n") - 1] != ' ');
        count++;
    }
    return count;
}

TEST(help_fits_on_a_small_terminal)
{
    for (int id = 0; id <= COMMAND_COUNT; id++) {
        assert_true(count_lines(help_of((command_id_t)id, false)) <= 40);
    }
}

TEST(all_of_help_has_every_option_and_its_variables)
{
    for (int id = 0; id < COMMAND_COUNT; id++) {
        const char *text = help_of((command_id_t)id, true);

        assert_true(count_lines(text) > 0);
        for (size_t i = 0; i < option_table_count; i++) {
            const option_t *option = &option_table[i];
            char name[64];

            if (option_is_of(option, (command_id_t)id)) {
                snprintf(name, sizeof(name), "--%s%s", option->name, option->needs_equals ? "=" : "");
                assert_non_null(strstr(text, name));
            }
        }
        const option_t *baud = option_find(COMMAND_BIT(id), "baud", 4, false);
        assert_true((strstr(text, "ESPBAUD") != NULL) == (baud != NULL && baud->id == OPTION_BAUD));
    }
    assert_non_null(strstr(help_of(COMMAND_FLASH, true), "usb-reset"));
    assert_null(strstr(help_of(COMMAND_FLASH, false), "usb-reset"));
    assert_null(strchr(help_of(COMMAND_FLASH, true), '`'));
}
