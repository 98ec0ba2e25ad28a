/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What otadata selects, and selecting: from every state, for every number of slots.
 */
#include <string.h>

#include "partitions/otadata.h"
#include "test.h"

enum { STATE = 24, CRC = 28, SLOTS_MAX = 16 };

typedef struct {
    partitions_t table;
    uint8_t copies[OTADATA_COPIES][OTADATA_ENTRY_SIZE];
    otadata_t otadata;
} otadata_fixture_t;

/** The CRC-32 of zlib, bit by bit, over the sequence number; the register starts at 0. */
static uint32_t crc_of(const uint8_t *bytes)
{
    uint32_t crc = 0;

    for (int i = 0; i < 4; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++) {
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
        }
    }
    return ~crc;
}

static void put(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

static void set_copy(otadata_fixture_t *f, int copy, uint32_t sequence, uint32_t state)
{
    memset(f->copies[copy], 0xFF, OTADATA_ENTRY_SIZE);
    put(f->copies[copy], sequence);
    put(f->copies[copy] + STATE, state);
    put(f->copies[copy] + CRC, crc_of(f->copies[copy]));
}

/** A table with otadata, factory if asked for, and slots. */
static void set_table(otadata_fixture_t *f, uint32_t slots, bool has_factory)
{
    f->table = (partitions_t){.offset = 0x8000};
    f->table.list[f->table.count++] = (esp_loader_partition_t){
        .type = ESP_LOADER_PARTITION_TYPE_DATA, .offset = 0xD000, .size = 0x2000, .label = "otadata"};
    if (has_factory) {
        f->table.list[f->table.count++] = (esp_loader_partition_t){.offset = 0x10000, .size = 0x10000};
    }
    for (uint32_t i = 0; i < slots; i++) {
        f->table.list[f->table.count++] =
            (esp_loader_partition_t){.subtype = (uint8_t)(PARTITION_SUBTYPE_OTA_0 + i),
                                     .offset = 0x20000 + i * 0x10000,
                                     .size = 0x10000};
    }
    memset(f->copies, 0xFF, sizeof(f->copies));
}

static void decode(otadata_fixture_t *f)
{
    otadata_decode(&f->table, (const uint8_t(*)[OTADATA_ENTRY_SIZE])f->copies, &f->otadata);
}

/** Selects, writes what was made, and looks that this is the slot that starts. */
static void check_select(otadata_fixture_t *f, uint32_t slot)
{
    uint8_t entry[OTADATA_ENTRY_SIZE];
    int copy = 7;

    decode(f);
    const int active = f->otadata.active;
    assert_true(otadata_select(&f->otadata, slot, entry, &copy));
    if (copy >= 0) {
        assert_int_not_equal(copy, active);
        memcpy(f->copies[copy], entry, sizeof(entry));
    }
    decode(f);
    assert_true(f->otadata.has_selected);
    assert_int_equal(f->otadata.selected.subtype, PARTITION_SUBTYPE_OTA_0 + slot);
    assert_true(otadata_select(&f->otadata, slot, entry, &copy));
    assert_int_equal(copy, -1);
}

TEST(a_crc_is_that_of_the_boot_loader)
{
    uint8_t bytes[4];

    put(bytes, 1);
    assert_int_equal(crc_of(bytes), 0x4743989A);
    put(bytes, 2);
    assert_int_equal(crc_of(bytes), 0x55F63774);
}

TEST(every_slot_can_be_selected_from_every_state)
{
    static const uint32_t states[] = {0, 1, 2, 3, 4, UINT32_MAX, 7};
    otadata_fixture_t f;

    for (uint32_t slots = 1; slots <= SLOTS_MAX; slots++) {
        for (uint32_t slot = 0; slot < slots; slot++) {
            for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
                for (uint32_t sequence = 1; sequence <= 2 * slots + 1; sequence++) {
                    set_table(&f, slots, true);
                    set_copy(&f, (int)(sequence % 2), sequence, states[i]);
                    set_copy(&f, (int)((sequence + 1) % 2), sequence + 1, states[i == 0 ? 0 : i - 1]);
                    check_select(&f, slot);
                }
            }
            set_table(&f, slots, false);
            check_select(&f, slot);
        }
    }
}

TEST(blank_otadata_selects_factory_or_the_first_slot)
{
    otadata_fixture_t f;

    set_table(&f, 2, true);
    decode(&f);
    assert_int_equal(f.otadata.selected.offset, 0x10000);
    set_table(&f, 2, false);
    decode(&f);
    assert_int_equal(f.otadata.selected.offset, 0x20000);
    assert_int_equal(f.otadata.active, -1);
}

TEST(a_copy_with_another_crc_does_not_count)
{
    otadata_fixture_t f;

    set_table(&f, 2, true);
    set_copy(&f, 0, 1, UINT32_MAX);
    set_copy(&f, 1, 2, UINT32_MAX);
    f.copies[1][CRC] ^= 1;
    decode(&f);
    assert_int_equal(f.otadata.active, 0);
    assert_false(f.otadata.copies[1].is_crc_right);
    assert_int_equal(f.otadata.selected.subtype, PARTITION_SUBTYPE_OTA_0);
}

TEST(no_number_comes_after_the_last_one)
{
    otadata_fixture_t f;
    uint8_t entry[OTADATA_ENTRY_SIZE];
    int copy;

    set_table(&f, 2, true);
    set_copy(&f, 0, UINT32_MAX - 1, UINT32_MAX); /* an even number: ota_1 */
    decode(&f);
    assert_false(otadata_select(&f.otadata, 0, entry, &copy));
    set_copy(&f, 0, UINT32_MAX - 2, UINT32_MAX);
    decode(&f);
    assert_true(otadata_select(&f.otadata, 1, entry, &copy));
    assert_int_equal(copy, 1);
}
