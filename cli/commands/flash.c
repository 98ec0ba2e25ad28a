/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader flash: writes files to flash as one checked plan.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "commands/command_line.h"
#include "flash/flash_content.h"
#include "flash/flash_report.h"
#include "session/json_report.h"

static const args_option_t option_table[] = {SESSION_OPTIONS, FLASH_OPTIONS};

static const char help_text[] =
    "usage: esp-loader flash --port PORT [options] OFFSET FILE [OFFSET FILE ...]\n"
    "       esp-loader flash --port PORT [options] --project DIR\n"
    "\n"
    "Writes each FILE to the flash at OFFSET, a multiple of 4096 (decimal or 0x..., with k or M).\n"
    "Everything is checked before the first erase: that the images do not share a sector, are\n"
    "complete, fit the partition table among them or else that in the flash, this chip and its\n"
    "flash. Sectors that the flash holds already are not written again. What is written is compared\n"
    "by MD5. To a stub over a UART or a network it is sent compressed.\n"
    "\n"
    "options:\n" SESSION_OPTIONS_HELP FLASH_OPTIONS_HELP;

typedef struct {
    const flash_job_t *job;
    flash_run_t run;
} flash_t;

static bool take_option(void *ctx, int id, const char *value, char error[ARGS_ERROR_SIZE])
{
    return flash_job_take(ctx, id, value, error);
}

static json_t *flash_members(const session_t *session, const void *ctx)
{
    const flash_t *flash = ctx;

    (void)session;
    return json_pack("{s:o, s:o*}", "images", flash_report_images(flash->job, &flash->run), "notes",
                     flash_report_notes(flash->job, &flash->run));
}

static cli_exit_t open_and_flash(flash_job_t *job, const char *const *operands, size_t operand_count)
{
    char error[ARGS_ERROR_SIZE];

    if (!flash_job_check(job, error)) {
        return command_line_mistake(&flash_command, error);
    }
    flash_t flash = {
        .job = job,
        .run = {.session.options = &job->session, .out = job->session.is_quiet ? NULL : stdout},
    };
    flash_run_t *run = &flash.run;
    cli_exit_t code = flash_job_open(job, operands, operand_count);
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

static cli_exit_t run_flash(int argc, char *const *argv)
{
    const char **operands = calloc((size_t)argc + 1, sizeof(*operands)); /* never 0 */
    flash_job_t job;
    const command_line_t line = {.command = &flash_command,
                                 .options = option_table,
                                 .option_count = sizeof(option_table) / sizeof(option_table[0]),
                                 .operand_max = SIZE_MAX,
                                 .take = take_option,
                                 .ctx = &job};
    size_t count;
    cli_exit_t code;

    if (operands == NULL) {
        report_line("out of memory");
        return CLI_OTHER;
    }
    flash_job_init(&job);
    if (command_line_parse(&line, argc, argv, &job.session, operands, &count, &code)) {
        code = open_and_flash(&job, operands, count);
    }
    flash_job_close(&job);
    free(operands);
    return code;
}

const command_t flash_command = {
    .name = "flash",
    .summary = "write files to the flash and verify them",
    .help = help_text,
    .run = run_flash,
};
