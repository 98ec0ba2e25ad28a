/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The partition table of a plan: the one that comes first in flash. A second one inside a partition
 * of it is that partition's content.
 */
#include "plan/check.h"

#include <string.h>

static esp_loader_error_t note_table(eli_check_t *check, size_t index, const esp_loader_part_t *part)
{
    const uint32_t offset = check->images[index].offset + part->offset;

    if (part->kind == ESP_LOADER_PART_TABLE &&
        (check->table_image == ELI_NO_IMAGE || offset < check->table_offset)) {
        check->table_image = index;
        check->table_offset = offset;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_source_t eli_check_table_source(const eli_check_t *check, esp_loader_view_t *view)
{
    const esp_loader_image_t *image = &check->images[check->table_image];

    return esp_loader_view(view, &image->source, check->table_offset - image->offset);
}

static esp_loader_error_t get_partition(eli_check_t *check, uint32_t index, esp_loader_partition_t *out)
{
    esp_loader_view_t view;
    const esp_loader_source_t table = eli_check_table_source(check, &view);

    esp_loader_error_t err = esp_loader_partition_get(&table, index, out);
    return err == ESP_LOADER_SUCCESS
               ? err
               : eli_check_fail_content(check, check->table_image,
                                        check->table_offset - check->images[check->table_image].offset, err);
}

/* Fails because of a partition. */
static esp_loader_error_t fail_partition(eli_check_t *check, const esp_loader_partition_t *partition,
                                         esp_loader_fault_t fault, uint32_t value)
{
    memcpy(check->detail->partition, partition->label, sizeof(check->detail->partition));
    return eli_check_fail(check, check->table_image,
                          check->table_offset - check->images[check->table_image].offset,
                          ESP_LOADER_ERROR_PARTITION, fault, value);
}

/* No partition but those that describe bootloader and table themselves may begin before the table's end. */
static esp_loader_error_t check_positions(eli_check_t *check)
{
    esp_loader_partition_t partition;

    for (uint32_t i = 0; i < check->partition_count; i++) {
        RETURN_ON_ERROR(get_partition(check, i, &partition));
        if (partition.type != ESP_LOADER_PARTITION_TYPE_BOOTLOADER &&
            partition.type != ESP_LOADER_PARTITION_TYPE_TABLE && partition.offset <= check->table_offset) {
            return fail_partition(check, &partition, ESP_LOADER_FAULT_PARTITION_POSITION, partition.offset);
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check_other_table(eli_check_t *check, size_t index, const esp_loader_part_t *part)
{
    const uint32_t offset = check->images[index].offset + part->offset;
    esp_loader_partition_t partition;
    bool is_inside = true;

    if (part->kind == ESP_LOADER_PART_TABLE && offset != check->table_offset) {
        RETURN_ON_ERROR(eli_check_partition_at(check, offset, &partition, &is_inside));
    }
    return is_inside ? ESP_LOADER_SUCCESS
                     : eli_check_fail(check, index, part->offset, ESP_LOADER_ERROR_PARTITION,
                                      ESP_LOADER_FAULT_TABLE_SECOND, check->table_offset);
}

esp_loader_error_t eli_check_table(eli_check_t *check)
{
    esp_loader_view_t view;

    check->table_image = ELI_NO_IMAGE;
    RETURN_ON_ERROR(eli_check_each_part(check, note_table));
    if (check->table_image == ELI_NO_IMAGE) {
        return ESP_LOADER_SUCCESS;
    }
    const esp_loader_source_t table = eli_check_table_source(check, &view);
    esp_loader_error_t err =
        esp_loader_partition_table_explain(&table, &check->partition_count, check->detail);
    if (err != ESP_LOADER_SUCCESS) {
        const uint32_t offset = check->table_offset - check->images[check->table_image].offset;
        return err == ESP_LOADER_ERROR_PARTITION
                   ? eli_check_fail(check, check->table_image, offset, err, check->detail->fault, 0)
                   : eli_check_fail_content(check, check->table_image, offset, err);
    }
    RETURN_ON_ERROR(check_positions(check));
    return eli_check_each_part(check, check_other_table);
}

esp_loader_error_t eli_check_partition_at(eli_check_t *check, uint32_t flash_offset,
                                          esp_loader_partition_t *out, bool *out_is_there)
{
    *out_is_there = false;
    for (uint32_t i = 0; i < check->partition_count && !*out_is_there; i++) {
        RETURN_ON_ERROR(get_partition(check, i, out));
        *out_is_there = flash_offset >= out->offset && flash_offset - out->offset < out->size;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_check_partitions_end(eli_check_t *check, uint32_t limit, esp_loader_fault_t fault)
{
    esp_loader_partition_t partition;

    for (uint32_t i = 0; check->table_image != ELI_NO_IMAGE && i < check->partition_count; i++) {
        RETURN_ON_ERROR(get_partition(check, i, &partition));
        if (partition.offset > limit || partition.size > limit - partition.offset) {
            return fail_partition(check, &partition, fault,
                                  fault == ESP_LOADER_FAULT_PARTITION_HEADER ? limit : partition.offset);
        }
    }
    return ESP_LOADER_SUCCESS;
}
