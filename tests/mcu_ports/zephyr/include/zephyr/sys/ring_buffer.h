/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for Zephyr's sys/ring_buffer.h (3.4).
 */
#ifndef ZEPHYR_SYS_RING_BUFFER_H
#define ZEPHYR_SYS_RING_BUFFER_H

#include <stdint.h>

struct ring_buf {
    uint8_t *data;
    uint32_t size;
    uint32_t head;
    uint32_t tail;
};
void ring_buf_init(struct ring_buf *buf, uint32_t size, uint8_t *data);
void ring_buf_reset(struct ring_buf *buf);
uint32_t ring_buf_put(struct ring_buf *buf, const uint8_t *data, uint32_t size);
uint32_t ring_buf_get(struct ring_buf *buf, uint8_t *data, uint32_t size);

#endif
