/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Partitions by name.
 */
#include <stdio.h>
#include <string.h>

#include "partitions/partitions.h"
#include "text/partition_name.h"

enum { NAMES_SIZE = 256, TABLE_SPACE = 0x1000 };

const esp_loader_partition_t *partitions_last(const partitions_t *table, uint8_t type, uint8_t subtype)
{
    const esp_loader_partition_t *found = NULL;

    for (uint32_t i = 0; i < table->count; i++) {
        if (table->list[i].type == type && table->list[i].subtype == subtype) {
            found = &table->list[i];
        }
    }
    return found;
}

const esp_loader_partition_t *partitions_default_app(const partitions_t *table)
{
    static const uint8_t subtypes[] = {PARTITION_SUBTYPE_FACTORY, PARTITION_SUBTYPE_OTA_0};
    const esp_loader_partition_t *found = NULL;

    for (size_t i = 0; i < sizeof(subtypes) && found == NULL; i++) {
        found = partitions_last(table, ESP_LOADER_PARTITION_TYPE_APP, subtypes[i]);
    }
    for (uint32_t i = 0; i < table->count && found == NULL; i++) {
        found = table->list[i].type == ESP_LOADER_PARTITION_TYPE_APP ? &table->list[i] : NULL;
    }
    return found;
}

/** Bootloader and partition table, as if they were partitions. */
static bool find_fixed(const partitions_t *table, const char *name, target_chip_t chip,
                       esp_loader_partition_t *out)
{
    if (strcmp(name, PARTITIONS_TABLE) == 0) {
        *out = (esp_loader_partition_t){
            .type = ESP_LOADER_PARTITION_TYPE_TABLE, .offset = table->offset, .size = TABLE_SPACE};
    } else if (strcmp(name, PARTITIONS_BOOTLOADER) == 0 &&
               esp_loader_chip_bootloader_offset(chip) < table->offset) {
        const uint32_t offset = esp_loader_chip_bootloader_offset(chip);

        *out = (esp_loader_partition_t){
            .type = ESP_LOADER_PARTITION_TYPE_BOOTLOADER, .offset = offset, .size = table->offset - offset};
    } else {
        return false;
    }
    snprintf(out->label, sizeof(out->label), "%s", name);
    return true;
}

/** By label; *out_count says how many have it. */
static const esp_loader_partition_t *find_label(const partitions_t *table, const char *name,
                                                uint32_t *out_count)
{
    const esp_loader_partition_t *found = NULL;

    *out_count = 0;
    for (uint32_t i = 0; i < table->count; i++) {
        if (strcmp(table->list[i].label, name) == 0) {
            found = &table->list[i];
            (*out_count)++;
        }
    }
    return found;
}

static const esp_loader_partition_t *find_subtype(const partitions_t *table, const char *name)
{
    char text[PARTITION_NAME_SIZE];

    if (strcmp(name, PARTITIONS_APP) == 0) {
        return partitions_default_app(table);
    }
    if (strcmp(name, "otadata") == 0) {
        return partitions_last(table, ESP_LOADER_PARTITION_TYPE_DATA, PARTITION_SUBTYPE_OTADATA);
    }
    for (uint32_t i = 0; i < table->count; i++) {
        const esp_loader_partition_t *partition = &table->list[i];

        if (partition->type == ESP_LOADER_PARTITION_TYPE_APP &&
            strcmp(partition_subtype_name(partition->type, partition->subtype, text), name) == 0) {
            return partition;
        }
    }
    return NULL;
}

static void list_names(const partitions_t *table, char out[NAMES_SIZE])
{
    size_t used = 0;

    for (uint32_t i = 0; i < table->count && used < NAMES_SIZE; i++) {
        const int written = snprintf(out + used, NAMES_SIZE - used, "%s, ", table->list[i].label);
        used += written > 0 ? (size_t)written : 0;
    }
    snprintf(out + (used < NAMES_SIZE - 4 ? used : NAMES_SIZE - 4), 4, "%s",
             used < NAMES_SIZE - 4 ? "" : "...");
}

cli_exit_t partitions_find(const partitions_t *table, const char *name, target_chip_t chip, const char *label,
                           esp_loader_partition_t *out)
{
    const esp_loader_partition_t *found;
    char names[NAMES_SIZE];
    uint32_t count;

    if (find_fixed(table, name, chip, out)) {
        return CLI_OK;
    }
    found = find_label(table, name, &count);
    if (count > 1) {
        report_labelled_line(label, "%u partitions are named '%.60s': give an offset", (unsigned)count, name);
        return CLI_USAGE;
    }
    found = found != NULL ? found : find_subtype(table, name);
    if (found == NULL) {
        list_names(table, names);
        report_labelled_line(label,
                             "there is no partition '%.60s': there are %s" PARTITIONS_APP
                             ", " PARTITIONS_BOOTLOADER " and " PARTITIONS_TABLE,
                             name, names);
        return CLI_USAGE;
    }
    *out = *found;
    return CLI_OK;
}

cli_exit_t partitions_find_in_target(session_t *session, const char *name, esp_loader_partition_t *out)
{
    partitions_t table;

    cli_exit_t code = partitions_need(session, &table);
    return code == CLI_OK ? partitions_find(&table, name, session->context.chip, session->context.label, out)
                          : code;
}
