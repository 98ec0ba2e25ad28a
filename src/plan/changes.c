/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The sectors of a part of an image that have changed, and those that are known to be blank, as bits.
 */
#include <string.h>

#include "plan/plan.h"

static uint32_t bit_of(const eli_changes_t *changes, uint32_t offset)
{
    return (offset - changes->start) / ELI_SECTOR_SIZE;
}

static bool get_bit(const uint8_t *bits, uint32_t bit)
{
    unsigned byte = bits[bit / 8];
    return (byte >> bit % 8 & 1u) != 0;
}

static void put_bit(uint8_t *bits, uint32_t bit, bool value)
{
    unsigned mask = 1u << bit % 8;
    unsigned byte = bits[bit / 8];
    bits[bit / 8] = (uint8_t)(value ? byte | mask : byte & ~mask);
}

void eli_changes_begin(eli_changes_t *changes, uint32_t start, uint32_t end)
{
    changes->start = start;
    changes->end = end;
    memset(changes->changed, 0xFF, sizeof(changes->changed));
    memset(changes->blank, 0, sizeof(changes->blank));
}

bool eli_changes_is_changed(const eli_changes_t *changes, uint32_t offset)
{
    return get_bit(changes->changed, bit_of(changes, offset));
}

void eli_changes_set_changed(eli_changes_t *changes, uint32_t offset, bool value)
{
    put_bit(changes->changed, bit_of(changes, offset), value);
}

uint32_t eli_changes_count(const eli_changes_t *changes)
{
    uint32_t count = 0;

    for (uint32_t at = changes->start; at < changes->end; at += ELI_SECTOR_SIZE) {
        count += eli_changes_is_changed(changes, at);
    }
    return count;
}

bool eli_changes_is_blank(const eli_changes_t *changes, uint32_t offset)
{
    return get_bit(changes->blank, bit_of(changes, offset));
}

void eli_changes_set_blank(eli_changes_t *changes, uint32_t offset, bool value)
{
    put_bit(changes->blank, bit_of(changes, offset), value);
}
