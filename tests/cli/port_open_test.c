/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which port a text after --port chooses.
 */
#include <string.h>

#include "ports/port_open.h"
#include "session/session.h"
#include "test.h"

TEST(path_is_a_serial_device_with_lines_and_rate)
{
    cli_port_t port;

    assert_true(cli_port_prepare(&port, "/dev/ttyACM0"));
    assert_ptr_equal(port.port, &port.as.serial.port);
    assert_ptr_equal(port.port->ops, &linux_uart_ops);
    assert_string_equal(port.as.serial.device, "/dev/ttyACM0");
    assert_int_equal(port.as.serial.gpio_mode, LINUX_GPIO_DTR_RTS);
    assert_true(port.has_rate);
}

TEST(url_is_a_network_port_of_which_only_rfc2217_has_a_rate)
{
    cli_port_t port;

    assert_true(cli_port_prepare(&port, "socket://h:1"));
    assert_ptr_equal(port.port, &port.as.net.port);
    assert_false(port.has_rate);
    assert_true(cli_port_prepare(&port, "rfc2217://h:1"));
    assert_true(port.has_rate);
    assert_string_equal(port.as.net.url, "rfc2217://h:1");
}

TEST(usb_device_is_chosen_without_its_tty)
{
    cli_port_t port;

    assert_true(cli_port_prepare(&port, "usb:1-2.3"));
    assert_ptr_equal(port.port, &port.as.usb.port);
    assert_ptr_equal(port.port->ops, &linux_usb_ops);
    assert_string_equal(port.as.usb.bus_path, "1-2.3");
    assert_true(port.has_rate);
}

TEST(options_that_make_no_sense_are_refused_in_a_sentence)
{
    static const struct {
        int id;
        const char *value;
        const char *sentence;
    } cases[] = {
        {OPTION_BAUD, "fast", "invalid baud rate 'fast'"},
        {OPTION_BAUD, "0", "invalid baud rate '0'"},
        {OPTION_TIMEOUT, "soon", "--timeout is a number of seconds up to 60, not 'soon'"},
        {OPTION_TIMEOUT, "61", "--timeout is a number of seconds up to 60, not '61'"},
        {OPTION_TIMEOUT, "0", "--timeout is a number of seconds up to 60, not '0'"},
        {OPTION_BEFORE, "boot", "--before is reset or no-reset, not 'boot'"},
        {OPTION_AFTER, "no-reset", "--after is reset or stay, not 'no-reset'"},
        {OPTION_CHIP, "esp64", "unknown chip 'esp64'"},
    };
    session_options_t options;
    char error[ARGS_ERROR_SIZE];

    session_options_init(&options);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(session_options_take(&options, cases[i].id, cases[i].value, error));
        assert_string_equal(error, cases[i].sentence);
    }
}

TEST(options_are_checked_together_before_anything_is_opened)
{
    session_options_t options;
    char error[ARGS_ERROR_SIZE];

    session_options_init(&options);
    assert_false(session_options_check(&options, error));
    assert_string_equal(error, "no port given: add --port");
    assert_true(session_options_take(&options, OPTION_PORT, "tcp://h:1", error));
    assert_false(session_options_check(&options, error));
    assert_string_equal(error, "'tcp://h:1' is neither socket://HOST:PORT nor rfc2217://HOST:PORT");
    assert_true(session_options_take(&options, OPTION_PORT, "socket://h:1", error));
    assert_true(session_options_check(&options, error));
    assert_true(session_options_take(&options, OPTION_BAUD, "460800", error));
    assert_false(session_options_check(&options, error));
    assert_string_equal(error, "a socket:// port has no baud rate: leave out --baud");
    assert_true(session_options_take(&options, OPTION_PORT, "rfc2217://h:1", error));
    assert_true(session_options_check(&options, error));
}
