/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which port a text after --port chooses.
 */
#include <string.h>

#include "ports/port_open.h"
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

/* The bytes of the other ports mean something else. */
TEST(only_a_network_port_is_asked_as_one)
{
    static const char *const names[] = {"/dev/ttyACM0", "usb:1-2.3", "socket://h:1"};
    static uint64_t no_connection[0x10000]; /* says yes to everything */
    cli_port_t port;

    memset(no_connection, 1, sizeof(no_connection));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_true(cli_port_prepare(&port, names[i]));
        port.as.net._connection = (struct net_connection *)no_connection;
        assert_false(cli_port_lines_are_unconfirmed(&port));
    }
}
