/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of known devices. Sources: ids from esptool 5.3 and esp-idf; rates of the slowest device of a row: Silicon Labs
 * AN205 (CP2102), the data sheet of the CH340, FTDI AN120.
 */
#include "tinyusb_host_device.h"

#include <stddef.h>

#define ANY_PID 0

/* The first row that fits decides, the last one fits all. Other devices of Espressif run a USB stack of their application. */
static const tinyusb_host_device_t known_devices[] = {
    {0x303A, 0x1001, ESP_LOADER_LINK_USB_SERIAL_JTAG, 0, false},
    {0x303A, 0x0002, ESP_LOADER_LINK_USB_OTG, 0, false}, /* ROM of the ESP32-S2 */
    {0x303A, 0x0009, ESP_LOADER_LINK_USB_OTG, 0, false}, /* ROM of the ESP32-S3 */
    {0x303A, 0x0012, ESP_LOADER_LINK_USB_OTG, 0, false}, /* ROM of the ESP32-P4 */
    {0x303A, 0x1002, ESP_LOADER_LINK_UART, 0, false},    /* ESP USB bridge */
    {0x303A, ANY_PID, ESP_LOADER_LINK_UNKNOWN, 0, false},
    {0x10C4, ANY_PID, ESP_LOADER_LINK_UART, 921600, false},
    {0x1A86, 0x55D3, ESP_LOADER_LINK_UART, 0, false}, /* CH343, by the class */
    {0x1A86, 0x55D4, ESP_LOADER_LINK_UART, 0, false}, /* CH9102, by the class */
    {0x1A86, ANY_PID, ESP_LOADER_LINK_UART, 2000000, true},
    {0x0403, ANY_PID, ESP_LOADER_LINK_UART, 3000000, true},
    {0, ANY_PID, ESP_LOADER_LINK_UART, 0, false},
};

const tinyusb_host_device_t *tinyusb_host_device_find(uint16_t vid, uint16_t pid)
{
    const tinyusb_host_device_t *row = known_devices;
    while (row->vid != 0 && (row->vid != vid || (row->pid != ANY_PID && row->pid != pid))) {
        row++;
    }
    return row;
}
