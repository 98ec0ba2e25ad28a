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
#include "json_report.h"
#include "segments.h"

enum { NO_MAXIMUM = 65535 };

static const args_option_t option_table[] = {{"json", 0, false, OPTION_JSON},
                                             {"help", 'h', false, OPTION_HELP}};

static const char help_text[] =
    "usage: esp-loader image [--json] FILE\n"
    "\n"
    "Prints what FILE is: of an executable image its chip, segments, flash parameters and description,\n"
    "and whether its checksum and SHA-256 fit; of a partition table its partitions.\n"
    "\n"
    "options:\n" OPTION_JSON_HELP "  -h, --help            print this text\n";

typedef enum {
    CONTENT_UNKNOWN = 0, /**< nothing, or nothing that can be read */
    CONTENT_IMAGE,
    CONTENT_TABLE,
} content_kind_t;

/** A file and what is in it. */
typedef struct {
    const char *path;
    image_file_t file;
    esp_loader_source_t source;
    content_kind_t kind;
    esp_loader_error_t error; /**< of its check: an image may be shown although it is damaged */
    esp_loader_image_info_t info;
    target_chip_t chip;
    uint32_t partition_count;
} content_t;

/* ---- checking ---- */

static cli_exit_t report_file(session_t *session, const content_t *content, esp_loader_error_t error)
{
    session_keep_cause(session, error, ESP_LOADER_STAGE_CHECK, 0);
    report_line("%s: %s", content->file.name, esp_loader_error_text(error));
    return CLI_INPUT;
}

/** Opens the file and finds out what it is; CLI_OK, or a failure that has been reported. */
static cli_exit_t open_content(session_t *session, content_t *content)
{
    const char *reason = image_file_open(&content->file, content->path);
    if (reason != NULL) {
        report_line("cannot read %s: %s", content->path, reason);
        return CLI_INPUT;
    }
    content->source = image_file_source(&content->file);
    const bool is_table = esp_loader_partition_table_is(&content->source);
    content->error = is_table ? esp_loader_partition_table_check(&content->source, &content->partition_count)
                              : esp_loader_image_check(&content->source, &content->info);
    if (content->error != ESP_LOADER_SUCCESS &&
        (is_table || content->error != ESP_LOADER_ERROR_IMAGE_CHECKSUM)) {
        return report_file(session, content, content->error);
    }
    content->kind = is_table ? CONTENT_TABLE : CONTENT_IMAGE;
    content->chip = is_table ? ESP_UNKNOWN_CHIP : esp_loader_chip_of_image(content->info.chip_id);
    return CLI_OK;
}

/* ---- for people ---- */

/** Prints text out of a file, which may hold anything. */
static void print_text(const char *text)
{
    char safe[SAFE_TEXT_SIZE];

    fputs(safe_text(text, safe), stdout);
}

static void print_revision(unsigned revision)
{
    printf("v%u.%u", revision / 100, revision % 100);
}

static bool has_revision_range(const esp_loader_image_info_t *info)
{
    return info->max_revision != 0 && info->chip_id != ESP_LOADER_IMAGE_NO_CHIP_ID;
}

static void print_chip(const esp_loader_image_info_t *info, target_chip_t chip)
{
    if (chip == ESP_UNKNOWN_CHIP) {
        printf("Chip:       unknown, id %u", (unsigned)info->chip_id);
    } else {
        printf("Chip:       %s", esp_loader_chip_name(chip));
    }
    if (has_revision_range(info)) {
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

static flash_params_text_t flash_of(const content_t *content)
{
    const esp_loader_image_info_t *info = &content->info;

    return flash_params_decode(content->chip,
                               (esp_loader_flash_params_t){.mode_code = info->flash_mode,
                                                           .freq_code = info->flash_freq_code,
                                                           .size_code = info->flash_size_code});
}

static void print_flash(const content_t *content)
{
    const flash_params_text_t text = flash_of(content);

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

static cli_exit_t print_image(session_t *session, const content_t *content)
{
    const esp_loader_image_info_t *info = &content->info;
    const esp_loader_source_t *source = &content->source;

    printf("%s: executable image, %u bytes\n", content->file.name, (unsigned)info->size);
    print_chip(info, content->chip);
    printf("Entry:      0x%08x\n", (unsigned)info->entry_addr);
    print_flash(content);
    if (print_segments(source, info) != ESP_LOADER_SUCCESS) {
        report_line("cannot read %s", content->file.name);
        return CLI_INPUT;
    }
    print_description(source);
    if (source->size > info->size) {
        printf("Behind it:  %u bytes\n", (unsigned)(source->size - info->size));
    }
    if (content->error != ESP_LOADER_SUCCESS) {
        return report_file(session, content, content->error);
    }
    printf("Checks:     %s\n",
           info->has_digest ? "checksum and SHA-256 fit" : "checksum fits, there is no SHA-256");
    return CLI_OK;
}

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

static bool is_encrypted(const esp_loader_partition_t *partition)
{
    return (partition->flags & 1u) != 0;
}

static cli_exit_t print_table(const content_t *content)
{
    esp_loader_partition_t partition;
    char size[REPORT_SIZE_TEXT];

    printf("%s: partition table, %u partitions\n", content->file.name, (unsigned)content->partition_count);
    for (uint32_t i = 0; i < content->partition_count; i++) {
        if (esp_loader_partition_get(&content->source, i, &partition) != ESP_LOADER_SUCCESS) {
            report_line("cannot read %s", content->file.name);
            return CLI_INPUT;
        }
        printf("0x%08x  %-12s %-10s 0x%02x  ", (unsigned)partition.offset, report_size(partition.size, size),
               type_name(partition.type), (unsigned)partition.subtype);
        print_text(partition.label);
        printf("%s\n", is_encrypted(&partition) ? ", encrypted" : "");
    }
    return CLI_OK;
}

/* ---- for programs ---- */

static json_t *segment_array(const content_t *content)
{
    uint32_t offset = content->info.segments_off;
    json_t *segments = json_array();
    segment_t segment;

    for (unsigned i = 0; i < content->info.segment_count; i++) {
        if (segments_next(&content->source, &offset, &segment) != ESP_LOADER_SUCCESS) {
            json_decref(segments);
            return NULL;
        }
        json_array_append_new(segments,
                              json_pack("{s:I, s:I, s:I}", "offset", (json_int_t)segment.offset, "size",
                                        (json_int_t)segment.size, "address", (json_int_t)segment.address));
    }
    return segments;
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

static json_t *image_members(const content_t *content)
{
    const esp_loader_image_info_t *info = &content->info;
    const flash_params_text_t flash = flash_of(content);
    const uint32_t flash_size = flash_params_size(flash.size);
    const char *chip = content->chip != ESP_UNKNOWN_CHIP ? esp_loader_chip_name(content->chip) : NULL;
    const uint32_t behind_size = content->source.size - info->size;
    const bool has_revisions = has_revision_range(info);
    json_t *application = application_object(&content->source);
    json_t *bootloader = application == NULL ? bootloader_object(&content->source) : NULL;

    return json_pack(
        "{s:o, s:s, s:I, s:o*, s:s*, s:o*, s:o*, s:o*, s:I, s:s*, s:s*, s:o*, s:o, s:o*, s:o*, s:b}", "file",
        json_report_name(content->path), "type", "executable image", "size", (json_int_t)info->size,
        "behind_size", json_report_number(behind_size, behind_size != 0), "chip", chip, "chip_id",
        json_report_number(info->chip_id, info->chip_id != ESP_LOADER_IMAGE_NO_CHIP_ID), "min_revision",
        json_report_number(info->min_revision, has_revisions), "max_revision",
        json_report_number(info->max_revision, has_revisions && info->max_revision != NO_MAXIMUM), "entry",
        (json_int_t)info->entry_addr, "flash_mode", flash.mode, "flash_freq", flash.freq, "flash_size",
        json_report_number(flash_size, flash_size != 0), "segments", segment_array(content), "application",
        application, "bootloader", bootloader, "has_sha256", info->has_digest);
}

static json_t *partition_object(const void *ctx, size_t index)
{
    const content_t *content = ctx;
    esp_loader_partition_t partition;

    if (esp_loader_partition_get(&content->source, (uint32_t)index, &partition) != ESP_LOADER_SUCCESS) {
        return NULL;
    }
    return json_pack("{s:o*, s:s, s:i, s:i, s:I, s:I, s:b}", "label", json_report_text(partition.label),
                     "type", type_name(partition.type), "type_number", (int)partition.type, "subtype",
                     (int)partition.subtype, "offset", (json_int_t)partition.offset, "size",
                     (json_int_t)partition.size, "encrypted", is_encrypted(&partition));
}

static json_t *content_members(const session_t *session, const void *ctx)
{
    const content_t *content = ctx;

    (void)session;
    switch (content->kind) {
    case CONTENT_IMAGE:
        return image_members(content);
    case CONTENT_TABLE:
        return json_pack("{s:o, s:s, s:o}", "file", json_report_name(content->path), "type",
                         "partition table", "partitions",
                         json_report_array(content->partition_count, partition_object, content));
    case CONTENT_UNKNOWN:
    default:
        return json_pack("{s:o}", "file", json_report_name(content->path));
    }
}

/* ---- command ---- */

static cli_exit_t show(session_t *session, const content_t *content)
{
    if (session->options->is_json) {
        return content->error != ESP_LOADER_SUCCESS ? report_file(session, content, content->error) : CLI_OK;
    }
    return content->kind == CONTENT_TABLE ? print_table(content) : print_image(session, content);
}

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
    session_t session = {.options = &options};
    content_t content = {.file.fd = -1};
    size_t count;
    cli_exit_t code;

    if (!command_line_parse(&line, argc, argv, &options, &content.path, &count, &code)) {
        return code;
    }
    code = open_content(&session, &content);
    code = code == CLI_OK ? show(&session, &content) : code;
    code = json_report_end(&session, code, content_members, &content);
    image_file_close(&content.file);
    return code;
}

const command_t image_command = {
    .name = "image",
    .summary = "print what is in a file",
    .help = help_text,
    .run = run_image,
};
