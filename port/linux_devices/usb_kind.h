/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a USB device is to a flasher, judged by its vendor and product id alone.
 */
#ifndef ESP_LOADER_PORT_USB_KIND_H
#define ESP_LOADER_PORT_USB_KIND_H

#include <stdint.h>

#include "esp_loader_io.h"

enum { USB_ESPRESSIF_VID = 0x303A, USB_FTDI_VID = 0x0403 };

typedef enum {
    USB_FLASH_MAYBE = 0, /**< a serial device: what is connected to it is not known */
    USB_FLASH_YES,       /**< made for it: a chip's own download interface, or a bridge found on boards */
    USB_FLASH_NO,        /**< an application on the chip's own USB: needs the boot button first */
} usb_flash_t;

typedef struct {
    const char *name; /**< e.g. "USB-Serial/JTAG", "CP210x"; never NULL */
    esp_loader_link_t link;
    usb_flash_t flash;
} usb_kind_t;

/** Never fails: an unknown id is a serial device of an unknown kind, which may be a bridge. */
usb_kind_t usb_kind_find(uint16_t vid, uint16_t pid);

#endif
