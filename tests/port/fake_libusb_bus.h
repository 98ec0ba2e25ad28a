/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the two files of the imitated libusb share.
 */
#ifndef FAKE_LIBUSB_BUS_H
#define FAKE_LIBUSB_BUS_H

#include "fake_libusb.h"

enum { PENDING_MAX = 64, PACKETS_MAX = 256, PACKET_SIZE = 512 };

struct libusb_context {
    int id;
};

struct libusb_device {
    unsigned references;
};

struct libusb_device_handle {
    int id;
};

typedef struct {
    uint8_t bytes[PACKET_SIZE];
    size_t size;
} packet_t;

typedef struct {
    uint64_t skipped_ns;
    struct libusb_context context;
    struct libusb_device *device; /* the list's reference */
    struct libusb_device *opened; /* the handle's */
    struct libusb_device_handle handle;
    bool is_handle_stale; /* opened before the last unplugging */
    bool is_auto_detach;
    struct libusb_transfer *pending[PENDING_MAX]; /* in the order of submission */
    bool is_cancelled[PENDING_MAX];
    size_t pending_count;
    packet_t packets[PACKETS_MAX];
    size_t packet_count;
    libusb_hotplug_callback_fn hotplug;
    void *hotplug_data;
    struct libusb_device *leaving; /* to be told */
    void (*act)(void);             /* at that time, once */
    uint64_t act_at_ns;
    void (*on_events)(void); /* whenever events are handled */
    void (*on_sleep)(void);  /* once */
} fake_usb_bus_t;

extern fake_usb_bus_t fake_usb_bus;

void fake_usb_unref(struct libusb_device *device);
void fake_usb_skip_us(uint64_t us);

#endif
