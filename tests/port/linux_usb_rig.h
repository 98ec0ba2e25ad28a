/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A USB port, an imitation of sysfs in which one board is plugged in at 1-2, and an imitation of libusb.
 */
#ifndef LINUX_USB_RIG_H
#define LINUX_USB_RIG_H

#include "fake_libusb.h"
#include "fake_sysfs.h"
#include "linux_usb_port.h"

typedef struct {
    fake_sysfs_t *sysfs;
    linux_usb_port_t port; /**< chooses the only board; not open yet */
} usb_rig_t;

/** Setup and teardown: *state is the usb_rig_t. */
int usb_rig_make(void **state);
int usb_rig_remove(void **state);

const esp_loader_port_ops_t *usb_rig_ops(const usb_rig_t *rig);
esp_loader_error_t usb_rig_open(usb_rig_t *rig);
void usb_rig_close(usb_rig_t *rig); /**< fails the test unless everything is given back */
uint32_t usb_rig_now_ms(usb_rig_t *rig);
esp_loader_error_t usb_rig_read(usb_rig_t *rig, uint8_t *buf, size_t capacity, uint32_t timeout_ms,
                                size_t *out_read);
esp_loader_error_t usb_rig_write(usb_rig_t *rig, const uint8_t *data, size_t size, uint32_t timeout_ms,
                                 size_t *out_written);

/** Takes the board away, and puts one with @p serial and @p pid in its place. */
void usb_rig_unplug(usb_rig_t *rig);
void usb_rig_plug(usb_rig_t *rig, const char *serial, const char *pid);

#endif
