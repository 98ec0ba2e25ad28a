/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the bootloader selects, as it does it. Source: ESP-IDF v6.0, bootloader_utility.c
 * (bootloader_utility_get_selected_boot_partition) and bootloader_common_loader.c
 * (bootloader_common_ota_select_valid).
 */
#include "flash/flash_boot.h"

#include <libdeflate.h>
#include "flash/flash_content.h"

enum {
    USUAL_TABLE_OFFSET = 0x8000,
    TABLE_SIZE = 0xC00,
    PIECE_SIZE = 0x100,
    ENTRY_SIZE = 32,
    OTA_ENTRY_SIZE = 32,
    SUBTYPE_FACTORY = 0x00,
    SUBTYPE_OTA_0 = 0x10,
    SUBTYPE_OTADATA = 0x00,
    ERASED = 0xFF,
    OTA_INVALID = 3,
    OTA_ABORTED = 4,
};

#define OTA_ERASED UINT32_MAX

/** What the run has, and what the table says. */
typedef struct {
    const flash_job_t *job;
    bool has_table;
    uint32_t table_offset; /**< in the flash */
    esp_loader_view_t view;
    esp_loader_source_t table;
    uint8_t bytes[TABLE_SIZE]; /**< of the target's */
    bool has_app;
    const esp_loader_image_t *image; /**< with the first app at the start of an app partition */
    esp_loader_partition_t own;      /**< which is that one */
} boot_t;

/* ---- the run ---- */

static bool see_part(const esp_loader_image_t *image, const esp_loader_part_t *part, void *ctx)
{
    boot_t *boot = ctx;
    const uint32_t offset = image->offset + part->offset;

    if (part->kind == ESP_LOADER_PART_TABLE && (!boot->has_table || offset < boot->table_offset)) {
        boot->has_table = true;
        boot->table_offset = offset;
        boot->table = esp_loader_view(&boot->view, &image->source, part->offset);
    }
    boot->has_app = boot->has_app || (part->kind == ESP_LOADER_PART_EXECUTABLE && part->is_mapped);
    return false;
}

static bool is_written(const boot_t *boot, uint32_t offset)
{
    for (size_t i = 0; i < boot->job->count; i++) {
        const esp_loader_image_t *image = &boot->job->images[i];

        if (offset >= image->offset && offset - image->offset < image->source.size) {
            return true;
        }
    }
    return false;
}

/* ---- the table ---- */

/** The target's, as far as it has entries; false when it cannot be read. */
static bool read_table(esp_loader_t *loader, boot_t *boot)
{
    uint32_t size = 0;

    do {
        if (esp_loader_flash_read(loader, boot->bytes + size, USUAL_TABLE_OFFSET + size, PIECE_SIZE) !=
            ESP_LOADER_SUCCESS) {
            return false;
        }
        size += PIECE_SIZE;
    } while (size < TABLE_SIZE && boot->bytes[size - ENTRY_SIZE] != ERASED);
    boot->table = (esp_loader_source_t){.read = esp_loader_read_memory, .ctx = boot->bytes, .size = size};
    return true;
}

/** The last partition of this type and subtype, as the bootloader has it. */
static bool find_partition(const boot_t *boot, uint8_t type, uint8_t subtype, esp_loader_partition_t *out)
{
    esp_loader_partition_t partition;
    bool is_found = false;

    for (uint32_t i = 0; esp_loader_partition_get(&boot->table, i, &partition) == ESP_LOADER_SUCCESS; i++) {
        if (partition.type == type && partition.subtype == subtype) {
            *out = partition;
            is_found = true;
        }
    }
    return is_found;
}

/** Is it an app at the start of an app partition? */
static bool is_app(const esp_loader_image_t *image, const esp_loader_part_t *part, void *ctx)
{
    boot_t *boot = ctx;
    esp_loader_partition_t *own = &boot->own;
    bool is_own = false;

    for (uint32_t i = 0; part->kind == ESP_LOADER_PART_EXECUTABLE && !is_own &&
                         esp_loader_partition_get(&boot->table, i, own) == ESP_LOADER_SUCCESS;
         i++) {
        is_own = own->type == ESP_LOADER_PARTITION_TYPE_APP && own->offset == image->offset + part->offset;
    }
    boot->image = image;
    return is_own;
}

static uint32_t count_slots(const boot_t *boot)
{
    esp_loader_partition_t partition;
    uint32_t count = 0;

    for (uint32_t i = 0; esp_loader_partition_get(&boot->table, i, &partition) == ESP_LOADER_SUCCESS; i++) {
        count +=
            partition.type == ESP_LOADER_PARTITION_TYPE_APP && (partition.subtype & 0xF0) == SUBTYPE_OTA_0;
    }
    return count;
}

/* ---- otadata ---- */

static uint32_t get_u32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/** The sequence number that counts, or 0: nothing is selected. One that is damaged beside one that is not
 * given up says nothing for certain, and counts as nothing. */
static uint32_t selected_sequence(uint8_t entries[2][OTA_ENTRY_SIZE])
{
    uint32_t selected = 0;

    for (size_t i = 0; i < 2; i++) {
        const uint32_t sequence = get_u32(entries[i]);
        const uint32_t state = get_u32(entries[i] + 24);
        const uint32_t crc = get_u32(entries[i] + 28);

        if (sequence != OTA_ERASED && state != OTA_INVALID && state != OTA_ABORTED &&
            crc == libdeflate_crc32(UINT32_MAX, entries[i], 4) && sequence > selected) {
            selected = sequence;
        }
    }
    return selected;
}

/** The partition whose app starts; false when that is not known. */
static bool find_selected(esp_loader_t *loader, const boot_t *boot, const esp_loader_partition_t *otadata,
                          esp_loader_partition_t *out, bool *out_is_default)
{
    uint8_t entries[2][OTA_ENTRY_SIZE];
    const uint32_t slots = count_slots(boot);

    for (uint32_t i = 0; i < 2; i++) {
        if (esp_loader_flash_read(loader, entries[i], otadata->offset + i * ESP_LOADER_SECTOR_SIZE,
                                  OTA_ENTRY_SIZE) != ESP_LOADER_SUCCESS) {
            return false;
        }
    }
    const uint32_t sequence = selected_sequence(entries);
    *out_is_default = sequence == 0 || slots == 0;
    if (!*out_is_default) {
        return find_partition(boot, ESP_LOADER_PARTITION_TYPE_APP,
                              (uint8_t)(SUBTYPE_OTA_0 + (sequence - 1) % slots), out);
    }
    return find_partition(boot, ESP_LOADER_PARTITION_TYPE_APP, SUBTYPE_FACTORY, out) ||
           find_partition(boot, ESP_LOADER_PARTITION_TYPE_APP, SUBTYPE_OTA_0, out);
}

void flash_boot_note(const flash_job_t *job, flash_run_t *run)
{
    esp_loader_t *loader = &run->session.loader;
    boot_t boot = {.job = job};
    esp_loader_partition_t otadata;
    esp_loader_partition_t selected;
    bool is_default;

    flash_content_each_part(job, see_part, &boot);
    if (!boot.has_app || (!boot.has_table && !read_table(loader, &boot)) ||
        !find_partition(&boot, ESP_LOADER_PARTITION_TYPE_DATA, SUBTYPE_OTADATA, &otadata) ||
        otadata.size < 2 * ESP_LOADER_SECTOR_SIZE || !flash_content_each_part(job, is_app, &boot) ||
        !find_selected(loader, &boot, &otadata, &selected, &is_default) ||
        is_written(&boot, selected.offset)) {
        return;
    }
    notes_add(&run->notes, run->label, job->session.is_quiet,
              "%s at 0x%08x is in partition '%s', but '%s' starts: otadata (partition '%s') selects %s",
              boot.image->name, (unsigned)boot.image->offset, boot.own.label, selected.label, otadata.label,
              is_default ? "no other" : "it");
}
