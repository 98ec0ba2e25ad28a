/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The net port on socket://: a raw stream, and every way it ends.
 */
#include <sys/socket.h>

#include "esp_loader.h"
#include "net_fixture.h"
#include "test.h"

TEST(raw_stream_carries_bytes_unchanged_both_ways)
{
    static const server_step_t script[] = {{"c000ffdbfffac0", "ff00fffa11"}};
    net_test_t test;
    size_t written = 0;

    net_test_start(&test, "socket://127.0.0.1:%u", AF_INET, script, 1, false);
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(net_test_write(&test, "c000ffdbfffac0", &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, 7);
    net_test_reads(&test, "ff00fffa11");
    net_test_read_fails(&test, 0, ESP_LOADER_ERROR_TIMEOUT);
    net_test_finish(&test);
}

TEST(raw_stream_has_no_lines_and_no_rate)
{
    net_test_t test;

    net_test_start(&test, "socket://127.0.0.1:%u", AF_INET, NULL, 0, false);
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_null(test.port.port.ops->set_lines);
    assert_null(test.port.port.ops->set_rate);
    net_test_finish(&test);
}

TEST(ipv6_address_in_brackets_is_connected_to)
{
    static const server_step_t script[] = {{"01", "02"}};
    net_test_t test;
    size_t written = 0;

    net_test_start(&test, "socket://[::1]:%u", AF_INET6, script, 1, false);
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(net_test_write(&test, "01", &written), ESP_LOADER_SUCCESS);
    net_test_reads(&test, "02");
    net_test_finish(&test);
}

TEST(closed_connection_is_reported_after_the_last_byte)
{
    static const server_step_t script[] = {{NULL, "0102"}};
    net_test_t test;

    net_test_start(&test, "socket://127.0.0.1:%u", AF_INET, script, 1, true);
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    net_test_reads(&test, "0102");
    net_test_read_fails(&test, PATIENT_MS, ESP_LOADER_ERROR_DISCONNECTED);
    net_test_finish(&test);
}

TEST(port_nobody_listens_on_is_not_found)
{
    net_test_t test;

    net_test_start(&test, "socket://127.0.0.1:%u", AF_INET, NULL, 0, true);
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS); /* ends the server, whose port is free then */
    net_test_finish(&test);
    assert_int_equal(net_test_open(&test), ESP_LOADER_ERROR_PORT_NOT_FOUND);
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
    size_t count = 99;
    uint8_t byte = 0;

    port.port.ops->deinit(&port.port);
    assert_int_equal(port.port.ops->write_all(&port.port, &byte, 1, 0, &count),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
    assert_int_equal(port.port.ops->read_some(&port.port, &byte, 1, 0, &count),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port.port.ops->set_lines(&port.port, true, true), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port.port.ops->set_rate(&port.port, 9600), ESP_LOADER_ERROR_DISCONNECTED);
}

TEST(library_accepts_the_port_and_reopens_it_without_deinit)
{
    static const server_step_t script[] = {{NULL, "00"}};
    net_test_t first;
    net_test_t second;
    esp_loader_t loader;

    net_test_start(&first, "socket://127.0.0.1:%u", AF_INET, script, 1, false);
    net_test_start(&second, "socket://127.0.0.1:%u", AF_INET, script, 1, false);
    assert_int_equal(esp_loader_init_serial(&loader, &first.port.port), ESP_LOADER_SUCCESS);
    first.port.url = second.url;
    assert_int_equal(esp_loader_init_serial(&loader, &first.port.port), ESP_LOADER_SUCCESS);
    assert_true(scripted_server_stop(&first.server)); /* the first connection has been closed */
    esp_loader_deinit(&loader);
    assert_true(scripted_server_stop(&second.server));
}
