/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader image: what is in a file: an executable image or a partition table. Talks to no target.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "command_line.h"
#include "flash_params.h"
#include "image_file.h"
#include "segments.h"

enum { NO_MAXIMUM = 65535 };

static const args_option_t option_table[] = {{"help", 'h', false, OPTION_HELP}};

static const char help_text[] =
    "usage: esp-loader image FILE\n"
    "\n"
    "Prints what FILE is: of an executable image its chip, segments, flash parameters and description,\n"
    "and whether its checksum and SHA-256 fit; of a partition table its partitions.\n"
    "\n"
    "options:\n"
    "  -h, --help            print this text\n";

/** Prints text out of a file, which may hold anything. */
static void print_text(const char *text)
{
    for (; *text != '\0'; text++) {
        putchar(*text >= ' ' && *text <= '~' ? *text : '?');
    }
}

/* ---- executable images ---- */

static void print_revision(unsigned revision)
{
    printf("v%u.%u", revision / 100, revision % 100);
}

static void print_chip(const esp_loader_image_info_t *info, target_chip_t chip)
{
    if (chip == ESP_UNKNOWN_CHIP) {
        printf("Chip:       unknown, id %u", (unsigned)info->chip_id);
    } else {
        printf("Chip:       %s", esp_loader_chip_name(chip));
    }
    if (info->max_revision != 0 && info->chip_id != ESP_LOADER_IMAGE_NO_CHIP_ID) {
        printf(", revision ");
        print_revision(info->min_revision);
        if (info->max_revision == NO_MAXIMUM) {
            printf(" or newer");
        } else {
            printf(" to ");
            print_revision(info->max_revision);
        }
    }
    putchar('\n');
}

static void print_flash(const esp_loader_image_info_t *info, target_chip_t chip)
{
    const flash_params_text_t text =
        flash_params_decode(chip, (esp_loader_flash_params_t){.mode_code = info->flash_mode,
                                                              .freq_code = info->flash_freq_code,
                                                              .size_code = info->flash_size_code});

    printf("Flash:      %s, %s, %s\n", text.mode != NULL ? text.mode : "unknown mode",
           text.freq != NULL ? text.freq : "unknown frequency",
           text.size != NULL ? text.size : "unknown size");
}

static esp_loader_error_t print_segments(const esp_loader_source_t *source,
                                         const esp_loader_image_info_t *info)
{
    uint32_t offset = info->segments_off;
    segment_t segment;

    for (unsigned i = 0; i < info->segment_count; i++) {
        RETURN_ON_ERROR(segments_next(source, &offset, &segment));
        printf("Segment %-2u  %7u bytes at 0x%08x, for 0x%08x\n", i, (unsigned)segment.size,
               (unsigned)segment.offset, (unsigned)segment.address);
    }
    return ESP_LOADER_SUCCESS;
}

static void print_description(const esp_loader_source_t *source)
{
    esp_loader_app_description_t app;
    esp_loader_bootloader_description_t bootloader;

    if (esp_loader_app_description_read(source, &app) == ESP_LOADER_SUCCESS) {
        printf("Content:    application ");
        print_text(app.project);
        printf(", version ");
        print_text(app.version);
        printf(", compiled ");
        print_text(app.date);
        putchar(' ');
        print_text(app.time);
        printf(", ESP-IDF ");
        print_text(app.sdk);
        putchar('\n');
    } else if (esp_loader_bootloader_description_read(source, &bootloader) == ESP_LOADER_SUCCESS) {
        printf("Content:    bootloader, version %u, compiled ", (unsigned)bootloader.version);
        print_text(bootloader.date_time);
        printf(", ESP-IDF ");
        print_text(bootloader.sdk);
        putchar('\n');
    }
}

static cli_exit_t print_image(const image_file_t *file, const esp_loader_source_t *source)
{
    esp_loader_image_info_t info;

    esp_loader_error_t error = esp_loader_image_check(source, &info);
    if (error != ESP_LOADER_SUCCESS && error != ESP_LOADER_ERROR_IMAGE_CHECKSUM) {
        report_line("%s: %s", file->name, esp_loader_error_text(error));
        return CLI_INPUT;
    }
    const target_chip_t chip = esp_loader_chip_of_image(info.chip_id);
    printf("%s: executable image, %u bytes\n", file->name, (unsigned)info.size);
    print_chip(&info, chip);
    printf("Entry:      0x%08x\n", (unsigned)info.entry_addr);
    print_flash(&info, chip);
    if (print_segments(source, &info) != ESP_LOADER_SUCCESS) {
        report_line("cannot read %s", file->name);
        return CLI_INPUT;
    }
    print_description(source);
    if (source->size > info.size) {
        printf("Behind it:  %u bytes\n", (unsigned)(source->size - info.size));
    }
    if (error != ESP_LOADER_SUCCESS) {
        report_line("%s: %s", file->name, esp_loader_error_text(error));
        return CLI_INPUT;
    }
    printf("Checks:     %s\n",
           info.has_digest ? "checksum and SHA-256 fit" : "checksum fits, there is no SHA-256");
    return CLI_OK;
}

/* ---- partition tables ---- */

static const char *type_name(uint8_t type)
{
    switch (type) {
    case ESP_LOADER_PARTITION_TYPE_APP:
        return "app";
    case ESP_LOADER_PARTITION_TYPE_DATA:
        return "data";
    case ESP_LOADER_PARTITION_TYPE_BOOTLOADER:
        return "bootloader";
    case ESP_LOADER_PARTITION_TYPE_TABLE:
        return "table";
    default:
        return "custom";
    }
}

static cli_exit_t print_table(const image_file_t *file, const esp_loader_source_t *source)
{
    esp_loader_partition_t partition;
    uint32_t count;
    char size[REPORT_SIZE_TEXT];

    esp_loader_error_t error = esp_loader_partition_table_check(source, &count);
    if (error != ESP_LOADER_SUCCESS) {
        report_line("%s: %s", file->name, esp_loader_error_text(error));
        return CLI_INPUT;
    }
    printf("%s: partition table, %u partitions\n", file->name, (unsigned)count);
    for (uint32_t i = 0; i < count; i++) {
        if (esp_loader_partition_get(source, i, &partition) != ESP_LOADER_SUCCESS) {
            report_line("cannot read %s", file->name);
            return CLI_INPUT;
        }
        printf("0x%08x  %-12s %-10s 0x%02x  ", (unsigned)partition.offset, report_size(partition.size, size),
               type_name(partition.type), (unsigned)partition.subtype);
        print_text(partition.label);
        printf("%s\n", (partition.flags & 1u) != 0 ? ", encrypted" : "");
    }
    return CLI_OK;
}

/* ---- command ---- */

static cli_exit_t run_image(int argc, char *const *argv)
{
    const command_line_t line = {.command = &image_command,
                                 .options = option_table,
                                 .option_count = sizeof(option_table) / sizeof(option_table[0]),
                                 .operand_min = 1,
                                 .operand_max = 1,
                                 .operands_wanted = "give one FILE",
                                 .needs_no_port = true};
    session_options_t options;
    image_file_t file;
    const char *path;
    size_t count;
    cli_exit_t code;

    if (!command_line_parse(&line, argc, argv, &options, &path, &count, &code)) {
        return code;
    }
    const char *reason = image_file_open(&file, path);
    if (reason != NULL) {
        report_line("cannot read %s: %s", path, reason);
        return CLI_INPUT;
    }
    const esp_loader_source_t source = image_file_source(&file);
    code = esp_loader_partition_table_is(&source) ? print_table(&file, &source) : print_image(&file, &source);
    image_file_close(&file);
    return code;
}

const command_t image_command = {
    .name = "image",
    .summary = "print what is in a file",
    .help = help_text,
    .run = run_image,
};
