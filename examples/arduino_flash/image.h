/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Your image, and where it goes. `xxd -i app.bin` makes such an array. An app starts with 0xE9; this one has nothing else, so
 * it is refused before anything is erased.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdint.h>

static const uint32_t image_offset =
    0x10000; /* an app; a merged image: 0x0, or 0x1000 of an ESP32 and ESP32-S2 */
static const uint8_t image_data[] = {0xE9};

#endif
