/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A byte ring over memory it does not own. Not synchronised: usb_cdc_link.c calls it inside its critical
 * section.
 */
#ifndef RX_RING_H
#define RX_RING_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t *memory; /**< NULL = no room at all */
    size_t capacity;
    size_t first; /**< index of the oldest byte */
    size_t count;
} rx_ring_t;

/** Appends what fits; returns how much that was. */
size_t rx_ring_put(rx_ring_t *ring, const uint8_t *data, size_t size);

/** Takes up to @p size of the oldest bytes; returns how many. */
size_t rx_ring_take(rx_ring_t *ring, uint8_t *buf, size_t size);

#endif
