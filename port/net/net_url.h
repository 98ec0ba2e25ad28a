/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The URLs the net port understands. A pure function on text.
 */
#ifndef ESP_LOADER_PORT_NET_URL_H
#define ESP_LOADER_PORT_NET_URL_H

#include <stdbool.h>

/** Longest host name: 253 characters (RFC 1035), or an IPv6 address with a zone. */
enum { NET_URL_HOST_SIZE = 256, NET_URL_SERVICE_SIZE = 6 };

typedef struct {
    bool is_rfc2217; /**< else a raw byte stream */
    bool ignores_set_control;
    char host[NET_URL_HOST_SIZE];       /**< without brackets */
    char service[NET_URL_SERVICE_SIZE]; /**< port number in decimal, 1 to 65535, without leading zeros */
} net_url_t;

/** Parses SCHEME://HOST:PORT[?ign_set_control]; false when @p url is anything else, then *out_url is
 * undefined. */
bool net_url_parse(const char *url, net_url_t *out_url);

#endif
