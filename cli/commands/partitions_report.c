/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Partition tables for people and programs.
 */
#include "commands/partitions_report.h"

#include "session/json_report.h"
#include "text/partition_name.h"
#include "text/safe_text.h"
#include "text/short_text.h"

enum { FLAG_ENCRYPTED = 1, FLAG_READ_ONLY = 2, STATE_SIZE = 12 };

static bool starts(const partitions_found_t *found, const esp_loader_partition_t *partition)
{
    return found->is_boot_known && found->otadata.has_selected &&
           partition->type == ESP_LOADER_PARTITION_TYPE_APP &&
           found->otadata.selected.offset == partition->offset;
}

/* ---- for people ---- */

static void print_copy(FILE *out, const otadata_t *otadata, int index)
{
    const otadata_copy_t *copy = &otadata->copies[index];
    char state[STATE_SIZE];

    fprintf(out, "Otadata %d:  ", index);
    if (copy->is_blank) {
        fprintf(out, "blank\n");
        return;
    }
    fprintf(out, "sequence %u, ", (unsigned)copy->sequence);
    if (!copy->is_crc_right) {
        fprintf(out, "damaged: its CRC does not match\n");
        return;
    }
    fprintf(out, "state %s, for ota_%u%s\n", otadata_state_name(copy->state, state),
            (unsigned)otadata_slot(otadata, copy),
            index == otadata->active ? ""
            : copy->is_valid         ? ", older"
                                     : ", does not count");
}

void partitions_report_boot(FILE *out, const partitions_found_t *found)
{
    const otadata_t *otadata = &found->otadata;
    char name[SAFE_TEXT_SIZE];

    if (!found->is_boot_known) {
        return;
    }
    for (int i = 0; otadata->is_there && i < OTADATA_COPIES; i++) {
        print_copy(out, otadata, i);
    }
    if (!otadata->has_selected) {
        fprintf(out, "Starts:     nothing, there is no app partition for it\n");
        return;
    }
    fprintf(out, "Starts:     %s, ", safe_text(otadata->selected.label, name));
    if (otadata->active >= 0) {
        fprintf(out, "selected by otadata %d\n", otadata->active);
    } else {
        fprintf(out, "%s\n", otadata->is_there ? "otadata selects no other" : "there is no otadata");
    }
}

static void print_partition(FILE *out, const partitions_found_t *found,
                            const esp_loader_partition_t *partition)
{
    char size[SHORT_TEXT_SIZE];
    char room[PARTITION_NAME_SIZE];
    char name[SAFE_TEXT_SIZE];

    fprintf(out, "0x%08x  %-10s  %-10s  %-9s  %s", (unsigned)partition->offset,
            short_text_of_size(partition->size, size), partition_type_name(partition->type),
            partition_subtype_name(partition->type, partition->subtype, room),
            safe_text(partition->label, name));
    fprintf(out, "%s%s%s\n", (partition->flags & FLAG_ENCRYPTED) != 0 ? ", encrypted" : "",
            (partition->flags & FLAG_READ_ONLY) != 0 ? ", read-only" : "",
            starts(found, partition) ? ", starts" : "");
}

void partitions_report_print(FILE *out, const partitions_found_t *found)
{
    char name[SAFE_TEXT_SIZE];

    if (found->file != NULL) {
        fprintf(out, "%s: partition table, %u partitions\n\n", safe_text(found->file, name),
                (unsigned)found->table.count);
    } else {
        fprintf(out, "\nPartition table at 0x%08x: %u partitions\n\n", (unsigned)found->table.offset,
                (unsigned)found->table.count);
    }
    fprintf(out, "Offset      Size        Type        Subtype    Name\n");
    for (uint32_t i = 0; i < found->table.count; i++) {
        print_partition(out, found, &found->table.list[i]);
    }
    fputc('\n', out);
    partitions_report_boot(out, found);
}

/* ---- for programs ---- */

void partitions_report_tsv(FILE *out, const partitions_found_t *found)
{
    fprintf(out, "label\ttype\tsubtype\toffset\tsize\tflags\tstarts\n");
    for (uint32_t i = 0; found->has_table && i < found->table.count; i++) {
        const esp_loader_partition_t *partition = &found->table.list[i];
        char room[PARTITION_NAME_SIZE];
        char name[SAFE_TEXT_SIZE];

        fprintf(out, "%s\t%s\t%s\t0x%x\t0x%x\t0x%x\t%s\n", safe_text(partition->label, name),
                partition_type_name(partition->type),
                partition_subtype_name(partition->type, partition->subtype, room),
                (unsigned)partition->offset, (unsigned)partition->size, (unsigned)partition->flags,
                !found->is_boot_known      ? ""
                : starts(found, partition) ? "yes"
                                           : "no");
    }
}

static json_t *partition_object(const void *ctx, size_t index)
{
    const partitions_found_t *found = ctx;
    const esp_loader_partition_t *partition = &found->table.list[index];
    char room[PARTITION_NAME_SIZE];

    return json_pack("{s:o*, s:s, s:i, s:i, s:s, s:I, s:I, s:b, s:b}", "label",
                     json_report_text(partition->label), "type", partition_type_name(partition->type),
                     "type_number", (int)partition->type, "subtype", (int)partition->subtype, "subtype_name",
                     partition_subtype_name(partition->type, partition->subtype, room), "offset",
                     (json_int_t)partition->offset, "size", (json_int_t)partition->size, "encrypted",
                     (partition->flags & FLAG_ENCRYPTED) != 0, "read_only",
                     (partition->flags & FLAG_READ_ONLY) != 0);
}

static json_t *copy_object(const void *ctx, size_t index)
{
    const otadata_t *otadata = ctx;
    const otadata_copy_t *copy = &otadata->copies[index];
    char state[STATE_SIZE];

    if (copy->is_blank) {
        return json_pack("{s:b}", "blank", true);
    }
    return json_pack("{s:b, s:I, s:I, s:s, s:b, s:b, s:I}", "blank", false, "sequence",
                     (json_int_t)copy->sequence, "state_number", (json_int_t)copy->state, "state",
                     otadata_state_name(copy->state, state), "crc_ok", copy->is_crc_right, "counts",
                     copy->is_valid, "slot", (json_int_t)otadata_slot(otadata, copy));
}

static json_t *otadata_object(const otadata_t *otadata)
{
    json_t *object = json_pack("{s:o, s:I, s:o}", "label", json_report_name(otadata->partition.label),
                               "offset", (json_int_t)otadata->partition.offset, "copies",
                               json_report_array(OTADATA_COPIES, copy_object, otadata));

    if (otadata->active >= 0) {
        json_object_set_new(object, "selected_by", json_integer(otadata->active));
    }
    return object;
}

void partitions_report_json(json_t *object, const partitions_found_t *found)
{
    if (!found->has_table) {
        return;
    }
    json_object_set_new(object, "table_offset", json_integer((json_int_t)found->table.offset));
    json_object_set_new(object, "partitions", json_report_array(found->table.count, partition_object, found));
    if (found->is_boot_known && found->otadata.is_there) {
        json_object_set_new(object, "otadata", otadata_object(&found->otadata));
    }
    if (found->is_boot_known && found->otadata.has_selected) {
        json_object_set_new(object, "starts", json_report_name(found->otadata.selected.label));
    }
}
