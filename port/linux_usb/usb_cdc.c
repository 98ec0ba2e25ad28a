/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading a configuration descriptor. Source: USB CDC 1.2; PSTN 1.2 (abstract control model).
 */
#include "usb_cdc.h"

enum { SUBCLASS_ACM = 2, MAX_PACKET = 1024 };

static bool find_endpoints(const struct libusb_interface_descriptor *interface, usb_cdc_t *cdc)
{
    bool has_in = false;
    bool has_out = false;

    for (unsigned i = 0; i < interface->bNumEndpoints; i++) {
        const struct libusb_endpoint_descriptor *endpoint = &interface->endpoint[i];

        if ((endpoint->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != LIBUSB_TRANSFER_TYPE_BULK) {
            continue;
        }
        if ((endpoint->bEndpointAddress & LIBUSB_ENDPOINT_DIR_MASK) == LIBUSB_ENDPOINT_IN) {
            has_in = endpoint->wMaxPacketSize > 0 && endpoint->wMaxPacketSize <= MAX_PACKET;
            cdc->in_endpoint = endpoint->bEndpointAddress;
            cdc->in_packet = endpoint->wMaxPacketSize;
        } else {
            has_out = true;
            cdc->out_endpoint = endpoint->bEndpointAddress;
        }
    }
    cdc->data_interface = interface->bInterfaceNumber;
    return has_in && has_out;
}

bool usb_cdc_find(const struct libusb_config_descriptor *config, usb_cdc_t *out_cdc)
{
    bool has_control = false;

    for (unsigned i = 0; i < config->bNumInterfaces; i++) {
        if (config->interface[i].num_altsetting < 1) {
            continue;
        }
        const struct libusb_interface_descriptor *interface = &config->interface[i].altsetting[0];

        if (!has_control && interface->bInterfaceClass == LIBUSB_CLASS_COMM &&
            interface->bInterfaceSubClass == SUBCLASS_ACM) {
            has_control = true;
            out_cdc->control_interface = interface->bInterfaceNumber;
        } else if (has_control && interface->bInterfaceClass == LIBUSB_CLASS_DATA) {
            return find_endpoints(interface, out_cdc);
        }
    }
    return false;
}
