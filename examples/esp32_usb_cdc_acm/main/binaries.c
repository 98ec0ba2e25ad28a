/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Picks the images that fit a chip; the table itself is generated.
 */
#include "binaries.h"

const binaries_t *binaries_for(target_chip_t chip)
{
    for (size_t i = 0; i < binaries_count; i++) {
        if (binaries[i].chip == chip) {
            return &binaries[i];
        }
    }
    return NULL;
}
