/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What follows from the way the chip is connected.
 */
#ifndef SIM_WIRING_H
#define SIM_WIRING_H

#include "esp_sim.h"

enum { SIM_USB_PACKET_SIZE = 64 };

/** The host is connected to the chip's own USB. */
static inline bool sim_wiring_is_usb(esp_sim_wiring_t wiring)
{
    return wiring == ESP_SIM_WIRING_USJ || wiring == ESP_SIM_WIRING_OTG;
}

#endif
