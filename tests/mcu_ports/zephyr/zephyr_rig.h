/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The board of the stand-in: a UART, two pins of a GPIO controller, and what a driver may lack.
 */
#ifndef ZEPHYR_RIG_H
#define ZEPHYR_RIG_H

#include "wire.h"
#include "zephyr_port.h"

extern const wire_uart_t zephyr_rig_wire;
extern const struct device fake_loader_device; /**< of zephyr_device.c */

typedef struct {
    bool is_absent;     /**< the UART has failed to start */
    bool has_no_irq;    /**< polled only */
    bool has_no_config; /**< no rate can be set, as on the Stellaris driver */
    bool has_no_errors; /**< no err_check */
    bool
        has_no_fifo; /**< one byte, and an interrupt when it has left instead of while there is room, as on the CMSDK driver */
    bool refuses_pins;
} zephyr_rig_lacks_t;

/** As after power-up: pins are inputs. */
void zephyr_rig_start(const zephyr_rig_lacks_t *lacks);

#endif
