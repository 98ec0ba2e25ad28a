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
#include "port_calls.h"

extern linux_usb_port_t usb_port; /**< port_under_test: chooses the only board; not open yet */

/** Setup, and teardown, which closes the port and fails the test unless everything is given back. */
int usb_rig_make(void **state);
int usb_rig_remove(void **state);
#define TEST_USB(name) TEST_WITH(name, usb_rig_make, usb_rig_remove)

/** Takes the board away. */
void usb_rig_unplug(void);
/** Puts @p usb in its place. */
void usb_rig_plug(const fake_usb_t *usb);

#endif
