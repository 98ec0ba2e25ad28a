/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bytes that tests exchange with a chip: little-endian words, the head that a request and a reply begin with,
 * and the setup packet of a USB control transfer.
 */
#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t get32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline void put32(uint8_t *p, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        p[i] = (uint8_t)(value >> 8 * i);
    }
}

enum { HEAD_SIZE = 8, HEAD_REQUEST = 0, HEAD_REPLY = 1 };

/* @p size is that of what follows, @p word the checksum of a request or the value of a reply. */
static inline void put_head(uint8_t *p, uint8_t direction, uint8_t opcode, size_t size, uint32_t word)
{
    put32(p, direction | (uint32_t)opcode << 8 | (uint32_t)(uint16_t)size << 16);
    put32(p + 4, word);
}

enum { SETUP_SIZE = 8 };

static inline void put_setup(uint8_t *p, uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                             uint16_t length)
{
    put32(p, type | (uint32_t)request << 8 | (uint32_t)value << 16);
    put32(p + 4, index | (uint32_t)length << 16);
}

#endif
