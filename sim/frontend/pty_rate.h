/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reads any baud rate, also odd ones, from a terminal. Alone in its file because the kernel's termios2 and
 * the C library's termios cannot be included together.
 */
#ifndef FE_PTY_RATE_H
#define FE_PTY_RATE_H

#include <stdint.h>

/** The output rate set on the other end of pseudo terminal @p master, baud; 0 when it cannot be told (or is
 * B0). */
uint32_t fe_pty_rate(int master);

#endif
