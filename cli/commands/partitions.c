/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader partitions: the partition table of the target, or of a file, and which app starts.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "commands/command.h"
#include "commands/partitions_report.h"
#include "esp_loader_content.h"
#include "esp_loader_plan.h"
#include "files/image_file.h"
#include "report/image_fault.h"
#include "session/json_report.h"

typedef struct {
    session_options_t session;
    bool is_tsv;
    partitions_found_t found;
} partitions_command_t;

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    partitions_command_t *command = state;

    if (value->option->id != OPTION_TSV) {
        return session_options_take(&command->session, value, error);
    }
    command->is_tsv = true;
    command->session.is_quiet = true;
    return true;
}

static cli_exit_t print(const partitions_command_t *command)
{
    if (command->is_tsv) {
        partitions_report_tsv(stdout, &command->found);
    } else if (!command->session.is_quiet) {
        partitions_report_print(stdout, &command->found);
    }
    return CLI_OK;
}

/* ---- a file ---- */

/** Finds the first table of the file, which may be a whole flash; its part is what is returned. */
static esp_loader_error_t find_table(const esp_loader_source_t *source, esp_loader_part_t *part)
{
    esp_loader_parts_t parts;

    esp_loader_parts_begin(&parts, source, 0);
    do {
        RETURN_ON_ERROR(esp_loader_parts_next(&parts, part));
    } while (part->kind != ESP_LOADER_PART_TABLE && part->kind != ESP_LOADER_PART_END);
    return ESP_LOADER_SUCCESS;
}

/** A file that has the table where the flash has it may have the otadata, too. */
static void read_otadata(const esp_loader_source_t *source, partitions_found_t *found)
{
    const esp_loader_partition_t *partition =
        partitions_last(&found->table, ESP_LOADER_PARTITION_TYPE_DATA, PARTITION_SUBTYPE_OTADATA);
    uint8_t copies[OTADATA_COPIES][OTADATA_ENTRY_SIZE];

    if (partition == NULL) {
        otadata_decode(&found->table, NULL, &found->otadata);
        found->is_boot_known = true;
        return;
    }
    for (uint32_t i = 0; i < OTADATA_COPIES; i++) {
        const uint64_t offset = (uint64_t)partition->offset + (uint64_t)i * ESP_LOADER_SECTOR_SIZE;

        if (offset + OTADATA_ENTRY_SIZE > source->size ||
            source->read(source->ctx, (uint32_t)offset, copies[i], OTADATA_ENTRY_SIZE) !=
                ESP_LOADER_SUCCESS) {
            return;
        }
    }
    otadata_decode(&found->table, (const uint8_t(*)[OTADATA_ENTRY_SIZE])copies, &found->otadata);
    found->is_boot_known = true;
}

static cli_exit_t report_table(session_t *session, const image_file_t *file, const esp_loader_part_t *part,
                               const esp_loader_error_detail_t *detail)
{
    char fault[REPORT_SIZE];

    session_keep(session, detail);
    if (part->kind != ESP_LOADER_PART_TABLE) {
        report_line("%s: there is no partition table in it", file->name);
    } else if (image_fault_sentence(&session->context, detail, NULL, fault)) {
        report_line("%s: %s", file->name, fault);
    } else {
        report_line("%s: %s", file->name, esp_loader_error_text(detail->cause));
    }
    return CLI_INPUT;
}

static cli_exit_t look_into_file(session_t *session, partitions_command_t *command, image_file_t *file)
{
    const esp_loader_source_t source = image_file_source(file);
    partitions_found_t *found = &command->found;
    esp_loader_error_detail_t detail = {.error = ESP_LOADER_ERROR_PARTITION,
                                        .cause = ESP_LOADER_ERROR_PARTITION,
                                        .stage = ESP_LOADER_STAGE_CHECK,
                                        .image = -1};
    esp_loader_part_t first;
    esp_loader_part_t part;
    esp_loader_view_t view;

    if (esp_loader_part_at(&source, 0, &first) != ESP_LOADER_SUCCESS ||
        find_table(&source, &part) != ESP_LOADER_SUCCESS) {
        report_line("cannot read %s", file->name);
        return CLI_INPUT;
    }
    if (first.kind == ESP_LOADER_PART_FOREIGN) {
        session_keep(session, &detail);
        report_line("%s is %s: %s", file->name, esp_loader_format_name(first.format),
                    image_fault_advice(first.format));
        return CLI_INPUT;
    }
    const esp_loader_source_t table = esp_loader_view(&view, &source, part.offset);
    const uint32_t offset = part.offset != 0 ? part.offset : command->session.table_offset;
    if (part.kind != ESP_LOADER_PART_TABLE ||
        partitions_of_source(&table, offset, &found->table, &detail) != ESP_LOADER_SUCCESS) {
        return report_table(session, file, &part, &detail);
    }
    found->has_table = true;
    if (part.offset == command->session.table_offset) {
        read_otadata(&source, found);
    }
    return print(command);
}

static cli_exit_t run_file(session_t *session, partitions_command_t *command)
{
    char why[REPORT_SIZE];
    image_file_t file = {.fd = -1};

    if (!image_file_open(&file, command->found.file, why)) {
        report_line("%s", why);
        return CLI_INPUT;
    }
    cli_exit_t code = look_into_file(session, command, &file);
    image_file_close(&file);
    return code;
}

/* ---- a target ---- */

static cli_exit_t run_target(session_t *session, void *ctx)
{
    partitions_command_t *command = ctx;
    partitions_found_t *found = &command->found;

    cli_exit_t code = otadata_need(session, &found->table, &found->otadata);
    if (code != CLI_OK) {
        return code;
    }
    found->has_table = true;
    found->is_boot_known = true;
    code = print(command);
    if (!command->session.is_quiet) {
        putchar('\n');
    }
    return code;
}

static json_t *members(const session_t *session, const void *ctx)
{
    const partitions_command_t *command = ctx;
    json_t *object = json_object();

    (void)session;
    if (command->found.file != NULL) {
        json_object_set_new(object, "file", json_report_name(command->found.file));
    }
    partitions_report_json(object, &command->found);
    return object;
}

static cli_exit_t run(void *state, operands_t operands)
{
    partitions_command_t *command = state;
    session_t session = {.options = &command->session};

    if (command->is_tsv && command->session.is_json) {
        return command_mistake(COMMAND_PARTITIONS, "give --tsv or --json");
    }
    if (operands.count == 0) {
        return json_report_run(&command->session, run_target, members, command);
    }
    command->found.file = operands.words[0];
    command->session.port = NULL; /* nothing is opened */
    cli_exit_t code = run_file(&session, command);
    return json_report_end(&session, code, members, command);
}

const command_t partitions_command = {.state_size = sizeof(partitions_command_t),
                                      .session_offset = offsetof(partitions_command_t, session),
                                      .take = take_option,
                                      .run = run};
