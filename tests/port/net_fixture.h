/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A net port and the scripted server it talks to.
 */
#ifndef TEST_NET_FIXTURE_H
#define TEST_NET_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net_port.h"
#include "port_calls.h"
#include "scripted_server.h"

typedef struct {
    scripted_server_t server;
    net_port_t port;
    char url[64];
} net_test_t;

/** The test's; its port is port_under_test. */
extern net_test_t net_test;

/** Starts the server and describes the port; @p format is the URL with %u for the server's port. */
void net_test_start(const char *format, int family, const server_step_t *steps, size_t count,
                    bool closes_at_end);

/** Closes the port; the script must have been followed to its end. */
void net_test_finish(void);

/** A case that starts one server, which ends with it. */
int net_test_tear_down(void **state);
#define TEST_NET(name) TEST_WITH(name, NULL, net_test_tear_down)

/** Writes bytes given in hexadecimal. */
void net_test_writes(const char *text);

/** Reads until the bytes given in hexadecimal have come; they must be the next. */
void net_test_reads(const char *text);

#endif
