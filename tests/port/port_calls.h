/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port under test, and its entries as calls.
 */
#ifndef TEST_PORT_CALLS_H
#define TEST_PORT_CALLS_H

#include "esp_loader_io.h"

/** Long enough never to run out in a test that passes. */
enum { PATIENT_MS = 60000 };

extern esp_loader_port_t *port_under_test;

esp_loader_error_t port_init(void);
void port_deinit(void);
esp_loader_error_t port_write(const void *data, size_t size, uint32_t timeout_ms, size_t *out_written);
esp_loader_error_t port_read(void *buf, size_t capacity, uint32_t timeout_ms, size_t *out_read);
esp_loader_error_t port_set_lines(bool dtr, bool rts);
esp_loader_error_t port_set_rate(uint32_t rate_baud);
esp_loader_link_t port_link(void);
uint32_t port_max_rate(void);
uint32_t port_now_ms(void);
void port_delay(uint32_t ms);

void assert_port_opens(void);
/** A read that fails and gives nothing. */
void assert_read_fails(uint32_t timeout_ms, esp_loader_error_t expected);
/** Every call fails at once because the device is not there. */
void assert_port_disconnected(void);

#endif
