/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for pico-sdk's hardware/clocks.h (2.2.0).
 */
#ifndef HARDWARE_CLOCKS_H
#define HARDWARE_CLOCKS_H

#include <stdint.h>

typedef enum { clk_peri = 6 } clock_handle_t;
uint32_t clock_get_hz(clock_handle_t clock);

#endif
