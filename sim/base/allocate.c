/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/allocate.h"

#include <stdio.h>
#include <stdlib.h>

void *sim_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size);
    if (memory == NULL) {
        fprintf(stderr, "esp-sim: out of memory (%zu bytes)\n", size);
        abort();
    }
    return memory;
}
