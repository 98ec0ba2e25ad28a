/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the start-up code counts and measures. The application needs none of it; the example prints it.
 */
#ifndef STARTUP_H
#define STARTUP_H

#include <stdint.h>

/** Milliseconds since the start, from the interrupt of the core's SysTick timer. */
extern volatile uint32_t startup_ms;

/** Has startup_ms counted from now on. @p core_hz is the clock of the core. */
void startup_begin_clock(uint32_t core_hz);

/** Bytes of the stack. */
uint32_t startup_stack_size(void);

/** How many of them have ever been used: the start-up code fills the stack with a pattern. */
uint32_t startup_stack_used(void);

/** Bytes of RAM that objects take, without the stack. There is no heap. */
uint32_t startup_static_size(void);

#endif
