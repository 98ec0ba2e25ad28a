/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * An open device: its life cycle, its receive ring and the gate through which calls and driver callbacks
 * reach both. The states and their rules are in usb_cdc_link.c; what travels over the link is
 * esp32_usb_cdc_acm_port.c; which device is opened and how is usb_cdc_device.c.
 */
#ifndef USB_CDC_LINK_H
#define USB_CDC_LINK_H

#include "freertos/FreeRTOS.h"
#include "usb/cdc_acm_host.h"

#include "esp32_usb_cdc_acm_port.h"
#include "usb_cdc_device.h"

typedef struct usb_cdc_link usb_cdc_link_t;

/** What does not change while a link is open. */
typedef struct {
    cdc_acm_dev_hdl_t device;
    usb_cdc_device_t id; /**< which device that is */
    size_t max_transfer; /**< bytes one OUT transfer may have */
} usb_cdc_link_info_t;

/** Closes what @p port holds, then waits for a device and opens it. Errors: esp32_usb_cdc_acm_port.h. */
esp_loader_error_t usb_cdc_link_open(const esp32_usb_cdc_acm_port_t *port);

/** Ends every call in progress, closes the device, then frees. Harmless when not open. Inside a driver
 * callback it only marks the link as gone: the driver's task cannot wait for itself. */
void usb_cdc_link_close(const esp32_usb_cdc_acm_port_t *port);

/** Enters a call: the link cannot be closed before usb_cdc_link_leave(). NULL when @p port is not open. */
usb_cdc_link_t *usb_cdc_link_enter(const esp32_usb_cdc_acm_port_t *port);
void usb_cdc_link_leave(usb_cdc_link_t *link);

/* ---- between enter and leave ---- */

const usb_cdc_link_info_t *usb_cdc_link_info(const usb_cdc_link_t *link);

/** Why nothing can be sent: DISCONNECTED, IO, or SUCCESS when nothing is wrong. */
esp_loader_error_t usb_cdc_link_state(usb_cdc_link_t *link);

/** Takes received bytes. If there are none, *out_error has the reason: SUCCESS (nothing arrived yet),
 * DISCONNECTED, or IO (a transfer failed, or bytes were lost at exactly this place of the stream; the latter
 * is reported once). */
size_t usb_cdc_link_take(usb_cdc_link_t *link, uint8_t *buf, size_t size, esp_loader_error_t *out_error);

/** Waits until something may have changed: bytes, disconnect, error, close. */
void usb_cdc_link_wait(usb_cdc_link_t *link, TickType_t ticks);

/** To be called when a transfer failed: gives the driver's task time to report that the device is gone.
 *  @param is_fatal  true: without a disconnect the link is marked failed, since its endpoint stays dead
 *  @return DISCONNECTED or IO */
esp_loader_error_t usb_cdc_link_lost(usb_cdc_link_t *link, bool is_fatal);

#endif
