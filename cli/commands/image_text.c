/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is in a file, for people.
 */
#include <stdio.h>

#include "commands/image_content.h"
#include "report/report.h"
#include "text/partition_name.h"
#include "text/safe_text.h"
#include "files/segments.h"
#include "text/short_text.h"

/** Prints text out of a file, which may hold anything. */
static void print_text(const char *text)
{
    char safe[SAFE_TEXT_SIZE];

    fputs(safe_text(text, safe), stdout);
}

static void print_chip(const esp_loader_part_t *part)
{
    const esp_loader_image_info_t *info = &part->info;
    char revision[SHORT_TEXT_SIZE];

    if (part->chip == ESP_UNKNOWN_CHIP) {
        printf("Chip:       unknown, id %u", (unsigned)info->chip_id);
    } else {
        printf("Chip:       %s", esp_loader_chip_name(part->chip));
    }
    if (image_content_has_revisions(info)) {
        const uint32_t max = esp_loader_image_max_revision(info);

        short_text_of_revision(esp_loader_image_min_revision(info), revision);
        printf(", revision %s", revision);
        short_text_of_revision(max, revision);
        printf("%s%s", max == IMAGE_NO_MAXIMUM ? " or newer" : " to ",
               max == IMAGE_NO_MAXIMUM ? "" : revision);
    }
    putchar('\n');
}

static void print_flash(const esp_loader_part_t *part)
{
    const flash_params_text_t text = image_content_flash(part);

    printf("Flash:      %s, %s, %s\n", text.mode != NULL ? text.mode : "unknown mode",
           text.freq != NULL ? text.freq : "unknown frequency",
           text.size != NULL ? text.size : "unknown size");
}

static esp_loader_error_t print_segments(const content_part_t *shown)
{
    segments_t segments;
    segment_t segment;

    segments_begin(&segments, &shown->source, &shown->part.info);
    for (unsigned i = 0; i < segments.count; i++) {
        RETURN_ON_ERROR(segments_next(&segments, &segment));
        printf("Segment %-2u  %7u bytes at 0x%08x, for 0x%08x\n", i, (unsigned)segment.size,
               (unsigned)(shown->part.offset + segment.offset), (unsigned)segment.address);
    }
    return ESP_LOADER_SUCCESS;
}

/** ", WORD text", if there is any text. */
static void print_item(const char *word, const char *text)
{
    if (text[0] != '\0') {
        printf(", %s ", word);
        print_text(text);
    }
}

static void print_description(const esp_loader_source_t *source)
{
    esp_loader_app_description_t app;
    esp_loader_bootloader_description_t bootloader;

    if (esp_loader_app_description_read(source, &app) == ESP_LOADER_SUCCESS) {
        printf("Content:    application ");
        print_text(app.project);
        print_item("version", app.version);
        print_item("compiled", app.date);
        if (app.date[0] != '\0' && app.time[0] != '\0') {
            putchar(' ');
            print_text(app.time);
        }
        print_item("ESP-IDF", app.sdk);
        putchar('\n');
    } else if (esp_loader_bootloader_description_read(source, &bootloader) == ESP_LOADER_SUCCESS) {
        printf("Content:    bootloader, version %u", (unsigned)bootloader.version);
        print_item("compiled", bootloader.date_time);
        print_item("ESP-IDF", bootloader.sdk);
        putchar('\n');
    }
}

static const char *checks_of(const esp_loader_image_info_t *info)
{
    if (info->has_flash_content) {
        return info->has_crc
                   ? "checksum and CRC-32 fit"
                   : "checksum fits, there is no CRC-32 that does; nothing covers the first segment";
    }
    return info->has_digest ? "checksum and SHA-256 fit" : "checksum fits, there is no SHA-256";
}

static esp_loader_error_t print_image(const content_part_t *shown, uint32_t after_size)
{
    const esp_loader_part_t *part = &shown->part;

    if (!part->is_complete) {
        printf("executable image, cut\n");
        return ESP_LOADER_SUCCESS;
    }
    printf("executable image, %u bytes\n", (unsigned)part->info.size);
    print_chip(part);
    printf("Entry:      0x%08x\n", (unsigned)part->info.entry_addr);
    print_flash(part);
    RETURN_ON_ERROR(print_segments(shown));
    if (part->info.chip_id != ESP_LOADER_IMAGE_NO_CHIP_ID) {
        print_description(&shown->source);
    }
    if (after_size != 0) {
        printf("After it:   %u bytes\n", (unsigned)after_size);
    }
    if (shown->detail.cause == ESP_LOADER_SUCCESS) {
        printf("Checks:     %s\n", checks_of(&part->info));
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t print_table(const content_part_t *shown)
{
    esp_loader_partition_t partition;
    char size[SHORT_TEXT_SIZE];

    if (shown->detail.cause != ESP_LOADER_SUCCESS) {
        printf("partition table, invalid\n");
        return ESP_LOADER_SUCCESS;
    }
    printf("partition table, %u partitions\n", (unsigned)shown->partition_count);
    for (uint32_t i = 0; i < shown->partition_count; i++) {
        RETURN_ON_ERROR(esp_loader_partition_get(&shown->source, i, &partition));
        printf("0x%08x  %-12s %-10s 0x%02x  ", (unsigned)partition.offset,
               short_text_of_size(partition.size, size), partition_type_name(partition.type),
               (unsigned)partition.subtype);
        print_text(partition.label);
        printf("%s%s\n", (partition.flags & IMAGE_PARTITION_ENCRYPTED) != 0 ? ", encrypted" : "",
               (partition.flags & IMAGE_PARTITION_READ_ONLY) != 0 ? ", read-only" : "");
    }
    return ESP_LOADER_SUCCESS;
}

/** Prints one part, after its offset. */
static esp_loader_error_t print_part(const content_part_t *shown, uint32_t after_size)
{
    switch (shown->part.kind) {
    case ESP_LOADER_PART_EXECUTABLE:
        return print_image(shown, after_size);
    case ESP_LOADER_PART_TABLE:
        return print_table(shown);
    case ESP_LOADER_PART_SIGNATURE:
        printf("signature of secure boot V2\n");
        return ESP_LOADER_SUCCESS;
    default:
        return ESP_LOADER_SUCCESS;
    }
}

static esp_loader_error_t print_parts(const content_t *content)
{
    char name[SAFE_TEXT_SIZE];

    printf("%s: %u parts, for 0x%08x of the flash\n", safe_text(content->file.name, name),
           (unsigned)content->count, (unsigned)content->flash_offset);
    for (size_t i = 0; i < content->count; i++) {
        const content_part_t *shown = &content->parts[i];

        printf("\nAt 0x%08x", (unsigned)shown->part.offset);
        if (shown->has_partition) {
            printf(", partition ");
            print_text(shown->partition.label);
        }
        printf(": ");
        RETURN_ON_ERROR(print_part(shown, 0));
    }
    return ESP_LOADER_SUCCESS;
}

cli_exit_t image_text_print(const content_t *content)
{
    const content_part_t *first = &content->parts[0];
    char name[SAFE_TEXT_SIZE];
    esp_loader_error_t error = ESP_LOADER_SUCCESS;

    if (image_content_is_merged(content)) {
        error = print_parts(content);
    } else if (first->detail.cause == ESP_LOADER_SUCCESS ||
               first->detail.cause == ESP_LOADER_ERROR_IMAGE_CHECKSUM) {
        printf("%s: ", safe_text(content->file.name, name));
        error = print_part(first, content->source.size - first->part.size);
    }
    if (error != ESP_LOADER_SUCCESS) {
        report_line("cannot read %s", content->file.name);
        return CLI_INPUT;
    }
    return CLI_OK;
}
