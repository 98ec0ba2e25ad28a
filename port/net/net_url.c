/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Parsing of socket:// and rfc2217:// URLs. Syntax: RFC 3986 for host and port; the name of the option is the
 * one users of pyserial know.
 */
#define _GNU_SOURCE
#include "net_url.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/** Moves *text past @p prefix, letter case ignored; false and no move when it begins otherwise. */
static bool skip_scheme(const char **text, const char *prefix)
{
    size_t length = strlen(prefix);

    if (strncasecmp(*text, prefix, length) != 0) {
        return false;
    }
    *text += length;
    return true;
}

static bool take_host(const char **text, net_url_t *url)
{
    const char *begin = *text;
    const char *end = NULL;

    if (*begin == '[') {
        begin++;
        end = strchr(begin, ']');
        if (end == NULL) {
            return false;
        }
        *text = end + 1;
    } else {
        end = begin + strcspn(begin, ":/?#@[]");
        *text = end;
    }
    size_t length = (size_t)(end - begin);
    if (length == 0 || length >= sizeof(url->host) || memchr(begin, ' ', length) != NULL) {
        return false;
    }
    memcpy(url->host, begin, length);
    url->host[length] = '\0';
    return true;
}

static bool take_port(const char **text, net_url_t *url)
{
    unsigned number = 0;
    size_t digits = strspn(*text, "0123456789");

    for (size_t i = 0; i < digits && number <= 65535u; i++) {
        number = number * 10u + (unsigned)((*text)[i] - '0');
    }
    if (digits == 0 || number == 0 || number > 65535u) {
        return false;
    }
    *text += digits;
    snprintf(url->service, sizeof(url->service), "%u", number & 0xFFFFu);
    return true;
}

bool net_url_parse(const char *url, net_url_t *out_url)
{
    const char *text = url;

    out_url->ignores_set_control = false;
    out_url->is_rfc2217 = skip_scheme(&text, "rfc2217://");
    if (!out_url->is_rfc2217 && !skip_scheme(&text, "socket://")) {
        return false;
    }
    if (!take_host(&text, out_url) || *text++ != ':' || !take_port(&text, out_url)) {
        return false;
    }
    if (out_url->is_rfc2217 && strcmp(text, "?ign_set_control") == 0) {
        out_url->ignores_set_control = true;
        return true;
    }
    return *text == '\0';
}
