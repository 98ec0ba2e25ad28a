/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The boot check's part of the bootloader that reads the partition table and otadata.
 */
#include <zlib.h>

#include "boot_host.h"

TEST_BOOT(damaged_partition_tables_are_named)
{
    parts.table[32 + 12] ^= 1;
    boot_host_expect_failure(sim, "E (30) flash_parts: Incorrect MD5 checksum\r\n"
                                  "E (30) boot: Failed to verify partition table\r\n"
                                  "E (30) boot: load partition table error!\r\n"
                                  "[sim] cannot boot: partition table at 0x8000");
    parts.table[32 + 12] ^= 1;
    memcpy(parts.table + 96, parts.table + 64, 32);
    boot_host_expect_failure(sim, "E (30) flash_parts: Only one MD5 checksum is allowed");
    parts.table[0] = 0;
    boot_host_expect_failure(sim, "E (30) flash_parts: partition 0 invalid magic number 0x5000");
    memset(parts.table, 0xFF, 0x1000);
    boot_host_expect_failure(sim, "E (30) flash_parts: partition 0 invalid magic number 0xffff");
    for (unsigned i = 0; i < 96; i++) {
        const host_partition_t entry = {1, 2, 0x9000, 0x1000, "nvs"};
        host_make_table(parts.table + 32 * i, &entry, 1);
    }
    boot_host_expect_failure(sim, "E (30) flash_parts: partition table has no terminating entry, not valid");
    const host_partition_t no_app = {1, 2, 0x9000, 0x6000, "nvs"};
    host_make_table(parts.table, &no_app, 1);
    boot_host_expect_failure(sim, "cannot boot: no app partition holds a valid image");
}

static const struct {
    uint8_t size_code;
    uint32_t size;
    bool boots;
} SIZES[] = {
    {3, 0x7F0000, true},  {3, 0x7F0001, false}, {2, 0x3F0000, true},
    {2, 0x3F0001, false}, {15, 0x1F0000, true}, {15, 0x1F0001, false}, /* no code: 2 MB */
};

/* The bootloader believes its own header, not the flash. */
TEST_ROWS(table_is_held_against_the_size_in_the_header_of_the_bootloader, SIZES)
{
    esp_sim_t *sim = boot_host_start(&(esp_sim_config_t){FAST, .flash_size = 8u << 20});
    parts_t parts = boot_host_parts(sim);
    parts.bootloader[3] = (uint8_t)(row->size_code << 4 | 0xF);
    host_seal_image(parts.bootloader);
    const host_partition_t entries[] = {{1, 2, 0x9000, 0x6000, "nvs"}, {0, 0, 0x10000, row->size, "factory"}};
    host_make_table(parts.table, entries, 2);
    if (row->boots) {
        boot_host_expect(sim, "the app would run now");
    } else {
        boot_host_expect_failure(sim, "flash_parts: partition 1 invalid - offset 0x10000 size 0x");
        assert_non_null(strstr(esp_sim_console(sim), " exceeds flash chip size 0x"));
    }
    host_end(sim);
}

/* Overlap, alignment, an end beyond 32 bits, another mark behind the last entry: nobody looks. */
TEST_BOOT(what_the_bootloader_does_not_look_at_it_does_not_refuse)
{
    static const host_partition_t TABLES[][2] = {
        {{1, 2, 0x9000, 0x20000, "overlaps"}, {0, 0, 0x10000, 0x100000, "app"}},
        {{1, 2, 0x9123, 0x321, "is odd"}, {0, 0, 0x10000, 0x100000, "app"}},
        {{1, 2, 0x9000, 0xFFFFF000, "wraps"}, {0, 0, 0x10000, 0x100000, "app"}},
    };
    for (size_t i = 0; i < sizeof(TABLES) / sizeof(TABLES[0]); i++) {
        host_make_table(parts.table, TABLES[i], 2);
        boot_host_expect(sim, "the app would run now");
    }
    parts.table[96 + 10] = 0;
    boot_host_expect(sim, "the app would run now");
}

/* ---- otadata ---- */

enum { OTADATA = 0xF000, OTA_0 = 0x20000, OTA_1 = 0x30000 };

static void put_slots(parts_t parts, bool has_factory)
{
    memcpy(parts.bootloader + OTA_0, parts.app, 0x1000);
    memcpy(parts.bootloader + OTA_1, parts.app, 0x1000);
    const host_partition_t entries[] = {{1, 0, OTADATA - 0x1000, 0x2000, "otadata"},
                                        {0, 0x10, OTA_0, 0x10000, "ota_0"},
                                        {0, 0x11, OTA_1, 0x10000, "ota_1"},
                                        {0, 0, 0x10000, 0x10000, "factory"}};
    host_make_table(parts.table, entries, has_factory ? 4 : 3);
}

static void put_otadata(esp_sim_t *sim, unsigned entry, uint32_t sequence, uint8_t ota_state)
{
    uint8_t *at = esp_sim_flash(sim) + OTADATA - 0x1000 + 0x1000 * entry;
    memset(at, 0xFF, 32);
    uint8_t bytes[4] = {(uint8_t)sequence};
    memcpy(at, bytes, 4);
    at[24] = ota_state;
    at[25] = at[26] = at[27] = ota_state == 0xFF ? 0xFF : 0;
    uint32_t crc = (uint32_t)crc32(0xFFFFFFFFu, bytes, 4);
    for (unsigned i = 0; i < 4; i++) {
        at[28 + i] = (uint8_t)(crc >> (8 * i));
    }
}

TEST_BOOT(erased_otadata_selects_factory_or_the_first_slot)
{
    put_slots(parts, true);
    boot_host_expect(sim, "app 'factory'");
    put_slots(parts, false);
    boot_host_expect(sim, "app 'ota_0'");
}

TEST_BOOT(larger_sequence_selects_the_slot)
{
    put_slots(parts, true);
    put_otadata(sim, 0, 1, 2);
    boot_host_expect(sim, "app 'ota_0'");
    put_otadata(sim, 1, 2, 0xFF);
    boot_host_expect(sim, "app 'ota_1'");
    put_otadata(sim, 0, 3, 0);
    boot_host_expect(sim, "app 'ota_0'");
}

TEST_BOOT(invalid_otadata_entries_do_not_count)
{
    put_slots(parts, true);
    put_otadata(sim, 0, 1, 2);
    put_otadata(sim, 1, 2, 3); /* state: invalid */
    boot_host_expect(sim, "app 'ota_0'");
    put_otadata(sim, 1, 2, 4); /* state: aborted */
    boot_host_expect(sim, "app 'ota_0'");
    put_otadata(sim, 1, 2, 2);
    esp_sim_flash(sim)[OTADATA + 28] ^= 1; /* CRC */
    boot_host_expect(sim, "app 'ota_0'");
}

TEST_BOOT(broken_slot_falls_back_to_the_others)
{
    put_slots(parts, true);
    put_otadata(sim, 0, 2, 2);
    esp_sim_flash(sim)[OTA_1] = 0;
    boot_host_expect(sim, "app 'ota_0' at 0x20000: project demo");
    esp_sim_flash(sim)[OTA_0] = 0;
    boot_host_expect(sim, "app 'factory' at 0x10000: project demo");
    parts.app[0] = 0;
    boot_host_expect_failure(sim, "no app partition holds a valid image");
}

TEST_BOOT(slots_above_the_selected_one_are_tried_last)
{
    put_slots(parts, true);
    parts.app[0] = 0;
    esp_sim_flash(sim)[OTA_0] = 0;
    boot_host_expect(sim, "app 'ota_1' at 0x30000: project demo");
}

/* The last of two alike counts; a slot that is left out makes those above unreachable; the test app is what
 * is left in the end. */
TEST_BOOT(table_with_gaps_or_doubles_is_read_as_the_bootloader_does)
{
    put_slots(parts, true);
    const host_partition_t doubles[] = {{0, 0, 0x40000, 0x10000, "first"}, {0, 0, 0x10000, 0x10000, "last"}};
    host_make_table(parts.table, doubles, 2);
    boot_host_expect(sim, "app 'last' at 0x10000");
    const host_partition_t gap[] = {{1, 0, OTADATA - 0x1000, 0x2000, "otadata"},
                                    {0, 0x10, OTA_0, 0x10000, "ota_0"},
                                    {0, 0x12, OTA_1, 0x10000, "ota_2"}};
    host_make_table(parts.table, gap, 3);
    esp_sim_flash(sim)[OTA_0] = 0;
    boot_host_expect_failure(sim, "E (30) boot: OTA app partition slot 0 is not bootable\r\n"
                                  "E (30) boot: No bootable app partitions in the partition table\r\n");
    const host_partition_t test[] = {{0, 0x10, OTA_0, 0x10000, "ota_0"}, {0, 0x20, OTA_1, 0x10000, "test"}};
    host_make_table(parts.table, test, 2);
    boot_host_expect(sim, "app 'test' at 0x30000");
    const host_partition_t small[] = {{1, 0, OTADATA - 0x1000, 0x1000, "otadata"},
                                      {0, 0x10, 0x10000, 0x10000, "ota_0"}};
    host_make_table(parts.table, small, 2);
    boot_host_expect_failure(sim,
                             "E (30) boot: ota_info partition size 4096 is too small (minimum 8192 bytes)");
}
