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
#include "scripted_server.h"

/** Long enough never to run out in a test that passes. */
enum { PATIENT_MS = 60000 };

typedef struct {
    scripted_server_t server;
    net_port_t port;
    char url[64];
} net_test_t;

/** Starts the server and describes the port; @p format is the URL with %u for the server's port. */
void net_test_start(net_test_t *test, const char *format, int family, const server_step_t *steps,
                    size_t count, bool closes_at_end);

/** Opens the port. */
esp_loader_error_t net_test_open(net_test_t *test);

/** Closes the port; the script must have been followed to its end. */
void net_test_finish(net_test_t *test);

/** Writes bytes given in hexadecimal. */
esp_loader_error_t net_test_write(net_test_t *test, const char *text, size_t *out_written);

/** Reads until the bytes given in hexadecimal have come; they must be the next. */
void net_test_reads(net_test_t *test, const char *text);

/** A read must fail with @p expected and give nothing. */
void net_test_read_fails(net_test_t *test, uint32_t timeout_ms, esp_loader_error_t expected);

#endif
