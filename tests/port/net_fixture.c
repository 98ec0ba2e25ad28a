/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The net port and its scripted server.
 */
#include <stdio.h>
#include <string.h>

#include "hex.h"
#include "net_fixture.h"
#include "test.h"

void net_test_start(net_test_t *test, const char *format, int family, const server_step_t *steps,
                    size_t count, bool closes_at_end)
{
    scripted_server_start(&test->server, family, steps, count, closes_at_end);
    snprintf(test->url, sizeof(test->url), format, test->server.port);
    test->port = (net_port_t){.port.ops = &net_ops, .url = test->url, .connect_timeout_ms = PATIENT_MS};
}

esp_loader_error_t net_test_open(net_test_t *test)
{
    return test->port.port.ops->init(&test->port.port);
}

/** Closes the client; the script must have been followed to its end. */
void net_test_finish(net_test_t *test)
{
    test->port.port.ops->deinit(&test->port.port);
    assert_true(scripted_server_stop(&test->server));
}

esp_loader_error_t net_test_write(net_test_t *test, const char *text, size_t *out_written)
{
    hex_t hex = hex_parse(text);

    return test->port.port.ops->write_all(&test->port.port, hex.bytes, hex.size, PATIENT_MS, out_written);
}

/** Reads until @p text has come. */
void net_test_reads(net_test_t *test, const char *text)
{
    hex_t wanted = hex_parse(text);
    uint8_t buf[HEX_MAX];
    size_t size = 0;

    while (size < wanted.size) {
        size_t got = 0;

        assert_int_equal(test->port.port.ops->read_some(&test->port.port, buf + size, wanted.size - size,
                                                        PATIENT_MS, &got),
                         ESP_LOADER_SUCCESS);
        assert_in_range(got, 1, wanted.size - size);
        size += got;
    }
    assert_memory_equal(buf, wanted.bytes, size);
}

void net_test_read_fails(net_test_t *test, uint32_t timeout_ms, esp_loader_error_t expected)
{
    uint8_t byte = 0;
    size_t got = 99;

    assert_int_equal(test->port.port.ops->read_some(&test->port.port, &byte, 1, timeout_ms, &got), expected);
    assert_int_equal(got, 0);
}
