/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Memory, without a caller that has to care for none.
 */
#ifndef SIM_ALLOCATE_H
#define SIM_ALLOCATE_H

#include <stddef.h>

/** Memory or a message and the end of the program: the simulator has no use for a half-made model. */
void *sim_realloc(void *old, size_t size);

#endif
