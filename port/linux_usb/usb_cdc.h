/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where the serial port is in a USB device, found by classes and directions, never by position.
 */
#ifndef ESP_LOADER_PORT_USB_CDC_H
#define ESP_LOADER_PORT_USB_CDC_H

#include <libusb.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint8_t control_interface; /**< takes the class requests */
    uint8_t data_interface;
    uint8_t in_endpoint;
    uint8_t out_endpoint;
    uint16_t in_packet; /**< bytes of a packet on it */
} usb_cdc_t;

/** First CDC ACM function of @p config; false when it has none. */
bool usb_cdc_find(const struct libusb_config_descriptor *config, usb_cdc_t *out_cdc);

#endif
