/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader image: what is in a file: executable images and partition tables, at any offset.
 * Talks to no target.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "commands/command.h"
#include "commands/image_content.h"
#include "report/image_fault.h"
#include "session/json_report.h"

/* ---- looking into the file ---- */

static void fail_part(content_part_t *shown, esp_loader_error_t error)
{
    shown->detail.error = error;
    shown->detail.cause = error;
}

static void check_part(content_part_t *shown)
{
    esp_loader_error_t error = ESP_LOADER_SUCCESS;

    if (shown->part.kind == ESP_LOADER_PART_TABLE) {
        error = esp_loader_partition_table_explain(&shown->source, &shown->partition_count, &shown->detail);
    } else if (shown->part.kind == ESP_LOADER_PART_EXECUTABLE) {
        error = shown->part.is_complete ? esp_loader_image_check(&shown->source, &shown->part.info)
                                        : ESP_LOADER_ERROR_IMAGE_FORMAT;
        shown->part.size = shown->part.is_complete ? shown->part.info.size : shown->part.size;
    } else if (shown->part.kind != ESP_LOADER_PART_SIGNATURE) {
        error = ESP_LOADER_ERROR_IMAGE_FORMAT;
    }
    fail_part(shown, error);
}

/** Adds a part; false when there is no memory. */
static bool add_part(content_t *content, const esp_loader_part_t *part)
{
    content_part_t *larger = reallocarray(content->parts, content->count + 1, sizeof(*larger));

    if (larger == NULL) {
        return false;
    }
    content->parts = larger;
    larger[content->count++] =
        (content_part_t){.part = *part, .detail = {.stage = ESP_LOADER_STAGE_CHECK, .image = -1}};
    return true;
}

/** A file that begins at the bootloader, as some projects publish it, belongs where that does. */
static uint32_t find_flash_offset(const esp_loader_part_t *first)
{
    const uint32_t place = esp_loader_chip_bootloader_offset(first->chip);
    const bool is_bootloader = first->kind == ESP_LOADER_PART_EXECUTABLE && first->is_complete &&
                               !first->is_mapped && first->chip != ESP_UNKNOWN_CHIP;

    return is_bootloader && first->offset < place ? place - first->offset : 0;
}

/** Finds the parts. The first one says where the file belongs, and so what a table in it is about. */
static esp_loader_error_t find_parts(content_t *content)
{
    esp_loader_parts_t parts;
    esp_loader_part_t part;

    esp_loader_parts_begin(&parts, &content->source, 0);
    RETURN_ON_ERROR(esp_loader_parts_next(&parts, &part));
    content->flash_offset = find_flash_offset(&part);
    esp_loader_parts_begin(&parts, &content->source, content->flash_offset);
    for (;;) {
        RETURN_ON_ERROR(esp_loader_parts_next(&parts, &part));
        if (part.kind == ESP_LOADER_PART_END) {
            return ESP_LOADER_SUCCESS;
        }
        if (!add_part(content, &part)) {
            return ESP_LOADER_ERROR_FAIL;
        }
    }
}

/** The partition of the file's own table that contains a part. */
static void find_partition(const content_t *content, const content_part_t *table, content_part_t *shown)
{
    const uint32_t offset = content->flash_offset + shown->part.offset;

    for (uint32_t i = 0; i < table->partition_count && !shown->has_partition; i++) {
        shown->has_partition =
            esp_loader_partition_get(&table->source, i, &shown->partition) == ESP_LOADER_SUCCESS &&
            offset >= shown->partition.offset && offset - shown->partition.offset < shown->partition.size;
    }
}

static void look_into_parts(content_t *content)
{
    const content_part_t *table = NULL;

    for (size_t i = 0; i < content->count; i++) {
        content_part_t *shown = &content->parts[i];

        shown->source = esp_loader_view(&shown->view, &content->source, shown->part.offset);
        check_part(shown);
        if (table != NULL) {
            find_partition(content, table, shown);
        }
        if (table == NULL && shown->part.kind == ESP_LOADER_PART_TABLE &&
            shown->detail.cause == ESP_LOADER_SUCCESS) {
            table = shown;
        }
    }
}

/** Opens the file and finds out what it is; CLI_OK, or a failure that has been reported. */
static cli_exit_t open_content(session_t *session, content_t *content)
{
    char why[REPORT_SIZE];

    if (!image_file_open(&content->file, content->path, why)) {
        report_line("%s", why);
        return CLI_INPUT;
    }
    content->source = image_file_source(&content->file);
    esp_loader_error_t error = find_parts(content);
    if (error != ESP_LOADER_SUCCESS) {
        report_line(error == ESP_LOADER_ERROR_FAIL ? "out of memory" : "cannot read %s", content->file.name);
        return error == ESP_LOADER_ERROR_FAIL ? CLI_OTHER : CLI_INPUT;
    }
    look_into_parts(content);
    if (content->count == 0) {
        session_keep_cause(session, ESP_LOADER_ERROR_IMAGE_FORMAT, ESP_LOADER_STAGE_CHECK, 0);
        report_line("%s: neither an executable image nor a partition table", content->file.name);
        return CLI_INPUT;
    }
    return CLI_OK;
}

/* ---- command ---- */

/** Reports the first part that something is wrong with. */
static cli_exit_t judge(session_t *session, const content_t *content)
{
    for (size_t i = 0; i < content->count; i++) {
        const content_part_t *shown = &content->parts[i];
        char place[32] = "";
        char fault[REPORT_SIZE];

        if (shown->detail.cause == ESP_LOADER_SUCCESS) {
            continue;
        }
        esp_loader_error_detail_t detail = shown->detail;
        detail.address = shown->part.offset;
        session_keep(session, &detail);
        if (image_content_is_merged(content)) {
            snprintf(place, sizeof(place), " at 0x%08x", (unsigned)shown->part.offset);
        }
        if (shown->part.kind == ESP_LOADER_PART_FOREIGN) {
            report_line("%s%s is %s: %s", content->file.name, place,
                        esp_loader_format_name(shown->part.format), image_fault_advice(shown->part.format));
        } else if (detail.fault != ESP_LOADER_FAULT_NONE) {
            image_fault_sentence(&(report_context_t){0}, &detail, NULL, fault);
            report_line("%s%s: %s", content->file.name, place, fault);
        } else {
            report_line("%s%s: %s", content->file.name, place, esp_loader_error_text(detail.cause));
        }
        return CLI_INPUT;
    }
    return CLI_OK;
}

static json_t *members(const session_t *session, const void *ctx)
{
    (void)session;
    return image_json_members(ctx);
}

static cli_exit_t run_image(void *state, operands_t operands)
{
    const session_options_t *options = state;
    session_t session = {.options = options};
    content_t content = {.path = operands.words[0], .file.fd = -1};

    cli_exit_t code = open_content(&session, &content);
    if (code == CLI_OK && !options->is_json) {
        code = image_text_print(&content);
    }
    code = code == CLI_OK ? judge(&session, &content) : code;
    code = json_report_end(&session, code, members, &content);
    image_file_close(&content.file);
    free(content.parts);
    return code;
}

const command_t image_command = {
    .state_size = sizeof(session_options_t), .needs_no_port = true, .run = run_image};
