/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source: ESP-IDF 6.1 (gen_esp32part.py, flash_partitions.c, bootloader_utility.c, bootloader_common.c).
 */
#include "partitions.h"

#include <openssl/evp.h>
#include <string.h>
#include <zlib.h>

#include "model.h"

enum {
    ENTRY_SIZE = 32,
    SLOTS = 96,
    TYPE_APP = 0,
    TYPE_DATA = 1,
    SUBTYPE_FACTORY = 0x00,
    SUBTYPE_OTA_0 = 0x10,
    SUBTYPE_OTADATA = 0x00,
    OTA_INVALID = 3,
    OTA_ABORTED = 4,
};

static uint32_t get32(const uint8_t *b)
{
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static bool is_filled_with(const uint8_t *bytes, uint8_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != value) {
            return false;
        }
    }
    return true;
}

static bool is_md5_right(const uint8_t *table, size_t size, const uint8_t *entry)
{
    uint8_t digest[16];
    unsigned digest_size = sizeof(digest);
    EVP_Digest(table, size, digest, &digest_size, EVP_md5(), NULL);
    return memcmp(digest, entry + 16, sizeof(digest)) == 0;
}

static bool add_entry(const esp_sim_t *sim, sim_partitions_t *out, const uint8_t *entry, char *why,
                      size_t why_size)
{
    sim_partition_t partition = {
        .type = entry[2], .subtype = entry[3], .offset = get32(entry + 4), .size = get32(entry + 8)};
    sim_copy_text(partition.label, entry + 12, 16);
    uint32_t flash_size = sim->flash.size;
    if (partition.offset > flash_size || partition.size > flash_size - partition.offset) {
        return sim_error(why, why_size, "partition '%s' does not fit into the flash", partition.label);
    }
    if (out->count == SIM_PARTITIONS_MAX) {
        return sim_error(why, why_size, "it has no end");
    }
    out->entries[out->count++] = partition;
    return true;
}

bool sim_partitions_read(const esp_sim_t *sim, sim_partitions_t *out, char *why, size_t why_size)
{
    uint8_t table[SLOTS * ENTRY_SIZE];
    memset(out, 0, sizeof(*out));
    sim_flash_read(sim, SIM_PARTITION_TABLE_OFF, table, sizeof(table));
    for (size_t slot = 0; slot < SLOTS; slot++) {
        const uint8_t *entry = table + slot * ENTRY_SIZE;
        if (entry[0] == 0xAA && entry[1] == 0x50) {
            if (!add_entry(sim, out, entry, why, why_size)) {
                return false;
            }
        } else if (entry[0] == 0xEB && entry[1] == 0xEB && !out->has_md5) {
            if (!is_md5_right(table, slot * ENTRY_SIZE, entry)) {
                return sim_error(why, why_size, "its MD5 does not match");
            }
            out->has_md5 = true;
        } else if (is_filled_with(entry, 0xFF, ENTRY_SIZE)) {
            return out->count > 0 ? true : sim_error(why, why_size, "it is empty");
        } else {
            return sim_error(why, why_size, "entry %zu begins with %02x %02x", slot, entry[0], entry[1]);
        }
    }
    return sim_error(why, why_size, "it has no end");
}

static const sim_partition_t *find(const sim_partitions_t *table, uint8_t type, uint8_t subtype)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->entries[i].type == type && table->entries[i].subtype == subtype) {
            return &table->entries[i];
        }
    }
    return NULL;
}

/* The sequence number of one otadata entry, 0 when the entry does not count. */
static uint32_t ota_sequence(const esp_sim_t *sim, uint32_t offset)
{
    uint8_t entry[ENTRY_SIZE];
    sim_flash_read(sim, offset, entry, sizeof(entry));
    uint32_t sequence = get32(entry);
    uint32_t state = get32(entry + 24);
    bool is_valid = sequence != 0xFFFFFFFFu && sequence != 0 && state != OTA_INVALID &&
                    state != OTA_ABORTED && get32(entry + 28) == crc32(0xFFFFFFFFu, entry, 4);
    return is_valid ? sequence : 0;
}

/* The ota slot otadata asks for, -1 = factory. */
static int selected_slot(const esp_sim_t *sim, const sim_partitions_t *table, int slots, bool has_factory)
{
    const sim_partition_t *otadata = find(table, TYPE_DATA, SUBTYPE_OTADATA);
    if (otadata == NULL || slots == 0) {
        return has_factory ? -1 : 0;
    }
    uint32_t first = ota_sequence(sim, otadata->offset);
    uint32_t second = ota_sequence(sim, otadata->offset + SIM_SECTOR_SIZE);
    uint32_t sequence = first > second ? first : second;
    if (sequence == 0) {
        return has_factory ? -1 : 0;
    }
    return (int)((sequence - 1) % (uint32_t)slots);
}

size_t sim_partitions_boot_order(const esp_sim_t *sim, const sim_partitions_t *table,
                                 const sim_partition_t **order)
{
    const sim_partition_t *factory = find(table, TYPE_APP, SUBTYPE_FACTORY);
    const sim_partition_t *slots[SIM_OTA_SLOTS];
    int slot_count = 0;
    while (slot_count < SIM_OTA_SLOTS) {
        slots[slot_count] = find(table, TYPE_APP, (uint8_t)(SUBTYPE_OTA_0 + slot_count));
        if (slots[slot_count] == NULL) {
            break;
        }
        slot_count++;
    }
    /* The selected one, then those below down to factory, then those above. */
    size_t count = 0;
    int selected = selected_slot(sim, table, slot_count, factory != NULL);
    for (int slot = selected; slot >= 0; slot--) {
        if (slot < slot_count) {
            order[count++] = slots[slot];
        }
    }
    if (factory != NULL) {
        order[count++] = factory;
    }
    for (int slot = selected + 1; slot < slot_count; slot++) {
        order[count++] = slots[slot];
    }
    return count;
}
