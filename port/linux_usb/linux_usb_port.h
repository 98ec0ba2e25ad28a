/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for USB devices of Linux without a tty: the USB-Serial/JTAG peripheral of a chip, the USB-OTG loader
 * in its ROM, and bridges that speak CDC ACM, through libusb 1.0, which is loaded when a port is opened.
 * While the port is open the kernel's driver does not have the device; afterwards it does again. For ttys see
 * port/linux_serial/linux_port.h.
 *
 * A chip that leaves the bus because it was reset is opened again when it comes back to the same physical
 * port. Meanwhile reading and writing time out, setting lines waits up to 5 s, and releasing both lines waits
 * up to 2 s and succeeds: a device that has left has released them. A device that leaves for any other reason
 * is ESP_LOADER_ERROR_DISCONNECTED for every call until the next `init`. No call blocks beyond its time-out
 * by more than 3 s, which libusb may need to give a transfer back.
 */
#ifndef LINUX_USB_PORT_H
#define LINUX_USB_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader_io.h"
#include "linux_followed.h"
#include "usb_device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One USB device. The first group chooses it: what is zero or NULL does not matter, what is given must fit,
 * and exactly one device must. With nothing given these are the chips' own download interfaces (303A:1001 and
 * the USB-OTG loaders). Texts must stay valid while the port is used. `_followed` and `_device` must be zero
 * at first. */
typedef struct {
    esp_loader_port_t port;           /**< .ops = &linux_usb_ops */
    esp_loader_log_level_t log_level; /**< highest level written to standard error; 0 = nothing is */
    linux_followed_t _followed;
    const char *bus_path; /**< physical port as the kernel names it, e.g. "1-2.3" */
    const char *serial;   /**< serial number; of USB-Serial/JTAG the MAC, e.g. "AA:BB:CC:DD:EE:FF" */
    uint16_t usb_vid;
    uint16_t usb_pid;

    const char *sysfs_root; /**< NULL = "/sys" */
    const char *dev_root;   /**< folder of its tty, which no other program may use; NULL = "/dev" */

    usb_device_t _device;
} linux_usb_port_t;

/** The port's table. Its `init` returns
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND  no such device, or it is no CDC ACM device
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM   more than one device fits
 *  @retval ESP_LOADER_ERROR_PORT_ACCESS     no permission: see port/linux_usb/60-esp-loader.rules
 *  @retval ESP_LOADER_ERROR_PORT_BUSY       another program uses the device or its tty
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  libusb is not installed
 *  @retval ESP_LOADER_ERROR_IO              anything else */
extern const esp_loader_port_ops_t linux_usb_ops;

/** Fills the choice of @p port from a text, which must stay valid: "usb:", "usb:VID:PID" (four hexadecimal
 * digits each), "usb:1-2.3" (physical port), or "usb:SERIAL". The other fields are left alone.
 *  @return false when @p text does not begin with "usb:" */
bool linux_usb_choose(linux_usb_port_t *port, const char *text);

/** Which devices fit a choice. Opens nothing.
 *  @param out_device  the only one, when the result is 1; may be NULL
 *  @return how many */
size_t linux_usb_find(const linux_usb_port_t *port, linux_device_t *out_device);

/** Which libusb this machine has. Loads it.
 *  @return false when it is not installed: usb: ports cannot be opened */
bool linux_usb_library_version(unsigned *out_major, unsigned *out_minor, unsigned *out_micro);

#ifdef __cplusplus
}
#endif

#endif
