/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The conformance checks on the USB port: the peer is a toy on the bus, anew for each check.
 */
#include <stdio.h>
#include <string.h>

#include "conformance_excuses.h"
#include "hazard.h"

enum { ARRIVAL_MS = 100, SENT_LATER_SIZE = 256 };

/* A UART bridge that is a plain CDC device (CH343): unlike a chip's own USB it has a rate. */
#define BRIDGE_VID 0x1A86
#define BRIDGE_PID 0x55D3

static toy_t *toy;
static size_t taken;
static uint8_t later[SENT_LATER_SIZE];
static size_t later_size;
static bool is_storming;

static void peer_restart(void *ctx)
{
    (void)ctx;
    WITH_LOCK(is_storming = false);
    if (toy != NULL && toy->gadget.model != NULL) {
        rig_unplug();
        rig_sleep(ARRIVAL_MS);
    }
    toy = toy_new(BRIDGE_VID, BRIDGE_PID);
    rig_plug(&toy->gadget);
    taken = 0;
    rig_sleep(500); /* enumerated */
}

static void send_later(void *arg)
{
    (void)arg;
    toy_send(toy, later, later_size);
}

static void peer_send(void *ctx, const uint8_t *data, size_t size, uint32_t delay_ms)
{
    (void)ctx;
    kernel_lock();
    if (delay_ms == 0) {
        toy_send(toy, data, size);
    } else {
        memcpy(later, data, size);
        later_size = size;
        bus_after(delay_ms * 1000u, send_later, NULL);
    }
    kernel_unlock();
}

static size_t peer_receive(void *ctx, uint8_t *buf, size_t capacity)
{
    (void)ctx;
    rig_sleep(ARRIVAL_MS);
    kernel_lock();
    const size_t left = toy->from_host_size - taken;
    const size_t size = left < capacity ? left : capacity;
    memcpy(buf, toy->from_host + taken, size);
    taken += size;
    kernel_unlock();
    return size;
}

static void peer_hold(void *ctx)
{
    (void)ctx;
    WITH_LOCK(toy->is_deaf = true);
}

/* More than the port's ring holds, and nobody reads. */
static void peer_overrun(void *ctx)
{
    static const uint8_t bytes[256];
    for (size_t i = 0; i < 2 * ESP32_USB_CDC_ACM_RX_RING_SIZE; i += sizeof(bytes)) {
        peer_send(ctx, bytes, sizeof(bytes), 0);
    }
    rig_sleep(ARRIVAL_MS);
}

/* Keeps the pipe full: 19 packets of 64 bytes fit into a frame of 1 ms. */
static void send_and_go_on(void *arg)
{
    static const uint8_t bytes[64];
    (void)arg;
    if (is_storming) {
        if (toy->to_host_at == toy->to_host_size) {
            toy->to_host_at = 0;
            toy->to_host_size = 0;
            toy_send(toy, bytes, sizeof(bytes));
        }
        bus_after(1000 / 19, send_and_go_on, NULL);
    }
}

static void peer_storm(void *ctx)
{
    (void)ctx;
    kernel_lock();
    is_storming = true;
    send_and_go_on(NULL);
    kernel_unlock();
}

static void set_clock(void *ctx, uint32_t now_ms)
{
    (void)ctx;
    rig_sleep(now_ms - rig_now_ms());
}

static void peer_unplug(void *ctx)
{
    (void)ctx;
    rig_unplug();
    toy->gadget.model = NULL; /* it is off the bus */
}

static uint32_t peer_rate(void *ctx)
{
    (void)ctx;
    uint32_t rate_baud;
    WITH_LOCK(rate_baud = toy->rate_baud);
    return rate_baud;
}

static const conformance_peer_t peer = {
    .restart = peer_restart,
    .send = peer_send,
    .receive = peer_receive,
    .hold = peer_hold,
    .overrun = peer_overrun,
    .storm = peer_storm,
    .unplug = peer_unplug,
    .rate = peer_rate,
    .set_clock = set_clock,
    .slack_ms = 20, /* ticks, and those that the driver needs after a timeout */
};

static void print(const char *text)
{
    (void)fputs(text, stdout);
}

static void conforms(void)
{
    static const char *const excuses[] = {EXCUSES_WITHOUT_PINS, NULL};
    conformance_row_t rows[CONFORMANCE_MAX_ROWS];
    esp32_usb_cdc_acm_port_t port = rig_port();
    port.device_vid = BRIDGE_VID;
    port.device_pid = BRIDGE_PID;
    rig_start();
    const size_t count = port_conformance_run(&port.port, &peer, rows);
    const conformance_row_t *odd = conformance_excuse(rows, count, excuses);
    port_conformance_print(rows, count, print);
    CHECK(odd == NULL);
    CHECK(port_conformance_count(rows, count, CONFORMANCE_FAILED) == 0);
}

/* Its output is the report. */
TEST(the_usb_port_conforms)
{
    for (unsigned cores = 1; cores <= 2; cores++) {
        print(scenario_passes(&(scenario_t){.cores = cores, .main = conforms}));
    }
}
