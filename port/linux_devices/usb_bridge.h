/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The baud rates that USB bridges are good for.
 */
#ifndef ESP_LOADER_PORT_USB_BRIDGE_H
#define ESP_LOADER_PORT_USB_BRIDGE_H

#include <stdint.h>

/** Highest rate of a bridge by its ids, baud; 0 = not known.
 *  @param product  its product string, which tells apart parts with the same ids */
uint32_t usb_bridge_max_rate(uint16_t vid, uint16_t pid, const char *product);

#endif
