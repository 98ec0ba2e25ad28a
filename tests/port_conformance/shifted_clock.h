/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The clock of the Linux ports, which can be set: link with --wrap=clock_gettime and --wrap=clock_nanosleep.
 */
#ifndef SHIFTED_CLOCK_H
#define SHIFTED_CLOCK_H

#include <stdint.h>

/** From now on the low 32 bits of the milliseconds are @p now_ms, and time passes as before: `set_clock` of a peer. */
void shifted_clock_set(void *ctx, uint32_t now_ms);

#endif
