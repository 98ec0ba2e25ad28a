/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of USB ids. Sources: espressif/usb-pids; esptool 5.3 (its reset strategies); of the bridges: the
 * id tables of the Linux drivers cp210x, ch341, ftdi_sio, pl2303 and cdc_acm.
 */
#include "usb_kind.h"

#include <stddef.h>

typedef struct {
    uint16_t vid;
    uint16_t pid;
    usb_kind_t kind;
} usb_row_t;

#define BRIDGE(name)                                                                                         \
    {                                                                                                        \
        name, ESP_LOADER_LINK_UART, USB_FLASH_YES                                                            \
    }

#define ROM(name)                                                                                            \
    {                                                                                                        \
        name, ESP_LOADER_LINK_USB_OTG, USB_FLASH_YES                                                         \
    }

static const usb_row_t rows[] = {
    {USB_ESPRESSIF_VID, 0x1001, {"USB-Serial/JTAG", ESP_LOADER_LINK_USB_SERIAL_JTAG, USB_FLASH_YES}},
    {USB_ESPRESSIF_VID, 0x0002, ROM("USB-OTG of the ESP32-S2 ROM")},
    {USB_ESPRESSIF_VID, 0x0009, ROM("USB-OTG of the ESP32-S3 ROM")},
    {USB_ESPRESSIF_VID, 0x0012, ROM("USB-OTG of the ESP32-P4 ROM")},
    {USB_ESPRESSIF_VID, 0x1002, BRIDGE("ESP USB bridge")},
    {0x10C4, 0xEA60, BRIDGE("CP210x")},
    {0x10C4, 0xEA63, BRIDGE("CP210x")},
    {0x10C4, 0xEA70, BRIDGE("CP2105")},
    {0x10C4, 0xEA71, BRIDGE("CP2108")},
    {0x1A86, 0x7522, BRIDGE("CH340")},
    {0x1A86, 0x7523, BRIDGE("CH340")},
    {0x1A86, 0x5523, BRIDGE("CH341")},
    {0x1A86, 0x55D2, BRIDGE("CH342")},
    {0x1A86, 0x55D3, BRIDGE("CH343")},
    {0x1A86, 0x55D4, BRIDGE("CH9102")},
    {USB_FTDI_VID, 0x6001, BRIDGE("FT232R")},
    {USB_FTDI_VID, 0x6010, BRIDGE("FT2232")},
    {USB_FTDI_VID, 0x6011, BRIDGE("FT4232")},
    {USB_FTDI_VID, 0x6014, BRIDGE("FT232H")},
    {USB_FTDI_VID, 0x6015, BRIDGE("FT231X")},
    {0x067B, 0x2303, BRIDGE("PL2303")},
};

usb_kind_t usb_kind_find(uint16_t vid, uint16_t pid)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].vid == vid && rows[i].pid == pid) {
            return rows[i].kind;
        }
    }
    if (vid == USB_ESPRESSIF_VID) { /* it has line handling of its own */
        return (usb_kind_t){"application on the chip's USB", ESP_LOADER_LINK_UNKNOWN, USB_FLASH_NO};
    }
    return (usb_kind_t){"serial device", ESP_LOADER_LINK_UART, USB_FLASH_MAYBE};
}
