/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * From the registers and the stack of a panic to the functions that had called each other. RISC-V only: an Xtensa target
 * prints its backtrace itself.
 */
#ifndef CLI_UNWIND_H
#define CLI_UNWIND_H

#include "decode/panic.h"
#include "decode/symbols.h"

enum { UNWIND_FRAMES = 64 }; /**< most that are printed */

/** Prints a line for each frame, innermost first, and why they end. */
void unwind_print(const symbols_t *files, size_t count, const panic_t *panic, FILE *out);

#endif
