/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader read: a range of the flash into a file, compared with the MD5 that the target computes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "ports/cancel.h"
#include "commands/command.h"
#include "session/flash_size.h"
#include "session/json_events.h"
#include "session/json_report.h"
#include "partitions/partitions.h"
#include "text/number.h"
#include "files/output_file.h"
#include "report/progress.h"
#include "report/screen.h"
#include "text/safe_text.h"

/** Bytes per call: a stub sends them in one go, a ROM 64 at a time. Over the chip's own USB they take half a second,
 * elsewhere up to six; that is how often progress is shown. */
enum { USB_PIECE = 524288, STUB_PIECE = 65536, ROM_PIECE = 4096 };

/** What is read faster than a higher baud rate is found. */
enum { FEW_BYTES = 16384 };

typedef struct {
    const char *partition; /**< NULL = offset and size say what */
    uint32_t offset;
    uint32_t size; /**< 0 = up to the end of the flash */
    const char *path;
    output_file_t output;
    esp_loader_md5_t md5;
    json_pace_t pace;
    const char *result; /**< NULL = not started */
    bool has_digest;
    uint8_t digest[ESP_LOADER_MD5_SIZE]; /**< of all that was to be read */
} read_job_t;

typedef struct {
    session_options_t session;
    read_job_t job;
} read_t;

static cli_exit_t report_file(const read_job_t *job)
{
    report_line("cannot write %s: %s", job->path, strerror(errno));
    return CLI_OTHER;
}

/** Finds out the size, and refuses what the flash does not have. */
static cli_exit_t check_range(read_job_t *job, session_t *session)
{
    const uint32_t flash_size = session->context.flash_size;

    if (job->partition != NULL) {
        esp_loader_partition_t partition;
        cli_exit_t code = partitions_find_in_target(session, job->partition, &partition);

        if (code != CLI_OK) {
            return code;
        }
        job->offset = partition.offset;
        job->size = partition.size;
    }
    if (session->context.is_secure && job->size != 0) {
        return CLI_OK; /* refused in any case, in other words */
    }
    cli_exit_t code = flash_size_need(session);
    if (code == CLI_OK) {
        code = session_check_range(session, job->offset, job->size != 0 ? job->size : 1);
    }
    if (code == CLI_OK && job->size == 0) {
        job->size = flash_size - job->offset;
    }
    return code == CLI_OK ? flash_size_check_wrap(session, (uint64_t)job->offset + job->size, false) : code;
}

static cli_exit_t report_difference(read_job_t *job, session_t *session)
{
    session_keep_cause(session, ESP_LOADER_ERROR_INVALID_MD5, ESP_LOADER_STAGE_VERIFY, job->offset);
    report_line("read data does not match the flash (MD5 mismatch)");
    return CLI_VERIFY;
}

static void show(const session_t *session, read_job_t *job, progress_t *progress, uint32_t done)
{
    progress_show(progress, job->path, done, job->size);
    json_events_progress(session, &job->pace,
                         &(json_work_t){.step = "read", .done = done, .total = job->size});
}

static uint32_t piece_of(const session_t *session)
{
    const esp_loader_link_t link = cli_port_link(&session->port);

    if (!esp_loader_stub_is_running(&session->loader)) {
        return ROM_PIECE;
    }
    return link == ESP_LOADER_LINK_USB_SERIAL_JTAG || link == ESP_LOADER_LINK_USB_OTG ? USB_PIECE
                                                                                      : STUB_PIECE;
}

static cli_exit_t read_range(read_job_t *job, session_t *session, uint8_t *buffer, progress_t *progress)
{
    const uint32_t piece = piece_of(session);

    esp_loader_md5_init(&job->md5);
    progress_begin(progress);
    show(session, job, progress, 0);
    for (uint32_t done = 0; done < job->size;) {
        const uint32_t size = job->size - done < piece ? job->size - done : piece;

        if (cancel_is_requested(NULL)) {
            progress_end_line(progress);
            session_keep_cause(session, ESP_LOADER_ERROR_CANCELLED, ESP_LOADER_STAGE_READ,
                               job->offset + done);
            report_line("interrupted after %u of %u bytes", (unsigned)done, (unsigned)job->size);
            return CLI_CANCELLED;
        }
        esp_loader_error_t error;

        do {
            error = esp_loader_flash_read(&session->loader, buffer, job->offset + done, size);
        } while (error != ESP_LOADER_SUCCESS && session_lower_rate(session));
        if (error != ESP_LOADER_SUCCESS) {
            progress_end_line(progress);
            return error == ESP_LOADER_ERROR_INVALID_MD5 ? report_difference(job, session)
                                                         : session_failure(session);
        }
        if (fwrite(buffer, 1, size, job->output.stream) != size) {
            progress_end_line(progress);
            return report_file(job);
        }
        esp_loader_md5_update(&job->md5, buffer, size);
        done += size;
        show(session, job, progress, done);
    }
    progress_end_line(progress);
    return fflush(job->output.stream) == 0 ? CLI_OK : report_file(job);
}

static cli_exit_t compare(read_job_t *job, session_t *session, FILE *out)
{
    esp_loader_md5_finish(&job->md5, job->digest);
    job->has_digest = true;
    esp_loader_error_t error =
        esp_loader_flash_verify_known_md5(&session->loader, job->offset, job->size, job->digest);
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC &&
        esp_loader_error_detail(&session->loader)->command == 0) { /* it was not even asked */
        job->result = "unverified";
        if (out != NULL) {
            fprintf(out, "Not verified: the loader on this target cannot\n\n");
        }
        return CLI_OK;
    }
    if (error != ESP_LOADER_SUCCESS) {
        return error == ESP_LOADER_ERROR_INVALID_MD5 ? report_difference(job, session)
                                                     : session_failure(session);
    }
    job->result = "verified";
    if (out != NULL) {
        fprintf(out, "File verified\n\n");
    }
    return CLI_OK;
}

static cli_exit_t read_into_file(session_t *session, void *ctx)
{
    static uint8_t buffer[USB_PIECE];
    read_job_t *job = ctx;
    char name[SAFE_TEXT_SIZE];
    FILE *out = session->options->is_quiet ? NULL : stdout;
    progress_t progress = {.out = out, .is_live = screen_is_live(out)};

    cli_exit_t code = check_range(job, session);
    if (code != CLI_OK) {
        return code;
    }
    if (job->size > FEW_BYTES) {
        code = session_raise_rate(session);
        if (code != CLI_OK) {
            return code;
        }
    }
    if (!output_file_open(&job->output, job->path)) {
        return report_file(job);
    }
    if (out != NULL) {
        fprintf(out, "\nReading %u bytes at 0x%08x into %s\n", (unsigned)job->size, (unsigned)job->offset,
                safe_text(job->path, name));
    }
    job->result = "failed";
    code = read_range(job, session, buffer, &progress);
    if (code == CLI_OK) {
        code = compare(job, session, out);
    }
    if (code != CLI_OK) {
        output_file_discard(&job->output);
    } else if (!output_file_commit(&job->output)) {
        code = report_file(job);
    }
    if (code != CLI_OK) {
        job->result = "failed";
    }
    return code;
}

static json_t *read_members(const session_t *session, const void *ctx)
{
    const read_job_t *job = ctx;

    (void)session;
    return json_pack("{s:o, s:o*, s:I, s:o*, s:s, s:o*}", "file", json_report_name(job->path), "partition",
                     job->partition != NULL ? json_report_name(job->partition) : NULL, "offset",
                     (json_int_t)job->offset, "size", json_report_number(job->size, job->size != 0), "result",
                     job->result != NULL ? job->result : "not started", "md5",
                     job->has_digest ? json_report_hex(job->digest, sizeof(job->digest)) : NULL);
}

/** NULL, or what is wrong with the operands. */
static const char *parse_operands(read_job_t *job, const char *const *operands, size_t count)
{
    job->path = operands[count - 1];
    if (job->partition != NULL) {
        return count == 1 ? NULL : "give one FILE after --partition";
    }
    if (count != 3) {
        return "give OFFSET, SIZE and FILE";
    }
    if (!number_parse(operands[0], &job->offset)) {
        return "OFFSET is a number";
    }
    const bool is_all = strcasecmp(operands[1], "all") == 0;
    if (!is_all && !number_parse(operands[1], &job->size)) {
        return "SIZE is a number, or all";
    }
    if (!is_all && job->size == 0) {
        return "SIZE 0: there is nothing to read";
    }
    return NULL;
}

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    read_t *command = state;

    if (value->option->id != OPTION_PARTITION) {
        return session_options_take(&command->session, value, error);
    }
    command->job.partition = value->text;
    return true;
}

static cli_exit_t run_read(void *state, operands_t operands)
{
    read_t *command = state;
    read_job_t *job = &command->job;

    const char *mistake = parse_operands(job, operands.words, operands.count);
    if (mistake != NULL) {
        return command_mistake(COMMAND_READ, mistake);
    }
    return json_report_run(&command->session, read_into_file, read_members, job);
}

const command_t read_command = {.state_size = sizeof(read_t), .take = take_option, .run = run_read};
