/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port of the library over usbip_client.c, as a microcontroller's USB host would have it: two IN transfers
 * of one packet always wait, one OUT transfer per frame.
 */
#ifndef USBIP_PORT_H
#define USBIP_PORT_H

#include "test_port.h"
#include "usbip_client.h"

typedef struct {
    test_port_t base;
    usbip_client_t *client; /**< imported */
    uint32_t waiting[2];    /**< the IN transfers, the older one first; 0 = none */
    uint8_t packet[64];     /**< read and not taken yet */
    size_t packet_size, packet_taken;
} usbip_port_t;

/** @p client has imported the device. */
void usbip_port_init(usbip_port_t *port, usbip_client_t *client);

#endif
