/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is in a file, for programs.
 */
#include "commands/image_content.h"
#include "session/json_report.h"
#include "text/partition_name.h"
#include "files/segments.h"

static json_t *segment_array(const content_part_t *shown)
{
    json_t *array = json_array();
    segments_t segments;
    segment_t segment;

    segments_begin(&segments, &shown->source, &shown->part.info);
    for (unsigned i = 0; i < segments.count; i++) {
        if (segments_next(&segments, &segment) != ESP_LOADER_SUCCESS) {
            json_decref(array);
            return NULL;
        }
        json_array_append_new(array,
                              json_pack("{s:I, s:I, s:I}", "offset", (json_int_t)segment.offset, "size",
                                        (json_int_t)segment.size, "address", (json_int_t)segment.address));
    }
    return array;
}

static json_t *application_object(const esp_loader_source_t *source)
{
    esp_loader_app_description_t app;

    if (esp_loader_app_description_read(source, &app) != ESP_LOADER_SUCCESS) {
        return NULL;
    }
    return json_pack("{s:o*, s:o*, s:o*, s:o*, s:o*}", "project", json_report_text(app.project), "version",
                     json_report_text(app.version), "date", json_report_text(app.date), "time",
                     json_report_text(app.time), "idf_version", json_report_text(app.sdk));
}

static json_t *bootloader_object(const esp_loader_source_t *source)
{
    esp_loader_bootloader_description_t bootloader;

    if (esp_loader_bootloader_description_read(source, &bootloader) != ESP_LOADER_SUCCESS) {
        return NULL;
    }
    return json_pack("{s:I, s:o*, s:o*}", "version", (json_int_t)bootloader.version, "date_time",
                     json_report_text(bootloader.date_time), "idf_version", json_report_text(bootloader.sdk));
}

static json_t *image_members(const content_part_t *shown)
{
    const esp_loader_image_info_t *info = &shown->part.info;
    const flash_params_text_t flash = image_content_flash(&shown->part);
    const uint32_t flash_size = flash_params_size(flash.size);
    const char *chip = shown->part.chip != ESP_UNKNOWN_CHIP ? esp_loader_chip_name(shown->part.chip) : NULL;
    const uint32_t max_revision = esp_loader_image_max_revision(info);
    const bool has_revisions = image_content_has_revisions(info);
    json_t *application = application_object(&shown->source);
    json_t *bootloader = application == NULL ? bootloader_object(&shown->source) : NULL;

    return json_pack(
        "{s:s, s:I, s:s*, s:o*, s:o*, s:o*, s:I, s:s*, s:s*, s:o*, s:o, s:o*, s:o*, s:b, s:b, s:b}", "type",
        "executable image", "size", (json_int_t)info->size, "chip", chip, "chip_id",
        json_report_number(info->chip_id, info->chip_id != ESP_LOADER_IMAGE_NO_CHIP_ID), "min_revision",
        json_report_number(esp_loader_image_min_revision(info), has_revisions), "max_revision",
        json_report_number(max_revision, has_revisions && max_revision != IMAGE_NO_MAXIMUM), "entry",
        (json_int_t)info->entry_addr, "flash_mode", flash.mode, "flash_freq", flash.freq, "flash_size",
        json_report_number(flash_size, flash_size != 0), "segments", segment_array(shown), "application",
        application, "bootloader", bootloader, "has_sha256", info->has_digest, "has_crc32", info->has_crc,
        "is_signed", shown->part.is_signed);
}

static json_t *partition_object(const void *ctx, size_t index)
{
    const content_part_t *shown = ctx;
    esp_loader_partition_t partition;

    if (esp_loader_partition_get(&shown->source, (uint32_t)index, &partition) != ESP_LOADER_SUCCESS) {
        return NULL;
    }
    return json_pack("{s:o*, s:s, s:i, s:i, s:I, s:I, s:b, s:b}", "label", json_report_text(partition.label),
                     "type", partition_type_name(partition.type), "type_number", (int)partition.type,
                     "subtype", (int)partition.subtype, "offset", (json_int_t)partition.offset, "size",
                     (json_int_t)partition.size, "encrypted",
                     (partition.flags & IMAGE_PARTITION_ENCRYPTED) != 0, "read_only",
                     (partition.flags & IMAGE_PARTITION_READ_ONLY) != 0);
}

/** What there is to say about a part; without "type" when it is not sound enough. */
static json_t *part_members(const content_part_t *shown)
{
    const bool is_readable =
        shown->detail.cause == ESP_LOADER_SUCCESS || shown->detail.cause == ESP_LOADER_ERROR_IMAGE_CHECKSUM;

    if (is_readable && shown->part.kind == ESP_LOADER_PART_EXECUTABLE) {
        return image_members(shown);
    }
    if (is_readable && shown->part.kind == ESP_LOADER_PART_TABLE) {
        return json_pack("{s:s, s:o}", "type", "partition table", "partitions",
                         json_report_array(shown->partition_count, partition_object, shown));
    }
    return shown->part.kind == ESP_LOADER_PART_SIGNATURE ? json_pack("{s:s}", "type", "signature")
                                                         : json_object();
}

static json_t *part_object(const void *ctx, size_t index)
{
    const content_t *content = ctx;
    const content_part_t *shown = &content->parts[index];
    json_t *object = json_pack("{s:I, s:b}", "offset", (json_int_t)shown->part.offset, "ok",
                               shown->detail.cause == ESP_LOADER_SUCCESS);
    json_t *own = part_members(shown);

    if (shown->has_partition) {
        json_object_set_new(object, "partition", json_report_text(shown->partition.label));
    }
    json_object_update(object, own);
    json_decref(own);
    return object;
}

json_t *image_json_members(const content_t *content)
{
    const content_part_t *first =
        content->count != 0 && content->parts[0].part.offset == 0 ? &content->parts[0] : NULL;
    json_t *object = json_pack("{s:o}", "file", json_report_name(content->path));
    json_t *own = first != NULL ? part_members(first) : NULL;

    if (own != NULL) {
        json_object_update(object, own);
        json_decref(own);
    }
    if (first != NULL && first->part.kind == ESP_LOADER_PART_EXECUTABLE &&
        content->source.size > first->part.size) {
        json_object_set_new(object, "trailing_size",
                            json_integer((json_int_t)(content->source.size - first->part.size)));
    }
    if (image_content_is_merged(content)) {
        json_object_set_new(object, "flash_offset", json_integer((json_int_t)content->flash_offset));
        json_object_set_new(object, "parts", json_report_array(content->count, part_object, content));
    }
    return object;
}
