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

net_test_t net_test;

void net_test_start(const char *format, int family, const server_step_t *steps, size_t count,
                    bool closes_at_end)
{
    scripted_server_start(&net_test.server, family, steps, count, closes_at_end);
    snprintf(net_test.url, sizeof(net_test.url), format, net_test.server.port);
    net_test.port = (net_port_t){.port.ops = &net_ops, .url = net_test.url, .connect_timeout_ms = PATIENT_MS};
    port_under_test = &net_test.port.port;
}

void net_test_finish(void)
{
    port_deinit();
    assert_true(scripted_server_stop(&net_test.server));
}

int net_test_tear_down(void **state)
{
    (void)state;
    net_test_finish();
    return 0;
}

void net_test_writes(const char *text)
{
    hex_t hex = hex_parse(text);
    size_t written = 0;

    assert_int_equal(port_write(hex.bytes, hex.size, PATIENT_MS, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, hex.size);
}

void net_test_reads(const char *text)
{
    hex_t wanted = hex_parse(text);
    uint8_t buf[HEX_MAX];
    size_t size = 0;

    while (size < wanted.size) {
        size_t got = 0;

        assert_int_equal(port_read(buf + size, wanted.size - size, PATIENT_MS, &got), ESP_LOADER_SUCCESS);
        assert_in_range(got, 1, wanted.size - size);
        size += got;
    }
    assert_memory_equal(buf, wanted.bytes, size);
}
