/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Addresses on the command line.
 */
#include "server.h"
#include "test.h"

static const struct {
    const char *at, *host;
    unsigned port;
} addresses[] = {
    {"4000", "127.0.0.1", 4000},         {":4000", "127.0.0.1", 4000}, {"localhost:0", "localhost", 0},
    {"0.0.0.0:65535", "0.0.0.0", 65535}, {"[::1]:22", "::1", 22},
};

TEST_ROWS(addresses_are_split_and_default_to_this_machine, addresses)
{
    char host[32];
    unsigned port = 1;
    assert_true(fe_server_parse(row->at, host, sizeof(host), &port));
    assert_string_equal(host, row->host);
    assert_int_equal(port, row->port);
}

static const char *const malformed[] = {"",      "host",    "host:",   "host:x", "host:1x",           "::1",
                                        "65536", "host:-1", "host:+1", "a:b:1",  "a-name-too-long1:1"};

TEST_ROWS(malformed_addresses_are_refused, malformed)
{
    char host[16];
    unsigned port;
    assert_false(fe_server_parse(*row, host, sizeof(host), &port));
}
