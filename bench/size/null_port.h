/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port that does nothing, for programs that are linked and never run.
 */
#ifndef BENCH_NULL_PORT_H
#define BENCH_NULL_PORT_H

#include "esp_loader.h"

/* Volatile, so that the compiler cannot work the outcome out in advance. */
static volatile uint32_t hardware;

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    (void)port;
    return ESP_LOADER_SUCCESS;
}

static void port_deinit(esp_loader_port_t *port)
{
    (void)port;
}

static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    hardware = ms;
}

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    (void)port;
    (void)timeout_ms;
    hardware = data[0];
    *out_written = size;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    (void)port;
    (void)capacity;
    (void)timeout_ms;
    buf[0] = (uint8_t)hardware;
    *out_read = 1;
    return ESP_LOADER_SUCCESS;
}

static uint32_t port_now_ms(esp_loader_port_t *port)
{
    (void)port;
    return hardware;
}

static esp_loader_error_t port_set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    (void)port;
    hardware = (uint32_t)dtr << 1 | (uint32_t)rts;
    return ESP_LOADER_SUCCESS;
}

static const esp_loader_port_ops_t PORT_OPS = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = port_delay_ms,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = port_now_ms,
    .set_lines = port_set_lines,
};

#endif
