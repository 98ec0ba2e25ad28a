/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chip of the stand-in: what tests see of it.
 */
#ifndef ESP_IDF_RIG_H
#define ESP_IDF_RIG_H

#include "esp32_port.h"
#include "wire.h"

extern const wire_uart_t esp_idf_rig_wire;

/** As after power-up: no driver, all outputs low. */
void esp_idf_rig_start(void);

#endif
