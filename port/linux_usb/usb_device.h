/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One USB device without a tty as a raw device: bytes, control lines and rate. It does not come back by
 * itself when the hardware has left; linux_followed.h opens it again.
 */
#ifndef ESP_LOADER_PORT_USB_DEVICE_H
#define ESP_LOADER_PORT_USB_DEVICE_H

#include "linux_followed.h"

typedef struct {
    struct usb_link_s *link; /**< NULL = closed */
    const char *dev_root;    /**< folder of its tty, which no other program may use; NULL = "/dev" */
} usb_device_t;

/** `reopen` is also what opens it first. It returns
 *  @retval ESP_LOADER_ERROR_PORT_BUSY  another program uses the device or its tty
 *  and what usb_link_open() returns. */
extern const linux_followed_ops_t usb_device_ops;

#endif
