/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is known of USB devices by their ids.
 */
#ifndef TINYUSB_HOST_DEVICE_H
#define TINYUSB_HOST_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader_io.h"

/** A device, or all of a vendor. */
typedef struct tinyusb_host_device {
    uint16_t vid;
    uint16_t pid; /**< 0 = any */
    esp_loader_link_t kind;
    uint32_t max_rate_baud; /**< 0 = not known */
    bool is_limited;        /**< above max_rate_baud the stack asks for another rate, or stops the program */
} tinyusb_host_device_t;

/** @return never NULL: ids that are not known are taken for those of a bridge */
const tinyusb_host_device_t *tinyusb_host_device_find(uint16_t vid, uint16_t pid);

#endif
