/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The serial and USB devices of this machine, from sysfs. Nothing is opened and nothing is changed. Names
 * of devices (ttyACM0) come and go with every enumeration; what stays is the physical port a device is
 * plugged into, so that is what the ports hold on to.
 */
#ifndef ESP_LOADER_PORT_LINUX_DEVICES_H
#define ESP_LOADER_PORT_LINUX_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_loader_io.h"
#include "usb_kind.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LINUX_DEVICE_NAME_SIZE = 32, LINUX_DEVICE_PATH_SIZE = 48, LINUX_DEVICE_TEXT_SIZE = 64 };

/** One tty, or a USB device for which the kernel has made none. Texts longer than their field are cut. */
typedef struct {
    char tty[LINUX_DEVICE_NAME_SIZE];           /**< "ttyACM0"; "" = none */
    char usb_path[LINUX_DEVICE_PATH_SIZE];      /**< physical port, "1-2.3"; "" = not a USB device */
    char usb_interface[LINUX_DEVICE_PATH_SIZE]; /**< of the tty, "1-2.3:1.0"; "" without tty or USB */
    uint16_t usb_vid;                           /**< 0 = not a USB device */
    uint16_t usb_pid;
    unsigned usb_number; /**< changes with every enumeration of the device */
    char product[LINUX_DEVICE_TEXT_SIZE];
    char serial[LINUX_DEVICE_TEXT_SIZE]; /**< of a chip's USB-Serial/JTAG: its MAC, "AA:BB:CC:DD:EE:FF" */
} linux_device_t;

enum { LINUX_DEVICES_MAX = 256 };

/** Lists the ttys that are hardware, then the USB devices without tty (hubs left out), each in the order of
 * their names.
 *  @param sysfs_root  NULL = "/sys"
 *  @param out_devices room for @p capacity; devices beyond are left out
 *  @return how many were stored */
size_t linux_devices_list(const char *sysfs_root, linux_device_t *out_devices, size_t capacity);

/** Describes character device @p major : @p minor. false when sysfs does not know it or it is virtual, such
 * as a pseudo terminal; @p out_device is all empty then. */
bool linux_devices_find_tty(const char *sysfs_root, unsigned major, unsigned minor,
                            linux_device_t *out_device);

/** Highest baud rate of the device, if it is a USB bridge that is known; else 0. */
uint32_t linux_device_max_rate(const linux_device_t *device);

/** What the device is, and how it is reset. A tty that is no USB device is a UART. */
usb_kind_t linux_device_kind(const linux_device_t *device);

#ifdef __cplusplus
}
#endif

#endif
