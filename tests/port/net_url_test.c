/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which URLs are accepted, and what is read from them.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "net_url.h"
#include "test.h"

static const struct {
    const char *url;
    bool is_rfc2217;
    bool ignores_set_control;
    const char *host;
    const char *service;
} well_formed[] = {
    {"socket://localhost:5555", false, false, "localhost", "5555"},
    {"SOCKET://10.0.0.1:1", false, false, "10.0.0.1", "1"},
    {"rfc2217://lab-7.example.org:65535", true, false, "lab-7.example.org", "65535"},
    {"rfc2217://[::1]:4000", true, false, "::1", "4000"},
    {"socket://[fe80::1%eth0]:80", false, false, "fe80::1%eth0", "80"},
    {"Rfc2217://h:2217?ign_set_control", true, true, "h", "2217"},
    {"socket://h:0080", false, false, "h", "80"},
};

TEST_ROWS(well_formed_urls_are_taken_apart, well_formed)
{
    net_url_t url;

    assert_true(net_url_parse(row->url, &url));
    assert_int_equal(url.is_rfc2217, row->is_rfc2217);
    assert_int_equal(url.ignores_set_control, row->ignores_set_control);
    assert_string_equal(url.host, row->host);
    assert_string_equal(url.service, row->service);
}

static const char *const malformed[] = {
    "",
    "socket",
    "socket:/h:1",
    "tcp://h:1",
    "/dev/ttyACM0",
    "socket://",
    "socket://:1",
    "socket://h",
    "socket://h:",
    "socket://h:0",
    "socket://h:65536",
    "socket://h:99999999999999999999",
    "socket://h:1x",
    "socket://h:-1",
    "socket://h:1/",
    "socket://h:1?ign_set_control",
    "rfc2217://h:1?ign_set_control=1",
    "rfc2217://h:1?other",
    "socket://user@h:1",
    "socket://::1:80",
    "socket://[]:80",
    "socket://[::1:80",
    "socket://[::1]80",
    "socket://[::1]",
    "socket://a b:80",
};

TEST_ROWS(malformed_urls_are_refused, malformed)
{
    net_url_t url;

    if (net_url_parse(*row, &url)) {
        fail_msg("accepted: %s", *row);
    }
}

TEST(host_may_be_just_as_long_as_its_buffer_allows)
{
    static const char prefix[] = "socket://";
    char text[sizeof(prefix) + NET_URL_HOST_SIZE + 8];
    net_url_t url;

    for (size_t length = NET_URL_HOST_SIZE - 1; length <= NET_URL_HOST_SIZE; length++) {
        memcpy(text, prefix, sizeof(prefix));
        memset(text + sizeof(prefix) - 1, 'h', length);
        memcpy(text + sizeof(prefix) - 1 + length, ":1", 3);
        assert_int_equal(net_url_parse(text, &url), length < NET_URL_HOST_SIZE);
    }
}
