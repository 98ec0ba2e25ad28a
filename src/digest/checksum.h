/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The one-byte XOR checksum: of data commands on the wire, and of the segment data in an executable image.
 * Source: esptool 5.3, serial protocol document ("Checksum") and firmware image format document.
 */
#ifndef ELI_CHECKSUM_H
#define ELI_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/bytes.h"

#define ELI_CHECKSUM_SEED 0xEFu /**< checksum of no bytes */

/** Adds @p size bytes to @p checksum, which starts as ELI_CHECKSUM_SEED. */
static inline uint8_t eli_checksum_add(uint8_t checksum, const uint8_t *data, size_t size)
{
#if ELI_READS_WORDS
    /* A word at a time; which byte lies where in it does not matter. */
    uintptr_t words = 0;
    for (; size >= sizeof(words); size -= sizeof(words), data += sizeof(words)) {
        uintptr_t word;
        memcpy(&word, data, sizeof(word));
        words ^= word;
    }
    for (size_t i = 0; i < sizeof(words); i++) {
        checksum ^= (uint8_t)(words >> (8 * i));
    }
#endif
    for (size_t i = 0; i < size; i++) {
        checksum ^= data[i];
    }
    return checksum;
}

#endif
