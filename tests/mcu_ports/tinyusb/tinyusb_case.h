/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What each test of the port for TinyUSB's host stack begins with: a stack that has just started, and a port that is not
 * open.
 */
#ifndef TINYUSB_CASE_H
#define TINYUSB_CASE_H

#include "test.h"
#include "tinyusb_rig.h"

enum { SHORT_MS = 50 };

static const esp_loader_port_ops_t *const ops = &tinyusb_host_ops;
static tinyusb_host_port_t usb;
static esp_loader_port_t *const port = &usb.port;

static int set_up(void **state)
{
    (void)state;
    tinyusb_rig_start();
    usb = (tinyusb_host_port_t){.port.ops = &tinyusb_host_ops, .now_ms = tinyusb_rig_now_ms};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ops->deinit(port);
    return 0;
}

#define TEST_USB(name) TEST_WITH(name, set_up, tear_down)

static void open_with(const tinyusb_device_t *device)
{
    tinyusb_rig_plug(device);
    assert_int_equal(ops->init(port), ESP_LOADER_SUCCESS);
}

static esp_loader_error_t read_byte(uint32_t timeout_ms, uint8_t *out_byte)
{
    size_t got;
    return ops->read_some(port, out_byte, 1, timeout_ms, &got);
}

static uint32_t took_ms(uint32_t since_ms)
{
    return tinyusb_rig_now_ms() - since_ms;
}

#endif
