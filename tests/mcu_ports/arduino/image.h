/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The image that the test gives the sketch, under the guard of the sketch's own. No app: it is data.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdint.h>

static const uint32_t image_offset = 0x20000;
#define ROW(n) (n), (n) ^ 0x5A, (n)*3 & 0xFF, 0xC0, 0xDB, (n) >> 1, 0x00, 0xFF
#define ROWS(n)                                                                                              \
    ROW(n), ROW((n) + 1), ROW((n) + 2), ROW((n) + 3), ROW((n) + 4), ROW((n) + 5), ROW((n) + 6), ROW((n) + 7)
#define BLOCK(n) ROWS(n), ROWS((n) + 8), ROWS((n) + 16), ROWS((n) + 24)
static const uint8_t image_data[] = {BLOCK(0), BLOCK(32), BLOCK(64), BLOCK(96), 0x11, 0x22, 0x33};

#endif
