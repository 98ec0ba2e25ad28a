/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Partition tables. In a table that is accepted every entry can be read, none overlaps another or wraps, and
 * what follows the table does not matter; the simulated chip, another reading of the same format, reads the
 * same entries. The chip finds its way through any table, and has an end.
 *
 * Input: the table.
 */
#include <stdlib.h>
#include <string.h>

#include "../../tools/mkimage/table.h"
#include "esp_sim.h"
#include "boot/partitions.h"
#include "source.h"

enum { FLASH_SIZE = 16 * 1024 * 1024, TABLE_SIZE = MKIMAGE_TABLE_SIZE };

static void check_entries(const esp_loader_source_t *source, uint32_t count)
{
    esp_loader_partition_t all[ESP_LOADER_PARTITION_MAX_COUNT];
    FUZZ_CHECK(count >= 1 && count <= ESP_LOADER_PARTITION_MAX_COUNT);
    for (uint32_t i = 0; i < count; i++) {
        esp_loader_partition_t *entry = &all[i];
        FUZZ_CHECK(esp_loader_partition_get(source, i, entry) == ESP_LOADER_SUCCESS);
        FUZZ_CHECK(entry->size > 0 && (uint64_t)entry->offset + entry->size <= UINT64_C(1) << 32);
        FUZZ_CHECK(entry->offset % (entry->type == 0 ? 0x10000u : 0x1000u) == 0);
        FUZZ_CHECK(strlen(entry->label) < sizeof(entry->label));
        for (uint32_t k = 0; k < i; k++) {
            FUZZ_CHECK((uint64_t)all[k].offset + all[k].size <= entry->offset ||
                       (uint64_t)entry->offset + entry->size <= all[k].offset);
        }
    }
    FUZZ_CHECK(esp_loader_partition_get(source, count, &all[0]) == ESP_LOADER_ERROR_INVALID_PARAM);
}

static bool fits_the_flash(const esp_loader_source_t *source, uint32_t count)
{
    esp_loader_partition_t entry;
    for (uint32_t i = 0; i < count; i++) {
        FUZZ_CHECK(esp_loader_partition_get(source, i, &entry) == ESP_LOADER_SUCCESS);
        if (entry.offset > FLASH_SIZE || entry.size > FLASH_SIZE - entry.offset) {
            return false;
        }
    }
    return true;
}

static void compare(const esp_loader_source_t *source, uint32_t count, const sim_partitions_t *seen)
{
    esp_loader_partition_t entry;
    FUZZ_CHECK(seen->count == count);
    for (uint32_t i = 0; i < count; i++) {
        const sim_partition_t *other = &seen->entries[i];
        FUZZ_CHECK(esp_loader_partition_get(source, i, &entry) == ESP_LOADER_SUCCESS);
        FUZZ_CHECK(entry.type == other->type && entry.subtype == other->subtype);
        FUZZ_CHECK(entry.offset == other->offset && entry.size == other->size);
        FUZZ_CHECK(strchr(other->label, '?') != NULL || strcmp(entry.label, other->label) == 0);
    }
}

/* count 0: the library refuses the table */
static void let_chip_read(fuzz_input_t table, const esp_loader_source_t *source, uint32_t count)
{
    static esp_sim_t *sim;
    static sim_partitions_t seen;
    sim_app_t order[SIM_OTA_SLOTS + 2];
    size_t apps = 0;
    char why[200] = "";
    if (sim == NULL) {
        sim = esp_sim_new(&(esp_sim_config_t){.flash_size = FLASH_SIZE}, why, sizeof(why));
        FUZZ_CHECK(sim != NULL);
    }
    uint8_t *flash = esp_sim_flash(sim) + SIM_PARTITION_TABLE_OFF;
    memcpy(flash, table.data, table.size);
    if (sim_partitions_read(sim, FLASH_SIZE, &seen, why, sizeof(why))) {
        FUZZ_CHECK(seen.count <= SIM_PARTITIONS_MAX);
        bool goes_on = sim_partitions_boot_order(sim, &seen, order, &apps, why, sizeof(why));
        FUZZ_CHECK(goes_on || why[0] != '\0');
        FUZZ_CHECK(apps <= sizeof(order) / sizeof(order[0]));
        for (size_t i = 0; i < apps; i++) {
            FUZZ_CHECK(order[i].partition->type == 0 && order[i].partition->offset <= FLASH_SIZE);
        }
    } else {
        FUZZ_CHECK(why[0] != '\0');
        FUZZ_CHECK(count == 0 || !fits_the_flash(source, count));
        count = 0;
    }
    if (count > 0) {
        compare(source, count, &seen);
    }
    memset(flash, 0xFF, table.size);
}

void fuzz_one(const uint8_t *data, size_t size)
{
    fuzz_input_t input = {data, size};
    fuzz_input_t table = fuzz_take(&input, TABLE_SIZE);
    const esp_loader_source_t source = fuzz_source(&table);
    uint32_t count = 0x5A5A5A5A;
    if (esp_loader_partition_table_check(&source, &count) == ESP_LOADER_SUCCESS) {
        FUZZ_CHECK(esp_loader_partition_table_is(&source));
        check_entries(&source, count);
    } else {
        FUZZ_CHECK(count == 0x5A5A5A5A);
        count = 0;
    }
    if (table.size > 0) {
        let_chip_read(table, &source, count);
    }
}

static const char *const lines[] = {
    "nvs, data, nvs, 0x9000, 0x4000",     "otadata, data, ota, 0xd000, 0x2000",
    "factory, app, factory, 0x10000, 1M", "ota_0, app, ota_0, 0x110000, 1M",
    "ota_1, app, ota_1, 0x210000, 1M",    "a label of 16 by, 0x40, 0x01, 0xf000, 4K"};
enum { LINE_COUNT = sizeof(lines) / sizeof(lines[0]) };

FUZZ_SEEDS(2 * LINE_COUNT)
{
    uint8_t table[MKIMAGE_TABLE_SIZE];
    size_t count = number / 2 + 1;
    mkimage_table_start(table);
    for (size_t i = 0; i < count; i++) {
        FUZZ_CHECK(mkimage_table_add(table, i, lines[i]));
    }
    if (number % 2 != 0) {
        mkimage_table_finish(table, count);
    }
    fuzz_put(seed, table, (count + 2) * 32);
}
