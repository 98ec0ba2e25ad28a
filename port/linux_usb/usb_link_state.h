/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an open USB link consists of, for the two files that implement it: usb_link_open.c takes and gives
 * back the device, usb_link.c moves bytes.
 */
#ifndef ESP_LOADER_PORT_USB_LINK_STATE_H
#define ESP_LOADER_PORT_USB_LINK_STATE_H

#include <libusb.h>

#include "usb_cdc.h"
#include "usb_library.h"
#include "usb_link.h"

enum { USB_LINK_IN_COUNT = 32, USB_LINK_IN_SIZE = 1024, USB_LINK_OUT_SIZE = 4096 };

/** How long a cancelled transfer may take to come back, milliseconds. */
enum { USB_LINK_CANCEL_MS = 2000 };

typedef struct {
    usb_link_t *link;
    struct libusb_transfer *transfer;
    uint8_t *data;
    bool is_pending; /**< belongs to libusb */
} usb_slot_t;

struct usb_link_s {
    usb_library_t usb;
    libusb_context *context;
    libusb_device *device;
    libusb_device_handle *handle;
    libusb_hotplug_callback_handle hotplug;
    bool has_hotplug;
    usb_cdc_t cdc;
    bool has_control; /**< interfaces claimed */
    bool has_data;

    usb_slot_t in[USB_LINK_IN_COUNT];
    uint8_t queue[USB_LINK_IN_COUNT]; /**< slots with bytes to be read, oldest first */
    size_t queue_first;
    size_t queue_count;
    size_t used; /**< bytes read of the oldest */
    usb_slot_t out;

    bool is_closing;
    bool is_gone;      /**< the device has left the bus */
    bool is_in_stuck;  /**< receiving has failed and stopped */
    bool is_in_halted; /**< because the endpoint is halted */
};

/** Allocates the transfers of a claimed device and submits those that receive.
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND  the device has left meanwhile
 *  @retval ESP_LOADER_ERROR_IO              no memory */
esp_loader_error_t usb_link_start_receiving(usb_link_t *link);

/** Takes all transfers back and frees them; false when libusb keeps one, and then nothing may be freed. */
bool usb_link_stop(usb_link_t *link);

/** Hot-plug callback; @p user_data is the link. */
int LIBUSB_CALL usb_link_on_hotplug(libusb_context *context, libusb_device *device,
                                    libusb_hotplug_event event, void *user_data);

#endif
