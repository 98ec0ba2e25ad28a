/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the bootloader looks at, and no more: it knows no alignment, and partitions may overlap. A partition
 * whose end is beyond 32 bits passes, as its sum does.
 *
 * Source: ESP-IDF v6.0, components/bootloader_support/src/flash_partitions.c (esp_partition_table_verify),
 * bootloader_utility.c (bootloader_utility_load_partition_table, bootloader_common_read_otadata,
 * bootloader_utility_get_selected_boot_partition, bootloader_utility_load_boot_image),
 * bootloader_common_loader.c (bootloader_common_ota_select_valid, bootloader_common_select_otadata). Not
 * modelled: options that are compiled in, which are rollback, the pins for factory reset and test app, and
 * another place for the table.
 */
#include "boot/partitions.h"

#include <openssl/evp.h>
#include <string.h>
#include <zlib.h>

#include "state/model.h"

enum {
    ENTRY_SIZE = 32,
    SLOTS = 96,
    TYPE_APP = 0,
    TYPE_DATA = 1,
    TYPE_END = 0xFF,
    SUBTYPE_FACTORY = 0x00,
    SUBTYPE_OTA_0 = 0x10,
    SUBTYPE_TEST = 0x20,
    SUBTYPE_OTADATA = 0x00,
    MAGIC = 0x50AA,
    MAGIC_MD5 = 0xEBEB,
    MAGIC_END = 0xFFFF,
    OTA_INVALID = 3,
    OTA_ABORTED = 4,
};

#define OTA_ERASED 0xFFFFFFFFu

static bool is_md5_right(const uint8_t *table, size_t size, const uint8_t *entry)
{
    uint8_t digest[16];
    unsigned digest_size = sizeof(digest);
    EVP_Digest(table, size, digest, &digest_size, EVP_md5(), NULL);
    return memcmp(digest, entry + 16, sizeof(digest)) == 0;
}

/* False when the entry is not inside the flash. */
static bool add_entry(uint32_t flash_size, sim_partitions_t *out, const uint8_t *entry)
{
    sim_partition_t partition = {
        .type = entry[2], .subtype = entry[3], .offset = sim_get32(entry + 4), .size = sim_get32(entry + 8)};
    sim_copy_text(partition.label, entry + 12, 16);
    out->entries[out->count++] = partition;
    return partition.offset <= flash_size && partition.offset + partition.size <= flash_size;
}

bool sim_partitions_read(const esp_sim_t *sim, uint32_t flash_size, sim_partitions_t *out, char *why,
                         size_t why_size)
{
    uint8_t table[SLOTS * ENTRY_SIZE];
    memset(out, 0, sizeof(*out));
    sim_flash_read(sim, SIM_PARTITION_TABLE_OFF, table, sizeof(table));
    for (unsigned slot = 0; slot < SLOTS; slot++) {
        const uint8_t *entry = table + slot * ENTRY_SIZE;
        unsigned magic = entry[0] | (unsigned)entry[1] << 8;
        if (magic == MAGIC) {
            if (!add_entry(flash_size, out, entry)) {
                return sim_error(why, why_size,
                                 "partition %u invalid - offset 0x%x size 0x%x exceeds flash chip size 0x%x",
                                 slot, (unsigned)sim_get32(entry + 4), (unsigned)sim_get32(entry + 8),
                                 (unsigned)flash_size);
            }
        } else if (magic == MAGIC_MD5) {
            if (out->has_md5) {
                return sim_error(why, why_size, "Only one MD5 checksum is allowed");
            }
            if (!is_md5_right(table, slot * ENTRY_SIZE, entry)) {
                return sim_error(why, why_size, "Incorrect MD5 checksum");
            }
            out->has_md5 = true;
        } else if (slot > 0 && magic == MAGIC_END && entry[2] == TYPE_END && entry[3] == TYPE_END) {
            return true;
        } else {
            return sim_error(why, why_size, "partition %u invalid magic number 0x%x", slot, magic);
        }
    }
    return sim_error(why, why_size, "partition table has no terminating entry, not valid");
}

/* Of several with one type and subtype the last counts. */
static const sim_partition_t *find(const sim_partitions_t *table, uint8_t type, uint8_t subtype)
{
    const sim_partition_t *found = NULL;
    for (size_t i = 0; i < table->count; i++) {
        if (table->entries[i].type == type && table->entries[i].subtype == subtype) {
            found = &table->entries[i];
        }
    }
    return found;
}

typedef struct {
    uint32_t sequence;
    bool is_invalid; /**< marked as such, or empty */
    bool is_valid;   /**< and its CRC is right */
} ota_entry_t;

static ota_entry_t read_ota_entry(const esp_sim_t *sim, uint32_t offset)
{
    uint8_t bytes[ENTRY_SIZE];
    sim_flash_read(sim, offset, bytes, sizeof(bytes));
    uint32_t state = sim_get32(bytes + 24);
    ota_entry_t entry = {.sequence = sim_get32(bytes)};
    entry.is_invalid = entry.sequence == OTA_ERASED || state == OTA_INVALID || state == OTA_ABORTED;
    entry.is_valid = !entry.is_invalid && sim_get32(bytes + 28) == crc32(0xFFFFFFFFu, bytes, 4);
    return entry;
}

/* The app that otadata asks for; false when the bootloader gives up. */
static bool select_app(const esp_sim_t *sim, const sim_partitions_t *table, uint32_t slots, bool has_factory,
                       int *out, char *why, size_t why_size)
{
    const sim_partition_t *otadata = find(table, TYPE_DATA, SUBTYPE_OTADATA);
    *out = SIM_APP_FACTORY;
    if (otadata == NULL || otadata->offset == 0) {
        return true;
    }
    if (otadata->size < 2 * SIM_SECTOR_SIZE) {
        return sim_error(why, why_size, "ota_info partition size %u is too small (minimum %d bytes)",
                         (unsigned)otadata->size, 2 * SIM_SECTOR_SIZE);
    }
    ota_entry_t first = read_ota_entry(sim, otadata->offset);
    ota_entry_t second = read_ota_entry(sim, otadata->offset + SIM_SECTOR_SIZE);
    if ((first.is_invalid && second.is_invalid) || slots == 0) {
        *out = has_factory ? SIM_APP_FACTORY : 0;
    } else if (first.is_valid && (!second.is_valid || first.sequence >= second.sequence)) {
        *out = (int)((first.sequence - 1) % slots);
    } else if (second.is_valid) {
        *out = (int)((second.sequence - 1) % slots);
    }
    return true;
}

static void add_app(const sim_partition_t *partition, int index, sim_app_t *order, size_t *count)
{
    if (partition != NULL && partition->size > 0) {
        order[(*count)++] = (sim_app_t){partition, index};
    }
}

bool sim_partitions_boot_order(const esp_sim_t *sim, const sim_partitions_t *table, sim_app_t *order,
                               size_t *out_count, char *why, size_t why_size)
{
    const sim_partition_t *factory = find(table, TYPE_APP, SUBTYPE_FACTORY);
    const sim_partition_t *slots[SIM_OTA_SLOTS];
    int slot_count = 0;
    for (size_t i = 0; i < SIM_OTA_SLOTS; i++) {
        slots[i] = find(table, TYPE_APP, (uint8_t)(SUBTYPE_OTA_0 + i));
    }
    for (size_t i = 0; i < table->count; i++) {
        slot_count +=
            table->entries[i].type == TYPE_APP && (table->entries[i].subtype & 0xF0) == SUBTYPE_OTA_0;
    }
    /* A table that leaves out a slot has fewer than the highest number: those above are never tried. */
    slot_count = slot_count < SIM_OTA_SLOTS ? slot_count : SIM_OTA_SLOTS;
    *out_count = 0;
    int selected;
    if (!select_app(sim, table, (uint32_t)slot_count, factory != NULL, &selected, why, why_size)) {
        return false;
    }
    /* The selected one, then those below down to factory, then those above, then the test app. */
    for (int slot = selected; slot >= 0; slot--) {
        add_app(slot < slot_count ? slots[slot] : NULL, slot, order, out_count);
    }
    add_app(factory, SIM_APP_FACTORY, order, out_count);
    for (int slot = selected + 1; slot < slot_count; slot++) {
        add_app(slots[slot], slot, order, out_count);
    }
    add_app(find(table, TYPE_APP, SUBTYPE_TEST), SIM_APP_TEST, order, out_count);
    return true;
}
