/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The byte ring of rx_ring.h.
 */
#include "rx_ring.h"

#include <string.h>

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t rx_ring_put(rx_ring_t *ring, const uint8_t *data, size_t size)
{
    const size_t taken = smaller(size, ring->capacity - ring->count);
    if (taken == 0) {
        return 0;
    }
    const size_t to_end = ring->capacity - ring->first;
    const size_t at = ring->count < to_end ? ring->first + ring->count : ring->count - to_end;
    const size_t head = smaller(taken, ring->capacity - at);
    memcpy(ring->memory + at, data, head);
    memcpy(ring->memory, data + head, taken - head);
    ring->count += taken;
    return taken;
}

size_t rx_ring_take(rx_ring_t *ring, uint8_t *buf, size_t size)
{
    const size_t taken = smaller(size, ring->count);
    if (taken == 0) {
        return 0;
    }
    const size_t head = smaller(taken, ring->capacity - ring->first);
    memcpy(buf, ring->memory + ring->first, head);
    memcpy(buf + head, ring->memory, taken - head);
    ring->first = head < taken ? taken - head : ring->first + head;
    if (ring->first == ring->capacity) {
        ring->first = 0;
    }
    ring->count -= taken;
    return taken;
}
