/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Little-endian fields, byte by byte: any host byte order, any alignment.
 */
#ifndef ELI_BYTES_H
#define ELI_BYTES_H

#include <stddef.h>
#include <stdint.h>

/** Are data looked through a word at a time? Where a word cannot be read from any address in one instruction, bytes
 * one by one take no longer, and less code. */
#if !defined(ESP_LOADER_SMALL) &&                                                                            \
    (defined(__ARM_FEATURE_UNALIGNED) || defined(__aarch64__) || defined(__x86_64__) || defined(__i386__) || \
     defined(_M_X64) || defined(_M_ARM64))
#define ELI_READS_WORDS 1
#else
#define ELI_READS_WORDS 0
#endif

/** Copies a few bytes. A program without another use of memcpy() does without its 142 bytes of code. */
static inline void eli_copy(uint8_t *out, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = data[i];
    }
}

static inline uint16_t eli_get_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] | (p[1] << 8));
}

static inline uint32_t eli_get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | ((uint32_t)p[1] << 8) | ((uint32_t)p[2] << 16) | ((uint32_t)p[3] << 24);
}

static inline void eli_put_u32(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
    p[2] = (uint8_t)(value >> 16);
    p[3] = (uint8_t)(value >> 24);
}

#endif
