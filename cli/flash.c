/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader flash: writes files to flash as one checked plan.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "command_line.h"
#include "flash_job.h"
#include "json_report.h"

enum { OPTION_JSON = FLASH_OPTION_COUNT };

static const args_option_t option_table[] = {SESSION_OPTIONS, FLASH_OPTIONS, {"json", 0, false, OPTION_JSON}};

static const char help_text[] =
    "usage: esp-loader flash --port PORT [options] OFFSET FILE [OFFSET FILE ...]\n"
    "       esp-loader flash --port PORT [options] --project DIR\n"
    "\n"
    "Writes each FILE to the flash at OFFSET, a multiple of 4096 (decimal or 0x..., with k or M).\n"
    "Everything is checked before the first erase: that the images do not share a sector, are\n"
    "complete, fit the partition table among them, this chip and its flash. Sectors that the flash\n"
    "holds already are not written again. What is written is compared by MD5. To a stub over a\n"
    "UART or a network it is sent compressed.\n"
    "\n"
    "options:\n" SESSION_OPTIONS_HELP FLASH_OPTIONS_HELP
    "      --json            print nothing but the outcome, as one JSON object\n";

typedef struct {
    flash_job_t job;
    bool is_json;
} flash_t;

static bool take_option(void *ctx, int id, const char *value, char error[ARGS_ERROR_SIZE])
{
    flash_t *flash = ctx;

    if (id == OPTION_JSON) {
        flash->is_json = true;
        return true;
    }
    return flash_job_take(&flash->job, id, value, error);
}

static cli_exit_t open_and_flash(flash_t *flash, const char *const *operands, size_t operand_count)
{
    flash_job_t *job = &flash->job;
    char error[ARGS_ERROR_SIZE];

    if (!flash_job_check(job, error)) {
        return command_line_mistake(&flash_command, error);
    }
    job->session.is_quiet = job->session.is_quiet || flash->is_json;
    flash_run_t run = {
        .session = &job->session,
        .out = job->session.is_quiet ? NULL : stdout,
        .catches_signals = true,
    };
    cli_exit_t code = flash_job_open(job, operands, operand_count);
    if (code == CLI_OK) {
        code = flash_job_run(job, &run);
    }
    if (code == CLI_OK && run.out != NULL) {
        fputs("Done!\n", run.out);
    }
    if (flash->is_json && code != CLI_USAGE && !json_report_print(job, &run, code) && code == CLI_OK) {
        code = CLI_OTHER;
    }
    free(run.reports);
    return code;
}

static cli_exit_t run_flash(int argc, char *const *argv)
{
    const char **operands = calloc((size_t)argc + 1, sizeof(*operands)); /* never 0 */
    flash_t flash = {0};
    const command_line_t line = {.command = &flash_command,
                                 .options = option_table,
                                 .option_count = sizeof(option_table) / sizeof(option_table[0]),
                                 .operand_max = SIZE_MAX,
                                 .take = take_option,
                                 .ctx = &flash};
    size_t count;
    cli_exit_t code;

    if (operands == NULL) {
        report_line("out of memory");
        return CLI_OTHER;
    }
    flash_job_init(&flash.job);
    if (command_line_parse(&line, argc, argv, &flash.job.session, operands, &count, &code)) {
        code = open_and_flash(&flash, operands, count);
    }
    flash_job_close(&flash.job);
    free(operands);
    return code;
}

const command_t flash_command = {
    .name = "flash",
    .summary = "write files to the flash and verify them",
    .help = help_text,
    .run = run_flash,
};
