/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the bootloader selects, as it does it, and selecting. Source: ESP-IDF v6.0, bootloader_utility.c
 * (bootloader_utility_get_selected_boot_partition) and bootloader_common_loader.c (bootloader_common_ota_select_valid);
 * esp_rewrite_ota_data of app_update.
 */
#include "partitions/otadata.h"

#include <zlib.h>
#include <stdio.h>
#include <string.h>

#include "esp_loader_plan.h"

enum { STATE_OFFSET = 24, CRC_OFFSET = 28, STATE_VALID = 2, STATE_INVALID = 3, STATE_ABORTED = 4 };

#define ERASED UINT32_MAX

static uint32_t get_u32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put_u32(uint8_t *bytes, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

static bool is_slot(const esp_loader_partition_t *partition)
{
    return partition->type == ESP_LOADER_PARTITION_TYPE_APP &&
           (partition->subtype & 0xF0) == PARTITION_SUBTYPE_OTA_0;
}

static void decode_copy(const uint8_t *entry, otadata_copy_t *out)
{
    out->sequence = get_u32(entry);
    out->state = get_u32(entry + STATE_OFFSET);
    out->is_crc_right = get_u32(entry + CRC_OFFSET) == crc32(UINT32_MAX, entry, 4);
    out->is_blank = out->sequence == ERASED;
    out->is_valid = !out->is_blank && out->sequence != 0 && out->is_crc_right &&
                    out->state != STATE_INVALID && out->state != STATE_ABORTED;
}

uint32_t otadata_slot(const otadata_t *otadata, const otadata_copy_t *copy)
{
    return otadata->slots != 0 && copy->sequence != 0 ? (copy->sequence - 1) % otadata->slots : 0;
}

/** The app that starts. */
static const esp_loader_partition_t *find_selected(const partitions_t *table, const otadata_t *otadata)
{
    if (otadata->active < 0 || otadata->slots == 0) {
        return partitions_default_app(table);
    }
    const uint32_t slot = otadata_slot(otadata, &otadata->copies[otadata->active]);
    return partitions_last(table, ESP_LOADER_PARTITION_TYPE_APP, (uint8_t)(PARTITION_SUBTYPE_OTA_0 + slot));
}

void otadata_decode(const partitions_t *table, const uint8_t copies[OTADATA_COPIES][OTADATA_ENTRY_SIZE],
                    otadata_t *out)
{
    const esp_loader_partition_t *partition =
        partitions_last(table, ESP_LOADER_PARTITION_TYPE_DATA, PARTITION_SUBTYPE_OTADATA);
    uint32_t highest = 0;

    *out = (otadata_t){.active = -1};
    for (uint32_t i = 0; i < table->count; i++) {
        out->slots += is_slot(&table->list[i]);
    }
    if (copies != NULL && partition != NULL) {
        out->is_there = true;
        out->partition = *partition;
        for (int i = 0; i < OTADATA_COPIES; i++) {
            decode_copy(copies[i], &out->copies[i]);
            if (out->copies[i].is_valid && out->copies[i].sequence > highest) {
                highest = out->copies[i].sequence;
                out->active = i;
            }
        }
    }
    const esp_loader_partition_t *selected = find_selected(table, out);
    if (selected != NULL) {
        out->has_selected = true;
        out->selected = *selected;
    }
}

esp_loader_error_t otadata_read(esp_loader_t *loader, const partitions_t *table, otadata_t *out)
{
    const esp_loader_partition_t *partition =
        partitions_last(table, ESP_LOADER_PARTITION_TYPE_DATA, PARTITION_SUBTYPE_OTADATA);
    uint8_t copies[OTADATA_COPIES][OTADATA_ENTRY_SIZE];
    const bool is_there =
        partition != NULL && partition->size >= OTADATA_COPIES * (uint32_t)ESP_LOADER_SECTOR_SIZE;

    for (uint32_t i = 0; is_there && i < OTADATA_COPIES; i++) {
        RETURN_ON_ERROR(esp_loader_flash_read(
            loader, copies[i], partition->offset + i * ESP_LOADER_SECTOR_SIZE, OTADATA_ENTRY_SIZE));
    }
    otadata_decode(table, is_there ? (const uint8_t(*)[OTADATA_ENTRY_SIZE])copies : NULL, out);
    return ESP_LOADER_SUCCESS;
}

const char *otadata_state_name(uint32_t state, char room[12])
{
    static const char *const names[] = {"new", "pending", "valid", "invalid", "aborted"};

    if (state == ERASED) {
        return "undefined";
    }
    if (state < sizeof(names) / sizeof(names[0])) {
        return names[state];
    }
    snprintf(room, 12, "0x%08x", (unsigned)state);
    return room;
}

bool otadata_select(const otadata_t *otadata, uint32_t slot, uint8_t out_entry[OTADATA_ENTRY_SIZE],
                    int *out_copy)
{
    const otadata_copy_t *active = otadata->active >= 0 ? &otadata->copies[otadata->active] : NULL;
    uint32_t sequence = slot + 1;

    if (active != NULL) {
        const uint32_t now = otadata_slot(otadata, active);

        if (now == slot && (active->state == STATE_VALID || active->state == ERASED)) {
            *out_copy = -1;
            return true;
        }
        const uint32_t step = now < slot ? slot - now : otadata->slots - (now - slot);
        if (active->sequence >= ERASED - step) {
            return false;
        }
        sequence = active->sequence + step;
    }
    memset(out_entry, 0xFF,
           OTADATA_ENTRY_SIZE); /* state undefined: started without being asked to prove itself */
    put_u32(out_entry, sequence);
    put_u32(out_entry + CRC_OFFSET, (uint32_t)crc32(UINT32_MAX, out_entry, 4));
    *out_copy = otadata->active == 0 ? 1 : 0;
    return true;
}

cli_exit_t otadata_need(session_t *session, partitions_t *out_table, otadata_t *out)
{
    cli_exit_t code = partitions_need(session, out_table);
    if (code != CLI_OK) {
        return code;
    }
    return otadata_read(&session->loader, out_table, out) == ESP_LOADER_SUCCESS ? CLI_OK
                                                                                : session_failure(session);
}
