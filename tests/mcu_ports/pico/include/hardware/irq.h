/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for pico-sdk's hardware/irq.h (2.2.0).
 */
#ifndef HARDWARE_IRQ_H
#define HARDWARE_IRQ_H

#include <stdbool.h>
#include <stdint.h>

typedef void (*irq_handler_t)(void);
#define PICO_SHARED_IRQ_HANDLER_DEFAULT_ORDER_PRIORITY 0x80
void irq_add_shared_handler(unsigned int num, irq_handler_t handler, uint8_t order_priority);
void irq_remove_handler(unsigned int num, irq_handler_t handler);
void irq_set_enabled(unsigned int num, bool enabled);

#endif
