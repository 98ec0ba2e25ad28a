/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The lines of the control socket.
 */
#include "control_line.h"
#include "test.h"

#include <string.h>

static const struct {
    const char *line;
    fe_control_command_t expected;
} commands[] = {
    {"lines dtr=1 rts=0", {.verb = FE_CONTROL_LINES, .has_dtr = true, .has_rts = true, .dtr = true}},
    {"lines rts=1", {.verb = FE_CONTROL_LINES, .has_rts = true, .rts = true}},
    {" lines\tdtr=0  rts=1 ", {.verb = FE_CONTROL_LINES, .has_dtr = true, .has_rts = true, .rts = true}},
    {"rate 921600", {.verb = FE_CONTROL_RATE, .baud = 921600}},
    {"reset", {.verb = FE_CONTROL_RESET}},
    {"reset boot", {.verb = FE_CONTROL_RESET, .holds_boot = true}},
    {"unplug", {.verb = FE_CONTROL_UNPLUG}},
    {"plug", {.verb = FE_CONTROL_PLUG}},
    {"plug boot", {.verb = FE_CONTROL_PLUG, .holds_boot = true}},
    {"state", {.verb = FE_CONTROL_STATE}},
    {"stats", {.verb = FE_CONTROL_STATS}},
    {"console", {.verb = FE_CONTROL_CONSOLE}},
    {"misuse", {.verb = FE_CONTROL_MISUSE}},
    {"burns", {.verb = FE_CONTROL_BURNS}},
    {"app-rate 3000000", {.verb = FE_CONTROL_APP_RATE, .baud = 3000000}},
    {"app-echo on", {.verb = FE_CONTROL_APP_ECHO, .is_on = true}},
    {"app-echo off", {.verb = FE_CONTROL_APP_ECHO}},
    {"app-print 12  a\\n", {.verb = FE_CONTROL_APP_PRINT, .count = 12}},
    {"help", {.verb = FE_CONTROL_HELP}},
    {"quit", {.verb = FE_CONTROL_QUIT}},
};

TEST_ROWS(commands_are_read_with_their_arguments, commands)
{
    fe_control_command_t command;
    char error[100] = "";
    assert_true(fe_control_parse(row->line, &command, error, sizeof(error)));
    assert_int_equal(command.verb, row->expected.verb);
    assert_int_equal(command.holds_boot, row->expected.holds_boot);
    assert_int_equal(command.has_dtr, row->expected.has_dtr);
    assert_int_equal(command.has_rts, row->expected.has_rts);
    assert_int_equal(command.dtr, row->expected.dtr);
    assert_int_equal(command.rts, row->expected.rts);
    assert_int_equal(command.baud, row->expected.baud);
    assert_int_equal(command.is_on, row->expected.is_on);
    assert_int_equal(command.count, row->expected.count);
}

TEST(text_is_the_rest_of_the_line)
{
    fe_control_command_t command;
    char error[100];
    assert_true(fe_control_parse("save a file.bin", &command, error, sizeof(error)));
    assert_int_equal(command.verb, FE_CONTROL_SAVE);
    assert_string_equal(command.text, "a file.bin");
    assert_true(fe_control_parse("save", &command, error, sizeof(error)));
    assert_string_equal(command.text, "");
    assert_true(fe_control_parse("load x", &command, error, sizeof(error)));
    assert_int_equal(command.verb, FE_CONTROL_LOAD);
    assert_true(fe_control_parse("faults at reply 2 : drop; stale 4", &command, error, sizeof(error)));
    assert_int_equal(command.verb, FE_CONTROL_FAULTS);
    assert_string_equal(command.text, "at reply 2 : drop; stale 4");
    assert_true(fe_control_parse("app-print 2  a", &command, error, sizeof(error)));
    assert_string_equal(command.text, " a");
}

static const struct {
    const char *line;
    const char *sentence;
} refusals[] = {
    {"", "unknown command; try help"},
    {"resets", "unknown command; try help"},
    {"re", "unknown command; try help"},
    {"Reset", "unknown command; try help"},
    {"reset boots", "reset: expected 'boot' or nothing after it; try help"},
    {"quit now", "quit: expected nothing after it; try help"},
    {"lines", "lines: expected dtr=0|1 and/or rts=0|1 after it; try help"},
    {"lines dtr=2", "lines: expected dtr=0|1 and/or rts=0|1 after it; try help"},
    {"lines dtr=1x", "lines: expected dtr=0|1 and/or rts=0|1 after it; try help"},
    {"rate", "rate: expected a rate in baud, at most 10000000 after it; try help"},
    {"rate 0", "rate: expected a rate in baud, at most 10000000 after it; try help"},
    {"rate -1", "rate: expected a rate in baud, at most 10000000 after it; try help"},
    {"rate 10000001", "rate: expected a rate in baud, at most 10000000 after it; try help"},
    {"rate 9600 baud", "rate: expected a rate in baud, at most 10000000 after it; try help"},
    {"load", "load: expected something after it; try help"},
    {"app-rate", "app-rate: expected a rate in baud, at most 10000000 after it; try help"},
    {"app-echo yes", "app-echo: expected on or off after it; try help"},
    {"app-print x", "app-print: expected a count, at most 1000000, and a text after it; try help"},
    {"app-print 0 x", "app-print: expected a count, at most 1000000, and a text after it; try help"},
    {"app-print 1000001 x", "app-print: expected a count, at most 1000000, and a text after it; try help"},
    {"app-print 1", "app-print: expected a count, at most 1000000, and a text after it; try help"},
    {"faults  ", "faults: expected something after it; try help"},
};

TEST_ROWS(what_is_no_command_is_refused_with_a_sentence, refusals)
{
    fe_control_command_t command;
    char error[100] = "";
    assert_false(fe_control_parse(row->line, &command, error, sizeof(error)));
    assert_string_equal(error, row->sentence);
}

/* Every line of the help begins with a command that exists. */
TEST(help_names_only_commands_that_exist)
{
    size_t lines = 0;
    for (const char *line = fe_control_help; *line != '\0'; line += strcspn(line, "\n") + 1) {
        char name[32] = "";
        char error[100] = "";
        fe_control_command_t command;
        memcpy(name, line, strcspn(line, " "));
        (void)fe_control_parse(name, &command, error, sizeof(error));
        assert_string_not_equal(error, "unknown command; try help");
        lines++;
    }
    assert_int_equal(lines, FE_CONTROL_QUIT + 1);
}
