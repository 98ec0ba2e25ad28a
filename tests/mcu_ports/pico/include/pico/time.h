/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for pico-sdk's pico/time.h (2.2.0), and what the SDK has for loops.
 */
#ifndef PICO_TIME_H
#define PICO_TIME_H

#include <stdint.h>

uint64_t time_us_64(void);
void sleep_ms(uint32_t ms);
void tight_loop_contents(void);

#endif
