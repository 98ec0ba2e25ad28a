/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plans from the command line, and running them.
 */
#define _GNU_SOURCE
#include "flash/flash_job.h"

#include <stdlib.h>
#include <string.h>

#include "ports/cancel.h"
#include "text/chip_name.h"
#include "flash/flash_boot.h"
#include "flash/flash_content.h"
#include "flash/flash_erase_all.h"
#include "flash/flash_events.h"
#include "flash/flash_summary.h"
#include "flash/flash_names.h"
#include "session/flash_size.h"
#include "text/number.h"
#include "report/clock.h"
#include "report/screen.h"

/** Two blocks of the stub: the next one is read while the target works. */
enum { BLOCK_BUFFER_SIZE = 2 * 16384 };

/* ---- options and files ---- */

/** Takes OFFSET, or NAME with an equals sign, and FILE; CLI_OK, or a failure that has been reported. */
static cli_exit_t add_image(flash_job_t *job, char *offset, const char *path)
{
    esp_loader_image_t *image = &job->images[job->count];
    image_file_t *file = &job->files[job->count];
    char why[REPORT_SIZE];

    const size_t length = strlen(offset);

    if (length > 1 && offset[length - 1] == '=') {
        offset[length - 1] = '\0';
        job->names[job->count] = offset;
    } else if (!number_parse(offset, &image->offset)) {
        report_line("'%s' is not a flash offset", offset);
        return CLI_USAGE;
    }
    if (!image_file_open(file, path, why)) {
        report_line("%s", why);
        return CLI_INPUT;
    }
    image->name = file->name;
    image->source = image_file_source(file);
    image->is_raw = job->is_raw || (job->names[job->count] == NULL && flash_names_is_raw(job, image->offset));
    job->count++;
    return CLI_OK;
}

static image_file_stamp_t *stamp_files(const flash_job_t *job)
{
    image_file_stamp_t *stamps = calloc(job->count, sizeof(*stamps));

    for (size_t i = 0; stamps != NULL && i < job->count; i++) {
        stamps[i] = image_file_stamp(&job->files[i]);
    }
    return stamps;
}

/** What can be refused without a target. The buffer is only there because a plan must have one. */
static cli_exit_t check_images(flash_job_t *job)
{
    uint8_t buffer[256];
    const report_context_t unconnected = {.images = job->images, .image_count = job->count};
    const esp_loader_plan_options_t options = {.buffer = buffer, .buffer_size = sizeof(buffer)};

    job->stamps = stamp_files(job);
    if (esp_loader_plan_check(job->images, job->count, &options, &job->failure) != ESP_LOADER_SUCCESS) {
        return report_failure(&unconnected, &job->failure);
    }
    return CLI_OK;
}

/** Everything that is to be flashed as pairs in job->input. */
static cli_exit_t collect_input(flash_job_t *job, const char *const *operands, size_t operand_count)
{
    job->input.is_app_named = job->app_partition != NULL;
    cli_exit_t code = job->project != NULL ? flash_input_add_project(&job->input, job->project) : CLI_OK;

    for (size_t i = 0; i < operand_count && code == CLI_OK; i++) {
        code = operands[i][0] == '@' ? flash_input_add_arguments(&job->input, operands[i] + 1)
                                     : flash_input_add_operand(&job->input, operands[i]);
    }
    if (code == CLI_OK && (job->input.operand_count == 0 || job->input.operand_count % 2 != 0)) {
        report_line("give pairs of OFFSET and FILE, NAME=FILE, @FILE, or --project");
        return CLI_USAGE;
    }
    return code;
}

static const char *first_of(const char *own, const char *project, const char *fallback)
{
    return own != NULL ? own : project != NULL ? project : fallback;
}

/** Settings of the project count where the command line says nothing, those of the environment where neither does.
 */
static cli_exit_t adopt_settings(flash_job_t *job)
{
    const flash_params_text_t *params = &job->input.params;
    char error[OPTION_ERROR_SIZE];

    job->session.is_flash_size_of_project = job->params.size == NULL;
    job->params.mode = first_of(job->params.mode, params->mode, job->default_params.mode);
    job->params.freq = first_of(job->params.freq, params->freq, job->default_params.freq);
    job->params.size = first_of(job->params.size, params->size, job->default_params.size);
    if (!flash_job_check(job, error)) {
        report_line("%s", error);
        return CLI_INPUT;
    }
    job->session.flash_size = flash_params_size(job->params.size);
    if (job->input.chip != NULL && job->session.chip == ESP_UNKNOWN_CHIP) {
        job->session.chip = chip_name_find(job->input.chip);
        if (job->session.chip == ESP_UNKNOWN_CHIP) {
            report_line("the project is for an unknown chip, '%.60s'", job->input.chip);
            return CLI_INPUT;
        }
        job->session.is_chip_of_project = true;
    }
    return CLI_OK;
}

cli_exit_t flash_job_open_files(flash_job_t *job, const char *const *words, size_t word_count)
{
    cli_exit_t code = collect_input(job, words, word_count);
    if (code == CLI_OK) {
        code = adopt_settings(job);
    }
    if (code != CLI_OK) {
        return code;
    }
    char *const *operands = job->input.operands;
    const size_t operand_count = job->input.operand_count;
    job->names = calloc(operand_count / 2, sizeof(*job->names));
    job->files = calloc(operand_count / 2, sizeof(*job->files));
    job->images = calloc(operand_count / 2, sizeof(*job->images));
    if (job->names == NULL || job->files == NULL || job->images == NULL) {
        report_line("out of memory");
        return CLI_OTHER;
    }
    for (size_t i = 0; i < operand_count; i += 2) {
        code = add_image(job, operands[i], operands[i + 1]);
        if (code != CLI_OK) {
            return code;
        }
    }
    code = flash_names_check(job);
    code = code == CLI_OK ? flash_names_place(job, NULL, &job->is_placed) : code;
    return code == CLI_OK && job->is_placed ? flash_names_check_raw(job, NULL) : code;
}

cli_exit_t flash_job_open(flash_job_t *job, const char *const *operands, size_t operand_count)
{
    cli_exit_t code = flash_job_open_files(job, operands, operand_count);

    code = code == CLI_OK && job->is_placed ? check_images(job) : code;
    code = code == CLI_OK ? flash_content_check_chip(job) : code;
    if (code == CLI_OK && !job->is_uncompressed) {
        job->deflated = deflate_cache_new(cancel_is_requested);
    }
    return code;
}

void flash_job_close(flash_job_t *job)
{
    deflate_cache_free(job->deflated);
    job->deflated = NULL;
    for (size_t i = 0; i < job->count; i++) {
        image_file_close(&job->files[i]);
    }
    flash_input_free(&job->input);
    notes_free(&job->notes);
    free(job->stamps);
    job->stamps = NULL;
    free(job->raw_offsets);
    job->raw_offsets = NULL;
    free(job->images);
    free(job->names);
    job->names = NULL;
    free(job->files);
    job->images = NULL;
    job->files = NULL;
    job->count = 0;
}

/* ---- one target ---- */

/** Blank sectors are written without an erase. */
static bool is_touched_by(const esp_loader_image_report_t *report)
{
    return report->sectors_erased != 0 || report->bytes_sent != 0;
}

/** Says what an interrupted or failed run left behind. */
static void print_leftovers(const flash_job_t *job, const flash_run_t *run)
{
    bool is_touched = false;

    for (size_t i = 0; i < job->count; i++) {
        const esp_loader_image_report_t *report = &run->reports[i];
        const char *name = job->images[i].name;
        const unsigned offset = (unsigned)job->images[i].offset;

        if (report->result == ESP_LOADER_IMAGE_NOT_STARTED) {
            report_note(run->label, "%s at 0x%08x: not started", name, offset);
        } else if (report->result != ESP_LOADER_IMAGE_FAILED) {
            report_note(run->label, "%s at 0x%08x: complete", name, offset);
            is_touched = is_touched || is_touched_by(report);
        } else if (is_touched_by(report)) {
            report_note(run->label, "%s at 0x%08x: erased and incomplete, do not run it; flash it again",
                        name, offset);
            is_touched = true;
        } else {
            report_note(run->label, "%s at 0x%08x: not written", name, offset);
        }
    }
    if (run->is_all_erased) {
        report_note(run->label, "the flash has been erased, all of it or in part");
    } else if (!is_touched) {
        report_note(run->label, "nothing was erased");
    }
}

static bool is_flash_touched(const flash_job_t *job, const flash_run_t *run)
{
    for (size_t i = 0; i < job->count; i++) {
        if (is_touched_by(&run->reports[i])) {
            return true;
        }
    }
    return run->is_all_erased;
}

/** A flash chip that is protected ignores what is written; nothing else would show it to the user. */
static void explain_protection(flash_run_t *run)
{
    session_t *session = &run->session;
    const esp_loader_error_detail_t *detail = esp_loader_error_detail(&session->loader);
    const bool is_suspect =
        detail->cause == ESP_LOADER_ERROR_INVALID_MD5 ||
        (detail->cause == ESP_LOADER_ERROR_TARGET_STATUS &&
         (detail->stage == ESP_LOADER_STAGE_WRITE || detail->stage == ESP_LOADER_STAGE_ERASE));
    uint8_t status;

    if (is_suspect && esp_loader_flash_read_status(&session->loader, &status) == ESP_LOADER_SUCCESS &&
        (status & ESP_LOADER_FLASH_STATUS_PROTECTED) != 0) {
        report_note(run->label, "the flash chip is protected against writing (its status register is 0x%02x)",
                    (unsigned)status);
    }
}

/** Is what was checked when the job was opened what is flashed now? Many boards need not compute its digests again. */
static bool is_still_checked(const flash_job_t *job)
{
    bool is_checked = job->stamps != NULL;

    for (size_t i = 0; is_checked && i < job->count; i++) {
        is_checked = !image_file_has_changed(&job->files[i], &job->stamps[i]);
    }
    return is_checked;
}

/** Names the files that have been written to meanwhile. What of them is in the flash was read at different
 * times. */
static bool report_changed_files(const flash_job_t *job, flash_run_t *run)
{
    bool has_changed = false;

    for (size_t i = 0; i < job->count; i++) {
        if (image_file_has_changed(&job->files[i], &run->stamps[i])) {
            report_labelled_line(run->label, "%s changed while it was flashed", job->files[i].name);
            session_keep_cause(&run->session, ESP_LOADER_ERROR_SOURCE, ESP_LOADER_STAGE_VERIFY,
                               job->images[i].offset);
            has_changed = true;
        }
    }
    return has_changed;
}

/** What is not as --pieces wants it. */
static void note_pieces(const flash_job_t *job, flash_run_t *run)
{
    static const char *const notes[] = {
        [ESP_LOADER_PIECES_UNSUPPORTED] = "--pieces 64 has no effect with this chip, its stub, its flash "
                                          "size or mode, or without verification",
        [ESP_LOADER_PIECES_UNKNOWN] =
            "--pieces 64 has no effect: the target's table is not the one that is known",
        [ESP_LOADER_PIECES_USED] = NULL,
        [ESP_LOADER_PIECES_FAILED] = "--pieces 64: what was written was wrong, and was written again with "
                                     "32; please report the board"};
    const char *note = notes[run->pieces.result];

    if (note != NULL) {
        notes_add(&run->notes, run->label, job->session.is_quiet, "%s", note);
    }
    if (run->pieces.is_left) {
        notes_add(&run->notes, run->label, job->session.is_quiet,
                  "--pieces 64: the target keeps its larger pieces until it is reset");
    }
}

static cli_exit_t run_plan(const flash_job_t *job, flash_run_t *run, const esp_loader_plan_options_t *options)
{
    progress_begin(&run->progress);
    esp_loader_error_t error =
        esp_loader_plan_run(&run->session.loader, job->images, job->count, options, run->reports);
    session_note_rate(&run->session);
    progress_end_line(&run->progress);
    note_pieces(job, run);
    tally_end(&run->progress.tally, clock_now_ms());
    bool has_changed = report_changed_files(job, run);
    if (error == ESP_LOADER_SUCCESS) {
        return has_changed ? CLI_INPUT : CLI_OK;
    }
    cli_exit_t code = session_failure(&run->session);
    explain_protection(run);
    if (is_flash_touched(job, run) || code == CLI_CANCELLED) {
        print_leftovers(job, run);
    }
    return code;
}

/** Flashes the target of an open session, and leaves it. */
static cli_exit_t flash_target(const flash_job_t *job, flash_run_t *run, esp_loader_plan_options_t *options)
{
    session_t *session = &run->session;
    flash_params_text_t wanted;
    esp_loader_flash_params_t params;

    if (run->refuse != NULL && session->has_mac) {
        const char *reason = run->refuse(run->refuse_ctx, session->mac);

        if (reason != NULL) {
            report_labelled_line(run->label, "%s", reason);
            session_close(session);
            return CLI_TARGET;
        }
    }
    session->context.images = job->images;
    session->context.image_count = job->count;
    bool is_placed = true;
    cli_exit_t refusal = flash_size_need(session);
    if (refusal == CLI_OK && !job->is_placed) {
        refusal = flash_names_place(job, session, &is_placed);
        refusal = refusal == CLI_OK ? flash_names_check_raw(job, run->label) : refusal;
    }
    if (refusal == CLI_OK) {
        refusal = flash_content_check_params(job, session->context.chip, session->told_flash_size == 0,
                                             run->label, &wanted);
    }
    if (refusal != CLI_OK) {
        return session_end(session, refusal);
    }
    if (session->context.is_secure && job->has_own_params && flash_params_are_wanted(&job->params) &&
        flash_content_has_bootloader(job)) {
        notes_add(&run->notes, run->label, job->session.is_quiet,
                  "the target is in secure download mode: no header is changed (--flash-mode, --flash-freq, "
                  "--flash-size)");
    }
    /* What secure boot may have signed is not changed. */
    if (flash_params_are_wanted(&wanted) && !session->context.is_secure) {
        const char *unknown =
            flash_params_encode(&wanted, session->context.chip, session->context.flash_size, &params);
        if (unknown != NULL) {
            report_labelled_line(run->label, "the %s has no such --%s",
                                 esp_loader_chip_name(session->context.chip), unknown);
            session_close(session);
            return CLI_TARGET;
        }
        options->flash_params = &params;
    }
    const uint64_t started_ms = clock_now_ms();
    cli_exit_t code = job->is_erase_all ? flash_erase_all(job, run, options) : CLI_OK;
    run->erase_all_ms = clock_now_ms() - started_ms;
    code = code == CLI_OK ? run_plan(job, run, options) : code;
    if (code == CLI_OK && !session->context.is_secure) {
        flash_boot_note(job, run);
    }
    /* A target that was not touched gets its application back; one half-written must not run it. */
    if (code == CLI_OK || (!is_flash_touched(job, run) && code != CLI_PORT && code != CLI_NO_ANSWER)) {
        if (code == CLI_OK && run->out != NULL) {
            fputc('\n', run->out);
            flash_summary_tell(run, job->count);
        }
        if (code == CLI_OK && run->is_left_open) {
            session_hand_over(session);
            return code;
        }
        cli_exit_t finish_code = session_finish(session);
        return code != CLI_OK ? code : finish_code;
    }
    session_close(session);
    return code;
}

void flash_run_free(flash_run_t *run)
{
    free(run->images);
    run->images = NULL;
    free(run->reports);
    run->reports = NULL;
    notes_free(&run->notes);
}

cli_exit_t flash_job_run(const flash_job_t *job, flash_run_t *run)
{
    uint8_t *buffer = malloc(BLOCK_BUFFER_SIZE);

    run->images = calloc(job->count, sizeof(*run->images));
    run->reports = calloc(job->count, sizeof(*run->reports));
    run->stamps = stamp_files(job);
    if (buffer == NULL || run->images == NULL || run->reports == NULL || run->stamps == NULL) {
        report_labelled_line(run->label, "out of memory");
        free(run->stamps);
        free(buffer);
        return CLI_OTHER;
    }
    flash_job_t own = *job;
    own.images = run->images;
    for (size_t i = 0; i < job->count; i++) {
        run->images[i] = job->images[i];
    }
    run->progress = (progress_t){.out = run->out,
                                 .is_live = screen_is_live(run->out),
                                 .images = run->images,
                                 .reports = run->reports,
                                 .count = job->count};
    const esp_loader_deflater_t deflater = deflate_cache_deflater(job->deflated);
    esp_loader_plan_options_t options = {.buffer = buffer,
                                         .buffer_size = BLOCK_BUFFER_SIZE,
                                         .skip_verify = job->skip_verify,
                                         .rewrite_equal = job->is_rewrite,
                                         .on_event = flash_events_tell,
                                         .is_cancelled = cancel_is_requested,
                                         .ctx = run,
                                         .partition_table_offset = job->session.table_offset,
                                         .deflater = job->deflated != NULL ? &deflater : NULL,
                                         .content_is_checked = is_still_checked(job),
                                         .pieces = job->has_large_pieces ? &run->pieces : NULL,
                                         .keep_rate = run->session.options->rate_baud != 0,
                                         .rate = &run->session.rate.options};

    run->pieces = (esp_loader_pieces_t){.code = &esp_loader_pieces_64};
    const uint64_t started_ms = clock_now_ms();
    cli_exit_t code = session_open(&run->session, run->label);
    run->connect_ms = clock_now_ms() - started_ms;
    code = code == CLI_OK ? flash_target(&own, run, &options) : code;
    if (code != CLI_OK) {
        memcpy(run->session.message, report_message(), sizeof(run->session.message));
    }
    free(run->stamps);
    free(buffer);
    return code;
}
