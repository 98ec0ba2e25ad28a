/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The conformance checks on the USB port of Linux: the peer is the device of the imitated libusb.
 */
#define _GNU_SOURCE
#include <string.h>

#include "conformance_excuses.h"
#include "conformance_report.h"
#include "fake_libusb_bus.h"
#include "linux_usb_rig.h"
#include "test.h"

enum {
    FULL_SPEED_PACKET = 64,
    PACKET_US = 53, /* at most 19 fit into a frame of 1 ms */
};

static const fake_usb_t board = {.path = "1-2", .vid = "303a", .pid = "1001", .number = "1"};
static uint8_t later[FULL_SPEED_PACKET];
static size_t later_size;

static void device_restart(void *ctx)
{
    (void)ctx;
    if (!fake_usb.is_plugged) {
        usb_rig_plug(&board);
    }
    fake_usb_bus.packet_count = 0;
    fake_usb_bus.on_events = NULL;
    fake_usb.out_size = 0;
    fake_usb.out_room = SIZE_MAX;
}

static void send_later(void)
{
    fake_usb_send(later, later_size);
}

static void device_send(void *ctx, const uint8_t *data, size_t size, uint32_t delay_ms)
{
    (void)ctx;
    if (delay_ms > 0) {
        assert_in_range(size, 1, sizeof(later));
        memcpy(later, data, size);
        later_size = size;
        fake_usb_after(delay_ms, send_later);
        return;
    }
    for (size_t done = 0; done < size; done += FULL_SPEED_PACKET) {
        fake_usb_send(data + done, size - done < FULL_SPEED_PACKET ? size - done : FULL_SPEED_PACKET);
    }
}

static size_t device_receive(void *ctx, uint8_t *buf, size_t capacity)
{
    const size_t size = fake_usb.out_size < capacity ? fake_usb.out_size : capacity;
    (void)ctx;
    memcpy(buf, fake_usb.out, size);
    fake_usb.out_size -= size;
    memmove(fake_usb.out, fake_usb.out + size, fake_usb.out_size);
    return size;
}

static void device_hold(void *ctx)
{
    (void)ctx;
    fake_usb.out_room = 0;
}

static void send_a_packet(void)
{
    static const uint8_t packet[FULL_SPEED_PACKET];
    fake_usb_skip_us(PACKET_US);
    if (fake_usb_bus.packet_count < PACKETS_MAX) {
        fake_usb_send(packet, sizeof(packet));
    }
}

static void device_storm(void *ctx)
{
    (void)ctx;
    fake_usb_bus.on_events = send_a_packet;
}

static void device_unplug(void *ctx)
{
    (void)ctx;
    usb_rig_unplug();
}

static uint32_t device_rate(void *ctx)
{
    (void)ctx;
    return fake_usb.rate_baud;
}

static void set_clock(void *ctx, uint32_t now_ms)
{
    (void)ctx;
    fake_usb_skip_us((uint64_t)(uint32_t)(now_ms - port_now_ms()) * 1000u);
}

static const conformance_peer_t device = {
    .restart = device_restart,
    .send = device_send,
    .receive = device_receive,
    .hold = device_hold,
    .storm = device_storm,
    .unplug = device_unplug,
    .rate = device_rate,
    .set_clock = set_clock,
    .slack_ms = 2, /* the clock is read in milliseconds */
};

TEST_USB(usb_port_of_linux_conforms)
{
    assert_conforms(&usb_port.port, &device,
                    (const char *const[]){"overrun: USB holds the device back", EXCUSES_WITHOUT_PINS, NULL});
}
