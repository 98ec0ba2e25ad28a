/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader flash: writes files to flash as one checked plan.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cancel.h"
#include "command.h"
#include "flash_params.h"
#include "image_file.h"
#include "number.h"
#include "progress.h"
#include "session.h"

enum { BLOCK_BUFFER_SIZE = 16384 };

enum {
    OPTION_VERIFY = SESSION_OPTION_COUNT,
    OPTION_NO_VERIFY,
    OPTION_REWRITE,
    OPTION_FORCE_RAW,
    OPTION_FLASH_MODE,
    OPTION_FLASH_FREQ,
    OPTION_FLASH_SIZE
};

static const args_option_t option_table[] = {
    SESSION_OPTIONS,
    {"verify", 0, false, OPTION_VERIFY},
    {"no-verify", 0, false, OPTION_NO_VERIFY},
    {"rewrite", 0, false, OPTION_REWRITE},
    {"force-raw", 0, false, OPTION_FORCE_RAW},
    {"flash-mode", 0, true, OPTION_FLASH_MODE},
    {"flash-freq", 0, true, OPTION_FLASH_FREQ},
    {"flash-size", 0, true, OPTION_FLASH_SIZE},
};

static const char help_text[] =
    "usage: esp-loader flash --port PORT [options] OFFSET FILE [OFFSET FILE ...]\n"
    "\n"
    "Writes each FILE to the flash at OFFSET, a multiple of 4096 (decimal or 0x..., with k or M).\n"
    "Everything is checked before the first erase: that the images do not share a sector, are\n"
    "complete, fit the partition table among them, this chip and its flash. Images the flash holds\n"
    "already are not written again. What is written is compared by MD5.\n"
    "\n"
    "options:\n" SESSION_OPTIONS_HELP "      --verify          compare after writing (default)\n"
    "      --no-verify       do not\n"
    "      --rewrite         write also what the flash holds already\n"
    "      --force-raw       do not look into the files: no check of headers, chip and partitions\n"
    "      --flash-mode M    write qio, qout, dio or dout into the bootloader's header\n"
    "      --flash-freq F    the same for the frequency, e.g. 80m (depends on the chip)\n"
    "      --flash-size S    the same for the size, e.g. 4MB; detect = that of the flash chip\n"
    "                        (all three: keep = leave what the file says, the default)\n";

/** The command line, parsed, and the files, open. */
typedef struct {
    session_options_t session;
    bool skip_verify;
    bool is_rewrite;
    bool is_raw;
    flash_params_text_t params;
    image_file_t *files; /* count of each */
    esp_loader_image_t *images;
    esp_loader_image_report_t *reports;
    size_t count;
} job_t;

/* ---- command line ---- */

/** Takes OFFSET or FILE, the operand number @p index; false after reporting. */
static bool take_operand(job_t *job, size_t index, const char *text, cli_exit_t *out_code)
{
    esp_loader_image_t *image = &job->images[index / 2];
    image_file_t *file = &job->files[index / 2];

    if (index % 2 == 0) {
        if (number_parse(text, &image->offset)) {
            return true;
        }
        report_line("'%s' is no flash offset", text);
        *out_code = CLI_USAGE;
        return false;
    }
    const char *reason = image_file_open(file, text);
    if (reason != NULL) {
        report_line("cannot read %s: %s", text, reason);
        *out_code = CLI_INPUT;
        return false;
    }
    image->name = file->name;
    image->source = image_file_source(file);
    image->is_raw = job->is_raw;
    job->count = index / 2 + 1;
    return true;
}

static bool take_option(job_t *job, int id, const char *value, char error[ARGS_ERROR_SIZE])
{
    switch (id) {
    case OPTION_VERIFY:
        job->skip_verify = false;
        return true;
    case OPTION_NO_VERIFY:
        job->skip_verify = true;
        return true;
    case OPTION_REWRITE:
        job->is_rewrite = true;
        return true;
    case OPTION_FORCE_RAW:
        job->is_raw = true;
        return true;
    case OPTION_FLASH_MODE:
        job->params.mode = value;
        return true;
    case OPTION_FLASH_FREQ:
        job->params.freq = value;
        return true;
    case OPTION_FLASH_SIZE:
        job->params.size = value;
        return true;
    default:
        return session_options_take(&job->session, id, value, error);
    }
}

static cli_exit_t usage_error(const char *sentence)
{
    report_line("%s (see esp-loader help flash)", sentence);
    return CLI_USAGE;
}

/** Parses options only; operands are kept in @p operands, which holds @p argc. CLI_OK goes on. */
static cli_exit_t parse_options(job_t *job, int argc, char *const *argv, const char **operands,
                                size_t *out_operand_count, bool *out_is_help)
{
    args_t args = {.options = option_table,
                   .option_count = sizeof(option_table) / sizeof(option_table[0]),
                   .argc = argc,
                   .argv = argv};
    char error[ARGS_ERROR_SIZE];
    int id;

    while ((id = args_next(&args)) != ARGS_END) {
        if (id == ARGS_ERROR) {
            return usage_error(args.error);
        }
        if (id == OPTION_HELP) {
            *out_is_help = true;
            return CLI_OK;
        }
        if (id == ARGS_OPERAND) {
            operands[(*out_operand_count)++] = args.value;
        } else if (!take_option(job, id, args.value, error)) {
            return usage_error(error);
        }
    }
    const char *unknown = flash_params_find_unknown(&job->params);
    if (unknown != NULL) {
        snprintf(error, sizeof(error), "no chip has the given value of --%s", unknown);
        return usage_error(error);
    }
    if (!session_options_check(&job->session, error)) {
        return usage_error(error);
    }
    if (*out_operand_count == 0 || *out_operand_count % 2 != 0) {
        return usage_error("give pairs of OFFSET and FILE");
    }
    return CLI_OK;
}

/* ---- work ---- */

/** Says what an interrupted or failed run left behind. */
static void print_leftovers(const job_t *job)
{
    bool is_touched = false;

    for (size_t i = 0; i < job->count; i++) {
        const esp_loader_image_report_t *report = &job->reports[i];
        const char *name = job->images[i].name;
        const unsigned offset = (unsigned)job->images[i].offset;

        if (report->result == ESP_LOADER_IMAGE_NOT_STARTED) {
            report_line("%s at 0x%08x: not started", name, offset);
        } else if (report->result != ESP_LOADER_IMAGE_FAILED) {
            report_line("%s at 0x%08x: complete", name, offset);
            is_touched = is_touched || report->sectors_erased != 0;
        } else if (report->sectors_erased != 0 || report->bytes_sent != 0) {
            report_line("%s at 0x%08x: erased and incomplete, do not run it; flash it again", name, offset);
            is_touched = true;
        } else {
            report_line("%s at 0x%08x: not written", name, offset);
        }
    }
    if (!is_touched) {
        report_line("nothing was erased");
    }
}

static bool is_flash_touched(const job_t *job)
{
    for (size_t i = 0; i < job->count; i++) {
        if (job->reports[i].sectors_erased != 0) {
            return true;
        }
    }
    return false;
}

static cli_exit_t run_plan(job_t *job, session_t *session, const esp_loader_plan_options_t *options)
{
    progress_t *progress = options->ctx;

    cancel_catch_signals();
    esp_loader_error_t error =
        esp_loader_plan_run(&session->loader, job->images, job->count, options, job->reports);
    cancel_release_signals();
    if (error == ESP_LOADER_SUCCESS) {
        return CLI_OK;
    }
    if (progress->out != NULL) {
        progress_end_line(progress);
        fflush(progress->out);
    }
    cli_exit_t code = session_failure(session);
    if (is_flash_touched(job) || code == CLI_CANCELLED) {
        print_leftovers(job);
    }
    return code;
}

/** Connects, flashes, and leaves the target. */
static cli_exit_t flash_target(job_t *job, esp_loader_plan_options_t *options)
{
    esp_loader_flash_params_t params;
    session_t session;

    cli_exit_t code = session_open(&session, &job->session);
    if (code != CLI_OK) {
        return code;
    }
    session.context.images = job->images;
    session.context.image_count = job->count;
    if (flash_params_are_wanted(&job->params)) {
        const char *unknown =
            flash_params_encode(&job->params, session.context.chip, session.context.flash_size, &params);
        if (unknown != NULL) {
            report_line("the %s has no such --%s", esp_loader_chip_name(session.context.chip), unknown);
            session_close(&session);
            return CLI_TARGET;
        }
        options->flash_params = &params;
    }
    code = run_plan(job, &session, options);
    /* A target that was not touched gets its application back; one half-written must not run it. */
    if (code == CLI_OK || (!is_flash_touched(job) && code != CLI_PORT && code != CLI_NO_ANSWER)) {
        if (code == CLI_OK && !job->session.is_quiet) {
            putchar('\n');
        }
        cli_exit_t finish_code = session_finish(&session);
        return code != CLI_OK ? code : finish_code;
    }
    session_close(&session);
    return code;
}

static cli_exit_t flash_files(job_t *job)
{
    static uint8_t buffer[BLOCK_BUFFER_SIZE];
    const report_context_t unconnected = {.images = job->images, .image_count = job->count};
    esp_loader_error_detail_t detail;
    progress_t progress = {.out = job->session.is_quiet ? NULL : stdout,
                           .is_live = isatty(STDOUT_FILENO) == 1,
                           .reports = job->reports,
                           .count = job->count};
    esp_loader_plan_options_t options = {.buffer = buffer,
                                         .buffer_size = sizeof(buffer),
                                         .skip_verify = job->skip_verify,
                                         .rewrite_equal = job->is_rewrite,
                                         .on_event = progress_on_event,
                                         .is_cancelled = cancel_is_requested,
                                         .ctx = &progress};

    /* What can be refused without a target is refused before the port is opened. */
    if (esp_loader_plan_check(job->images, job->count, &options, &detail) != ESP_LOADER_SUCCESS) {
        return report_failure(&unconnected, &detail);
    }
    cli_exit_t code = flash_target(job, &options);
    if (code == CLI_OK && !job->session.is_quiet) {
        printf("Done!\n");
    }
    return code;
}

static cli_exit_t open_and_flash(job_t *job, const char *const *operands, size_t operand_count)
{
    cli_exit_t code = CLI_OK;

    for (size_t i = 0; i < operand_count; i++) {
        if (!take_operand(job, i, operands[i], &code)) {
            return code;
        }
    }
    return flash_files(job);
}

static cli_exit_t run_flash(int argc, char *const *argv)
{
    const size_t capacity = (size_t)argc + 1; /* never 0 */
    const char **operands = calloc(capacity, sizeof(*operands));
    job_t job = {.files = calloc(capacity, sizeof(*job.files)),
                 .images = calloc(capacity, sizeof(*job.images)),
                 .reports = calloc(capacity, sizeof(*job.reports))};
    size_t operand_count = 0;
    bool is_help = false;
    cli_exit_t code = CLI_OTHER;

    session_options_init(&job.session);
    if (operands == NULL || job.files == NULL || job.images == NULL || job.reports == NULL) {
        report_line("out of memory");
    } else {
        code = parse_options(&job, argc, argv, operands, &operand_count, &is_help);
        if (is_help) {
            fputs(help_text, stdout);
        } else if (code == CLI_OK) {
            code = open_and_flash(&job, operands, operand_count);
        }
    }
    for (size_t i = 0; i < job.count; i++) {
        image_file_close(&job.files[i]);
    }
    free(job.reports);
    free(job.images);
    free(job.files);
    free(operands);
    return code;
}

const command_t flash_command = {
    .name = "flash",
    .summary = "write files to the flash and verify them",
    .help = help_text,
    .run = run_flash,
};
