/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_WIPE_H
#define CLI_WIPE_H

#include <stddef.h>

/** Overwrites what held keys; a compiler cannot leave it out. */
void wipe_bytes(void *bytes, size_t size);

#endif
