/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Options that all commands with a target have in common.
 */
#include <string.h>

#include "session/session_options.h"
#include "test.h"

/** Gives the options "--name text", as the command line or @p source says. */
static bool take(session_options_t *options, const char *name, const char *text, const char *source,
                 char error[OPTION_ERROR_SIZE])
{
    option_value_t value;
    const option_t *option = option_find(COMMAND_BIT(COMMAND_INFO), name, strlen(name), false);

    assert_non_null(option);
    assert_true(option_value_parse(&value, option, text, error));
    value.source = source;
    return session_options_take(options, &value, error);
}

TEST(values_that_make_no_sense_are_refused_in_a_sentence)
{
    session_options_t options;
    char error[OPTION_ERROR_SIZE];

    session_options_init(&options);
    assert_false(take(&options, "chip", "esp64", NULL, error));
    assert_string_equal(error, "unknown chip 'esp64'");
    assert_false(take(&options, "flash-size", "4", NULL, error));
    assert_string_equal(error, "invalid flash size '4': give it like 4MB");
}

TEST(values_go_where_they_belong)
{
    session_options_t options;
    char error[OPTION_ERROR_SIZE];

    session_options_init(&options);
    assert_true(take(&options, "port", "/dev/x", NULL, error));
    assert_true(take(&options, "baud", "921600", NULL, error));
    assert_true(take(&options, "timeout", "1.5", NULL, error));
    assert_true(take(&options, "before", "no-reset", NULL, error));
    assert_true(take(&options, "after", "no_reset", NULL, error));
    assert_true(take(&options, "chip", "ESP32-S3", NULL, error));
    assert_true(take(&options, "flash-size", "4MB", NULL, error));
    assert_string_equal(options.port, "/dev/x");
    assert_int_equal(options.rate_baud, 921600);
    assert_int_equal(options.timeout_ms, 1500);
    assert_true(options.is_reset_before_off);
    assert_true(options.is_stay_after);
    assert_int_equal(options.chip, ESP32S3_CHIP);
    assert_int_equal(options.flash_size, 4u << 20);
    assert_true(take(&options, "before", "default-reset", NULL, error));
    assert_true(take(&options, "after", "hard-reset", NULL, error));
    assert_false(options.is_reset_before_off);
    assert_false(options.is_stay_after);
    assert_false(options.is_quiet);
    assert_true(take(&options, "json", NULL, NULL, error));
    assert_true(options.is_json && options.is_quiet);
}

TEST(without_a_port_it_is_the_only_board)
{
    session_options_t options;
    char error[OPTION_ERROR_SIZE];

    session_options_init(&options);
    assert_true(session_options_check(&options, error));
    assert_string_equal(options.port, "auto");
    assert_true(take(&options, "port", "", NULL, error));
    assert_false(session_options_check(&options, error));
    assert_string_equal(error, "no port given: --port is empty");
}

TEST(options_are_checked_together_before_anything_is_opened)
{
    session_options_t options;
    char error[OPTION_ERROR_SIZE];

    session_options_init(&options);
    assert_true(take(&options, "port", "tcp://h:1", NULL, error));
    assert_false(session_options_check(&options, error));
    assert_string_equal(error, "'tcp://h:1' is neither socket://HOST:PORT nor rfc2217://HOST:PORT");
    assert_true(take(&options, "port", "socket://h:1", NULL, error));
    assert_true(session_options_check(&options, error));
    assert_true(take(&options, "baud", "460800", NULL, error));
    assert_false(session_options_check(&options, error));
    assert_string_equal(error, "a socket:// port has no baud rate: leave out --baud");
    assert_true(take(&options, "port", "rfc2217://h:1", NULL, error));
    assert_true(session_options_check(&options, error));
}

/* It is set once for all ports; the command line is about this one. */
TEST(a_rate_of_the_environment_counts_only_where_there_are_rates)
{
    session_options_t options;
    char error[OPTION_ERROR_SIZE];

    session_options_init(&options);
    assert_true(take(&options, "baud", "460800", "ESPBAUD", error));
    assert_true(take(&options, "port", "rfc2217://h:1", NULL, error));
    assert_true(session_options_check(&options, error));
    assert_int_equal(options.rate_baud, 460800);
    assert_true(take(&options, "port", "socket://h:1", NULL, error));
    assert_true(session_options_check(&options, error));
    assert_int_equal(options.rate_baud, 0);
}
