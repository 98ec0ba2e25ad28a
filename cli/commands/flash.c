/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader flash: writes files to flash as one checked plan.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "commands/command.h"
#include "flash/flash_content.h"
#include "flash/flash_report.h"
#include "session/json_report.h"

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

static cli_exit_t run_flash(void *state, operands_t operands)
{
    flash_job_t *job = state;
    char error[OPTION_ERROR_SIZE];

    if (!flash_job_check(job, error)) {
        return command_mistake(COMMAND_FLASH, error);
    }
    flash_t flash = {
        .job = job,
        .run = {.session.options = &job->session, .out = job->session.is_quiet ? NULL : stdout},
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
    code = json_report_end(&run->session, code, flash_members, &flash);
    flash_run_free(run);
    return code;
}

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    return flash_job_take(state, value, error);
}

static void end(void *state)
{
    flash_job_close(state);
}

const command_t flash_command = {.state_size = sizeof(flash_job_t),
                                 .session_offset = offsetof(flash_job_t, session),
                                 .take = take_option,
                                 .run = run_flash,
                                 .end = end};
