/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The time by which people are told how fast and how long.
 */
#ifndef CLI_CLOCK_H
#define CLI_CLOCK_H

#include <stdint.h>

/** Milliseconds of a clock that nobody sets. May be called by a signal handler. */
uint64_t clock_now_ms(void);

#endif
