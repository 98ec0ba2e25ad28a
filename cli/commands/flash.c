/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader flash: writes files to flash as one checked plan, and shows then what the target prints, if wanted.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "commands/command.h"
#include "flash/flash_content.h"
#include "flash/flash_report.h"
#include "monitor/monitor.h"
#include "session/json_report.h"

typedef struct {
    flash_job_t job;
    bool is_monitored;
    monitor_options_t monitor;
} options_t;

typedef struct {
    const flash_job_t *job;
    flash_run_t run;
} flash_t;

static json_t *flash_members(const session_t *session, const void *ctx)
{
    const flash_t *flash = ctx;

    (void)session;
    return json_pack("{s:o, s:o*}", "images", flash_report_images(flash->job, &flash->run), "notes",
                     flash_report_notes(flash->job, &flash->run));
}

static bool check(const options_t *options, char error[OPTION_ERROR_SIZE])
{
    const session_options_t *session = &options->job.session;

    if (!flash_job_check(&options->job, error)) {
        return false;
    }
    if (!options->is_monitored) {
        return true;
    }
    if (session->is_json || session->is_stay_after) {
        snprintf(error, OPTION_ERROR_SIZE, "--monitor does not go together with %s",
                 session->is_json ? "--json and --json-events" : "--after stay");
        return false;
    }
    return monitor_options_check(&options->monitor, session, error);
}

/** Nothing that the target prints from its reset on is lost: the port stays open. */
static cli_exit_t monitor(const options_t *options, session_t *session)
{
    cli_exit_t code = monitor_run(session, &options->monitor);

    session_close(session);
    return code;
}

static cli_exit_t run_flash(void *state, operands_t operands)
{
    options_t *options = state;
    flash_job_t *job = &options->job;
    char error[OPTION_ERROR_SIZE];

    if (!check(options, error)) {
        return command_mistake(COMMAND_FLASH, error);
    }
    flash_t flash = {
        .job = job,
        .run = {.session.options = &job->session,
                .out = job->session.is_quiet ? NULL : stdout,
                .is_left_open = options->is_monitored},
    };
    flash_run_t *run = &flash.run;
    cli_exit_t code = flash_job_open(job, operands.words, operands.count);
    if (code == CLI_OK) {
        code = flash_job_run(job, run);
    } else {
        run->session.failure = job->failure;
    }
    if (code == CLI_OK) {
        flash_content_note(job);
    }
    if (code == CLI_OK && run->out != NULL) {
        fputs("Done!\n", run->out);
    }
    if (code == CLI_OK && options->is_monitored) {
        code = monitor(options, &run->session);
    }
    code = json_report_end(&run->session, code, flash_members, &flash);
    flash_run_free(run);
    return code;
}

static bool begin(void *state, size_t word_count)
{
    options_t *options = state;

    (void)word_count;
    monitor_options_init(&options->monitor);
    return true;
}

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    options_t *options = state;

    if (value->option->id == OPTION_MONITOR) {
        options->is_monitored = true;
        return true;
    }
    return monitor_options_has(value) ? monitor_options_take(&options->monitor, value, error)
                                      : flash_job_take(&options->job, value, error);
}

static void end(void *state)
{
    options_t *options = state;

    flash_job_close(&options->job);
}

const command_t flash_command = {.state_size = sizeof(options_t),
                                 .session_offset = offsetof(options_t, job.session),
                                 .begin = begin,
                                 .take = take_option,
                                 .run = run_flash,
                                 .end = end};
