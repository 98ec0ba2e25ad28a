/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader merge: several images as the one file that would be in the flash. Talks to no target.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ports/cancel.h"
#include "commands/command.h"
#include "flash/flash_content.h"
#include "flash/flash_names.h"
#include "session/json_report.h"
#include "files/output_file.h"
#include "files/patched.h"

enum { PIECE_SIZE = 4096 };

typedef struct {
    flash_job_t job;
    const char *path;
    output_file_t output;
    uint32_t start; /**< where the file begins in the flash */
    uint32_t end;   /**< where it ends at least; 0 = with the last image */
    long size;      /**< of the file, 0 = it has not been made */
} merge_t;

static int by_offset(const void *a, const void *b)
{
    const esp_loader_image_t *left = a;
    const esp_loader_image_t *right = b;

    return left->offset < right->offset ? -1 : left->offset > right->offset;
}

/** The chip that was named, or the one that the files are for. CLI_OK, or a failure that has been reported.
 */
static cli_exit_t find_chip(const flash_job_t *job, target_chip_t *out_chip)
{
    const target_chip_t named = job->session.chip;

    *out_chip = named != ESP_UNKNOWN_CHIP ? named : flash_content_chip(job);
    return flash_content_check_chip(job);
}

/** Checks the images again with what is to be changed in them. */
static cli_exit_t check_patched(flash_job_t *job, const esp_loader_flash_params_t *params)
{
    uint8_t buffer[256];
    const report_context_t context = {.images = job->images, .image_count = job->count};
    const esp_loader_plan_options_t options = {
        .buffer = buffer, .buffer_size = sizeof(buffer), .flash_params = params};

    return esp_loader_plan_check(job->images, job->count, &options, &job->failure) == ESP_LOADER_SUCCESS
               ? CLI_OK
               : report_failure(&context, &job->failure);
}

static bool write_gap(FILE *file, uint32_t size)
{
    uint8_t blank[PIECE_SIZE];

    memset(blank, 0xFF, sizeof(blank));
    for (uint32_t done = 0; done < size;) {
        const uint32_t piece = size - done < PIECE_SIZE ? size - done : PIECE_SIZE;

        if (fwrite(blank, 1, piece, file) != piece) {
            return false;
        }
        done += piece;
    }
    return true;
}

/** Appends an image; CLI_OK, or a failure that has been reported. */
static cli_exit_t write_image(const merge_t *merge, const patched_t *patched)
{
    const esp_loader_image_t *image = patched->image;
    uint8_t piece[PIECE_SIZE];

    for (uint32_t done = 0; done < image->source.size;) {
        const uint32_t left = image->source.size - done;
        const uint32_t size = left < sizeof(piece) ? left : (uint32_t)sizeof(piece);

        if (cancel_is_requested(NULL)) {
            report_line("interrupted");
            return CLI_CANCELLED;
        }
        if (patched_read(patched, done, piece, size) != ESP_LOADER_SUCCESS) {
            report_line("cannot read %s", image->name);
            return CLI_INPUT;
        }
        if (fwrite(piece, 1, size, merge->output.stream) != size) {
            report_line("cannot write %s: %s", merge->path, strerror(errno));
            return CLI_OTHER;
        }
        done += size;
    }
    return CLI_OK;
}

/** Writes all of it. The images are in the order of their offsets and do not overlap. */
static cli_exit_t write_all(const merge_t *merge, target_chip_t chip, const esp_loader_flash_params_t *params)
{
    uint32_t end = merge->start;

    for (size_t i = 0; i < merge->job.count; i++) {
        const esp_loader_image_t *image = &merge->job.images[i];
        patched_t patched;

        if (patched_open(&patched, image, chip, params) != ESP_LOADER_SUCCESS) {
            report_line("%s at 0x%08x: cannot patch the header: not a valid image", image->name,
                        (unsigned)image->offset);
            return CLI_INPUT;
        }
        if (!write_gap(merge->output.stream, image->offset - end)) {
            report_line("cannot write %s: %s", merge->path, strerror(errno));
            return CLI_OTHER;
        }
        cli_exit_t code = write_image(merge, &patched);
        if (code != CLI_OK) {
            return code;
        }
        end = image->offset + image->source.size;
    }
    if (merge->end != 0 && !write_gap(merge->output.stream, merge->end - end)) {
        report_line("cannot write %s: %s", merge->path, strerror(errno));
        return CLI_OTHER;
    }
    return CLI_OK;
}

/** The images are between the file's beginning and its end, in the order of their offsets. */
static cli_exit_t check_ends(const merge_t *merge)
{
    const esp_loader_image_t *first = &merge->job.images[0];
    const esp_loader_image_t *last = &merge->job.images[merge->job.count - 1];

    if (first->offset < merge->start) {
        report_line("%s at 0x%08x: before --target-offset", first->name, (unsigned)first->offset);
        return CLI_INPUT;
    }
    if (merge->end != 0 && last->offset + last->source.size > merge->end) {
        report_line("%s at 0x%08x: ends after --pad-to-size", last->name, (unsigned)last->offset);
        return CLI_INPUT;
    }
    return CLI_OK;
}

/** The parameters for @p chip, from the command line if @p is_own; CLI_OK, or a failure that has been
 * reported. */
static cli_exit_t encode_params(const flash_params_text_t *text, bool is_own, target_chip_t chip,
                                esp_loader_flash_params_t *out_params)
{
    if (flash_params_need_size(text)) {
        report_line("no flash chip to detect the size of: give --flash-size");
        return is_own ? CLI_USAGE : CLI_INPUT;
    }
    if (chip == ESP_UNKNOWN_CHIP) {
        report_line("no image states which chip it is for: add --chip");
        return CLI_USAGE;
    }
    const char *unknown = flash_params_encode(text, chip, 0, out_params);
    if (unknown != NULL) {
        report_line("the %s has no such --%s", esp_loader_chip_name(chip), unknown);
        return CLI_INPUT;
    }
    return CLI_OK;
}

static cli_exit_t write_file(merge_t *merge)
{
    flash_job_t *job = &merge->job;
    const bool is_patched = flash_params_are_wanted(&job->params);
    flash_params_text_t wanted;
    esp_loader_flash_params_t params;
    char name[SAFE_TEXT_SIZE];
    target_chip_t chip;

    qsort(job->images, job->count, sizeof(*job->images), by_offset);
    cli_exit_t code = check_ends(merge);
    code = code == CLI_OK ? flash_content_check_app_place(job) : code;
    code = code == CLI_OK ? find_chip(job, &chip) : code;
    if (code == CLI_OK && is_patched) {
        code = encode_params(&job->params, job->has_own_params, chip, &params);
        code = code == CLI_OK ? flash_content_check_params(job, chip, false, NULL, &wanted) : code;
        code = code == CLI_OK ? check_patched(job, &params) : code;
    }
    if (code != CLI_OK) {
        return code;
    }
    if (!output_file_open(&merge->output, merge->path)) {
        report_line("cannot write %s: %s", merge->path, strerror(errno));
        return CLI_OTHER;
    }
    code = write_all(merge, chip, is_patched ? &params : NULL);
    if (code != CLI_OK) {
        output_file_discard(&merge->output);
        return code;
    }
    const long size = ftell(merge->output.stream);
    if (!output_file_commit(&merge->output)) {
        report_line("cannot write %s: %s", merge->path, strerror(errno));
        return CLI_OTHER;
    }
    merge->size = size;
    flash_content_note(job);
    if (!job->session.is_quiet) {
        printf("%s: %ld bytes, to be flashed at 0x%08x\n", safe_text(merge->path, name), size,
               (unsigned)merge->start);
    }
    return CLI_OK;
}

static json_t *image_object(const void *ctx, size_t index)
{
    const merge_t *merge = ctx;

    return json_report_image(&merge->job.images[index], NULL);
}

static json_t *merge_members(const session_t *session, const void *ctx)
{
    const merge_t *merge = ctx;

    (void)session;
    return json_pack("{s:o, s:I, s:o*, s:o, s:o*}", "file", json_report_name(merge->path), "offset",
                     (json_int_t)merge->start, "size",
                     json_report_number((uint32_t)merge->size, merge->size != 0), "images",
                     json_report_array(merge->job.count, image_object, merge), "notes",
                     notes_json(&merge->job.notes));
}

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    merge_t *merge = state;

    switch (value->option->id) {
    case OPTION_OUTPUT:
        merge->path = value->text;
        return true;
    case OPTION_TARGET_OFFSET:
        merge->start = value->number;
        return true;
    case OPTION_PAD_TO_SIZE:
        merge->end = flash_params_size(value->text);
        if (merge->end == 0) {
            snprintf(error, OPTION_ERROR_SIZE, "invalid flash size '%.60s': give it like 4MB", value->text);
        }
        return merge->end != 0;
    default:
        return flash_job_take(&merge->job, value, error);
    }
}

static cli_exit_t run_merge(void *state, operands_t operands)
{
    merge_t *merge = state;
    session_t session = {.options = &merge->job.session};
    char error[OPTION_ERROR_SIZE];

    if (merge->path == NULL) {
        return command_mistake(COMMAND_MERGE, "no file to write given: add --output");
    }
    if (!flash_job_check(&merge->job, error)) {
        return command_mistake(COMMAND_MERGE, error);
    }
    cli_exit_t code = flash_job_open(&merge->job, operands.words, operands.count);
    code = code == CLI_OK ? flash_names_need(&merge->job) : code;
    code = code == CLI_OK ? write_file(merge) : code;
    session.failure = merge->job.failure;
    return json_report_end(&session, code, merge_members, merge);
}

static void end_merge(void *state)
{
    merge_t *merge = state;

    flash_job_close(&merge->job);
}

const command_t merge_command = {.state_size = sizeof(merge_t),
                                 .session_offset = offsetof(merge_t, job.session),
                                 .needs_no_port = true,
                                 .take = take_option,
                                 .run = run_merge,
                                 .end = end_merge};
