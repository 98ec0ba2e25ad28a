/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "efuse/wipe.h"

#include <stdint.h>

void wipe_bytes(void *bytes, size_t size)
{
    volatile uint8_t *byte = bytes;

    for (size_t i = 0; i < size; i++) {
        byte[i] = 0;
    }
}
