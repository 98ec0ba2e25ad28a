/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Made-up contents of eFuses for the tests.
 */
#ifndef EFUSE_BURN_H
#define EFUSE_BURN_H

#include "efuse/efuse_contents.h"
#include "test.h"

static inline const efuse_field_t *burn_field(const efuse_contents_t *contents, const char *name)
{
    const efuse_field_t *field = efuse_find(contents->table, name);

    assert_non_null(field);
    return field;
}

static inline void burn_bit(efuse_contents_t *contents, unsigned block, unsigned bit)
{
    contents->words[block][bit / 32] |= 1u << bit % 32;
}

/** The field gets the bits of @p value. */
static inline void burn(efuse_contents_t *contents, const char *name, uint64_t value)
{
    const efuse_field_t *field = burn_field(contents, name);

    for (size_t i = 0; i < field->run_count; i++) {
        const efuse_run_t *run = &efuse_runs[field->run + i];
        for (unsigned bit = 0; bit < run->count; bit++, value >>= 1) {
            if ((value & 1) != 0) {
                burn_bit(contents, run->block, run->first + bit);
            }
        }
    }
}

/** The field cannot be written any more. */
static inline void burn_wr_dis(efuse_contents_t *contents, const char *name)
{
    burn_bit(contents, 0, burn_field(contents, name)->wr_dis);
}

#endif
