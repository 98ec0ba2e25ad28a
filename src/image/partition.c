/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Partition tables in their binary form. Accepted is what ESP-IDF's bootloader accepts and its generator
 * makes: entries in any order that do not overlap, a digest entry only as the last one, then the end mark.
 * Source: ESP-IDF 5 programming guide, "Partition Tables"; esp_flash_partitions.h; gen_esp32part.
 */
#include "image/image.h"

#include <string.h>

#include "common/bytes.h"

#define ENTRY_SIZE      32u
#define ENTRY_COUNT_MAX 96u /* 0xC00 bytes, with digest and end mark */
#define MAGIC_ENTRY     0x50AAu
#define MAGIC_DIGEST    0xEBEBu
#define DIGEST_OFF      16u
#define APP_ALIGNMENT   0x10000u
#define OTHER_ALIGNMENT 0x1000u

_Static_assert(ESP_LOADER_PARTITION_MAX_COUNT == ENTRY_COUNT_MAX - 1, "one slot is the end mark");

/* Reads slot @p index; one beyond the end of source or table is not there. The error of the source's read()
 * is the only one besides PARTITION. */
static esp_loader_error_t read_slot(const esp_loader_source_t *source, uint32_t index,
                                    uint8_t out_slot[ENTRY_SIZE])
{
    if (index >= ENTRY_COUNT_MAX || source->size / ENTRY_SIZE <= index) {
        return ESP_LOADER_ERROR_PARTITION;
    }
    return eli_source_read(source, index * ENTRY_SIZE, out_slot, ENTRY_SIZE);
}

static bool is_end_mark(const uint8_t slot[ENTRY_SIZE])
{
    for (unsigned i = 0; i < ENTRY_SIZE; i++) {
        if (slot[i] != 0xFF) {
            return false;
        }
    }
    return true;
}

/* As read_slot(), for a slot that must hold an entry. */
static esp_loader_error_t read_entry(const esp_loader_source_t *source, uint32_t index,
                                     esp_loader_partition_t *out)
{
    uint8_t slot[ENTRY_SIZE];

    RETURN_ON_ERROR(read_slot(source, index, slot));
    if (eli_get_u16(slot) != MAGIC_ENTRY) {
        return ESP_LOADER_ERROR_PARTITION;
    }
    *out = (esp_loader_partition_t){
        .type = slot[2],
        .subtype = slot[3],
        .offset = eli_get_u32(slot + 4),
        .size = eli_get_u32(slot + 8),
        .flags = eli_get_u32(slot + 28),
    };
    memcpy(out->label, slot + 12, sizeof(out->label) - 1);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_fault_t fault_of(const esp_loader_partition_t *entry)
{
    uint32_t alignment = entry->type == ESP_LOADER_PARTITION_TYPE_APP ? APP_ALIGNMENT : OTHER_ALIGNMENT;

    if (entry->offset % alignment != 0) {
        return ESP_LOADER_FAULT_PARTITION_ALIGNMENT;
    }
    if (entry->size == 0) {
        return ESP_LOADER_FAULT_PARTITION_EMPTY;
    }
    return entry->size - 1 > UINT32_MAX - entry->offset ? ESP_LOADER_FAULT_PARTITION_END
                                                        : ESP_LOADER_FAULT_NONE;
}

/* Records what is wrong, with @p entry unless that is NULL. */
static esp_loader_error_t refuse(esp_loader_error_detail_t *detail, esp_loader_fault_t fault,
                                 const esp_loader_partition_t *entry)
{
    if (detail != NULL) {
        detail->fault = (uint8_t)fault;
        if (entry != NULL) {
            memcpy(detail->partition, entry->label, sizeof(detail->partition));
        }
    }
    return ESP_LOADER_ERROR_PARTITION;
}

/* Both are well placed, so that no end wraps when it is taken as the last byte. */
static bool do_overlap(const esp_loader_partition_t *a, const esp_loader_partition_t *b)
{
    return a->offset <= b->offset + (b->size - 1) && b->offset <= a->offset + (a->size - 1);
}

static esp_loader_error_t check_entry(const esp_loader_source_t *source, uint32_t index,
                                      esp_loader_error_detail_t *detail)
{
    esp_loader_partition_t entry;
    esp_loader_partition_t earlier;

    RETURN_ON_ERROR(read_entry(source, index, &entry));
    esp_loader_fault_t fault = fault_of(&entry);
    if (fault != ESP_LOADER_FAULT_NONE) {
        return refuse(detail, fault, &entry);
    }
    for (uint32_t i = 0; i < index; i++) {
        RETURN_ON_ERROR(read_entry(source, i, &earlier));
        if (do_overlap(&entry, &earlier)) {
            return refuse(detail, ESP_LOADER_FAULT_PARTITION_OVERLAP, &entry);
        }
    }
    return ESP_LOADER_SUCCESS;
}

/* Checks the digest slot that follows @p count entries. */
static esp_loader_error_t check_digest(const esp_loader_source_t *source, uint32_t count,
                                       const uint8_t digest_slot[ENTRY_SIZE])
{
    uint8_t slot[ENTRY_SIZE];
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    for (uint32_t i = 0; i < count; i++) {
        RETURN_ON_ERROR(read_slot(source, i, slot));
        esp_loader_md5_update(&md5, slot, sizeof(slot));
    }
    esp_loader_md5_finish(&md5, digest);
    return memcmp(digest_slot + DIGEST_OFF, digest, sizeof(digest)) == 0 ? ESP_LOADER_SUCCESS
                                                                         : ESP_LOADER_ERROR_PARTITION;
}

bool esp_loader_partition_table_is(const esp_loader_source_t *source)
{
    eli_image_kind_t kind;

    return eli_source_kind(source, &kind) == ESP_LOADER_SUCCESS && kind == ELI_IMAGE_PARTITION_TABLE;
}

/* As read_slot(), where the table has to go on. */
static esp_loader_error_t read_next_slot(const esp_loader_source_t *source, uint32_t index,
                                         uint8_t slot[ENTRY_SIZE], esp_loader_error_detail_t *detail)
{
    esp_loader_error_t err = read_slot(source, index, slot);

    return err == ESP_LOADER_ERROR_PARTITION ? refuse(detail, ESP_LOADER_FAULT_TABLE_END, NULL) : err;
}

esp_loader_error_t esp_loader_partition_table_explain(const esp_loader_source_t *source, uint32_t *out_count,
                                                      esp_loader_error_detail_t *out_detail)
{
    uint8_t slot[ENTRY_SIZE];
    uint32_t count = 0;
    uint32_t next = 0;

    RETURN_ON_ERROR(read_next_slot(source, next++, slot, out_detail));
    while (eli_get_u16(slot) == MAGIC_ENTRY) {
        RETURN_ON_ERROR(check_entry(source, count++, out_detail));
        RETURN_ON_ERROR(read_next_slot(source, next++, slot, out_detail));
    }
    if (eli_get_u16(slot) == MAGIC_DIGEST) {
        esp_loader_error_t err = check_digest(source, count, slot);
        if (err == ESP_LOADER_ERROR_PARTITION) {
            return refuse(out_detail, ESP_LOADER_FAULT_TABLE_MD5, NULL);
        }
        RETURN_ON_ERROR(err);
        RETURN_ON_ERROR(read_next_slot(source, next, slot, out_detail));
    }
    if (count == 0) {
        return refuse(out_detail, ESP_LOADER_FAULT_TABLE_EMPTY, NULL);
    }
    if (!is_end_mark(slot)) {
        return refuse(out_detail, ESP_LOADER_FAULT_TABLE_END, NULL);
    }
    if (out_count != NULL) {
        *out_count = count;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_partition_table_check(const esp_loader_source_t *source, uint32_t *out_count)
{
    return esp_loader_partition_table_explain(source, out_count, NULL);
}

esp_loader_error_t esp_loader_partition_get(const esp_loader_source_t *source, uint32_t index,
                                            esp_loader_partition_t *out_partition)
{
    esp_loader_error_t err = read_entry(source, index, out_partition);

    return err == ESP_LOADER_ERROR_PARTITION ? ESP_LOADER_ERROR_INVALID_PARAM : err;
}
