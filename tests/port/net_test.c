/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The net port on socket://: a raw stream, and every way it ends.
 */
#include <stdio.h>
#include <sys/socket.h>

#include "esp_loader.h"
#include "net_fixture.h"
#include "test.h"

TEST_NET(raw_stream_carries_bytes_unchanged_both_ways)
{
    static const server_step_t script[] = {{"c000ffdbfffac0", "ff00fffa11"}};

    net_test_start("socket://127.0.0.1:%u", AF_INET, script, 1, false);
    assert_port_opens();
    net_test_writes("c000ffdbfffac0");
    net_test_reads("ff00fffa11");
    assert_read_fails(0, ESP_LOADER_ERROR_TIMEOUT);
}

TEST_NET(raw_stream_has_no_lines_and_no_rate)
{
    net_test_start("socket://127.0.0.1:%u", AF_INET, NULL, 0, false);
    assert_port_opens();
    assert_null(port_under_test->ops->set_lines);
    assert_null(port_under_test->ops->set_rate);
}

TEST_NET(ipv6_address_in_brackets_is_connected_to)
{
    static const server_step_t script[] = {{"01", "02"}};

    net_test_start("socket://[::1]:%u", AF_INET6, script, 1, false);
    assert_port_opens();
    net_test_writes("01");
    net_test_reads("02");
}

TEST_NET(closed_connection_is_reported_after_the_last_byte)
{
    static const server_step_t script[] = {{NULL, "0102"}};
    net_test_start("socket://127.0.0.1:%u", AF_INET, script, 1, true);
    assert_port_opens();
    net_test_reads("0102");
    assert_read_fails(PATIENT_MS, ESP_LOADER_ERROR_DISCONNECTED);
}

TEST(port_nobody_listens_on_is_not_found)
{
    net_test_start("socket://127.0.0.1:%u", AF_INET, NULL, 0, true);
    assert_port_opens(); /* ends the server, whose port is free then */
    net_test_finish();
    assert_int_equal(port_init(), ESP_LOADER_ERROR_PORT_NOT_FOUND);
}

TEST(malformed_or_missing_url_is_an_invalid_parameter)
{
    net_port_t port = {.port.ops = &net_ops, .url = "telnet://h:1"};
    net_port_t empty = {.port.ops = &net_ops};

    assert_int_equal(port.port.ops->init(&port.port), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(empty.port.ops->init(&empty.port), ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST(closed_port_answers_disconnected_to_everything)
{
    net_port_t port = {.port.ops = &net_ops, .url = "rfc2217://h:1"};

    port_under_test = &port.port;
    port_deinit();
    assert_port_disconnected();
}

TEST(library_accepts_the_port_and_reopens_it_without_deinit)
{
    static const server_step_t script[] = {{NULL, "00"}};
    scripted_server_t second;
    char url[64];
    esp_loader_t loader;

    net_test_start("socket://127.0.0.1:%u", AF_INET, script, 1, false);
    scripted_server_start(&second, AF_INET, script, 1, false);
    snprintf(url, sizeof(url), "socket://127.0.0.1:%u", second.port);
    assert_int_equal(esp_loader_init_serial(&loader, port_under_test), ESP_LOADER_SUCCESS);
    net_test.port.url = url;
    assert_int_equal(esp_loader_init_serial(&loader, port_under_test), ESP_LOADER_SUCCESS);
    assert_true(scripted_server_stop(&net_test.server)); /* the first connection has been closed */
    esp_loader_deinit(&loader);
    assert_true(scripted_server_stop(&second));
}
