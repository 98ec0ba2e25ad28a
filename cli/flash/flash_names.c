/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Names become offsets as soon as there is a table: with one among the files before a port is opened.
 */
#include "flash/flash_names.h"

#include <string.h>

#include "flash/flash_content.h"

/** The first table in flash among the files. */
typedef struct {
    const esp_loader_image_t *image; /**< NULL = there is none */
    uint32_t offset;                 /**< in the image */
} own_table_t;

static bool see_table(const esp_loader_image_t *image, const esp_loader_part_t *part, void *ctx)
{
    own_table_t *own = ctx;

    if (part->kind == ESP_LOADER_PART_TABLE && image->offset != FLASH_JOB_NOWHERE &&
        (own->image == NULL || image->offset + part->offset < own->image->offset + own->offset)) {
        *own = (own_table_t){.image = image, .offset = part->offset};
    }
    return false;
}

esp_loader_error_t flash_names_own_table(const flash_job_t *job, partitions_t *out,
                                         esp_loader_error_detail_t *out_detail)
{
    own_table_t own = {0};
    esp_loader_view_t view;

    flash_content_each_part(job, see_table, &own);
    if (own.image == NULL) {
        *out_detail = (esp_loader_error_detail_t){.image = -1};
        return ESP_LOADER_ERROR_PARTITION;
    }
    const esp_loader_source_t source = esp_loader_view(&view, &own.image->source, own.offset);
    esp_loader_error_t error = partitions_of_source(&source, own.image->offset + own.offset, out, out_detail);
    out_detail->image = (int32_t)(own.image - job->images);
    return error;
}

cli_exit_t flash_names_check(const flash_job_t *job)
{
    for (size_t i = 0; i < job->count; i++) {
        if (job->names[i] != NULL && strcmp(job->names[i], PARTITIONS_APP) == 0) {
            return CLI_OK;
        }
    }
    if (job->app_partition != NULL) {
        report_line("--target-app-partition: no file is the app: give " PARTITIONS_APP "=FILE, or --project");
        return CLI_USAGE;
    }
    return CLI_OK;
}

static target_chip_t chip_of(const flash_job_t *job, size_t index, const session_t *session)
{
    esp_loader_part_t part;

    if (session != NULL) {
        return session->context.chip;
    }
    return esp_loader_part_at(&job->images[index].source, 0, &part) == ESP_LOADER_SUCCESS &&
                   part.kind == ESP_LOADER_PART_EXECUTABLE && part.chip != ESP_UNKNOWN_CHIP
               ? part.chip
               : job->session.chip;
}

/** Places what needs no table; the rest is left nowhere. */
static size_t place_fixed(const flash_job_t *job, const session_t *session)
{
    size_t left = 0;

    for (size_t i = 0; i < job->count; i++) {
        uint32_t *offset = &job->images[i].offset;
        const char *name = job->names[i];

        if (name == NULL) {
            continue;
        }
        const target_chip_t chip = chip_of(job, i, session);
        if (strcmp(name, PARTITIONS_TABLE) == 0) {
            *offset = job->session.table_offset;
        } else if (strcmp(name, PARTITIONS_BOOTLOADER) == 0 && chip != ESP_UNKNOWN_CHIP) {
            *offset = esp_loader_chip_bootloader_offset(chip);
        } else {
            *offset = FLASH_JOB_NOWHERE;
            left++;
        }
    }
    return left;
}

static cli_exit_t place_in(const flash_job_t *job, const partitions_t *table, const session_t *session)
{
    for (size_t i = 0; i < job->count; i++) {
        esp_loader_partition_t partition;
        const char *name = job->names[i];

        if (name == NULL || job->images[i].offset != FLASH_JOB_NOWHERE ||
            strcmp(name, PARTITIONS_BOOTLOADER) == 0) {
            continue;
        }
        if (strcmp(name, PARTITIONS_APP) == 0 && job->app_partition != NULL) {
            name = job->app_partition;
        }
        cli_exit_t code = partitions_find(table, name, ESP_UNKNOWN_CHIP,
                                          session != NULL ? session->context.label : NULL, &partition);
        if (code != CLI_OK) {
            return code;
        }
        job->images[i].offset = partition.offset;
    }
    return CLI_OK;
}

bool flash_names_is_raw(const flash_job_t *job, uint32_t offset)
{
    for (size_t i = 0; i < job->raw_count; i++) {
        if (job->raw_offsets[i] == offset) {
            return true;
        }
    }
    return false;
}

cli_exit_t flash_names_check_raw(const flash_job_t *job, const char *label)
{
    for (size_t i = 0; i < job->raw_count; i++) {
        size_t k = 0;

        while (k < job->count && job->images[k].offset != job->raw_offsets[i]) {
            k++;
        }
        if (k == job->count) {
            report_labelled_line(label, "--force-raw=0x%x: no file at that offset",
                                 (unsigned)job->raw_offsets[i]);
            return CLI_USAGE;
        }
    }
    return CLI_OK;
}

/** What is not to be looked into, of the files whose offset was found by their name. */
static void mark_raw(const flash_job_t *job)
{
    for (size_t i = 0; i < job->count; i++) {
        if (job->names[i] != NULL && flash_names_is_raw(job, job->images[i].offset)) {
            job->images[i].is_raw = true;
        }
    }
}

static bool is_placed(const flash_job_t *job)
{
    for (size_t i = 0; i < job->count; i++) {
        if (job->images[i].offset == FLASH_JOB_NOWHERE) {
            return false;
        }
    }
    return true;
}

cli_exit_t flash_names_place(const flash_job_t *job, session_t *session, bool *out_is_placed)
{
    esp_loader_error_detail_t detail;
    partitions_t table;
    cli_exit_t code = CLI_OK;

    *out_is_placed = place_fixed(job, session) == 0;
    mark_raw(job);
    if (*out_is_placed) {
        return CLI_OK;
    }
    esp_loader_error_t error = flash_names_own_table(job, &table, &detail);
    if (error != ESP_LOADER_SUCCESS && detail.image >= 0) {
        const report_context_t context = {.images = job->images, .image_count = job->count};

        return report_failure(&context, &detail);
    }
    if (error != ESP_LOADER_SUCCESS) {
        if (session == NULL) {
            return CLI_OK;
        }
        code = partitions_need(session, &table);
    }
    code = code == CLI_OK ? place_in(job, &table, session) : code;
    mark_raw(job);
    *out_is_placed = is_placed(job);
    return code;
}

cli_exit_t flash_names_need(const flash_job_t *job)
{
    if (job->is_placed) {
        return CLI_OK;
    }
    report_line("there is no partition table among the files that says where names are: add " PARTITIONS_TABLE
                "=FILE, or give offsets");
    return CLI_USAGE;
}
