/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader flash: writes files to flash as one checked plan.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "flash_job.h"

static const args_option_t option_table[] = {SESSION_OPTIONS, FLASH_OPTIONS};

static const char help_text[] =
    "usage: esp-loader flash --port PORT [options] OFFSET FILE [OFFSET FILE ...]\n"
    "\n"
    "Writes each FILE to the flash at OFFSET, a multiple of 4096 (decimal or 0x..., with k or M).\n"
    "Everything is checked before the first erase: that the images do not share a sector, are\n"
    "complete, fit the partition table among them, this chip and its flash. Images the flash holds\n"
    "already are not written again. What is written is compared by MD5.\n"
    "\n"
    "options:\n" SESSION_OPTIONS_HELP FLASH_OPTIONS_HELP;

static cli_exit_t usage_error(const char *sentence)
{
    report_line("%s (see esp-loader help flash)", sentence);
    return CLI_USAGE;
}

/** Parses options only; operands are kept in @p operands, which holds @p argc. CLI_OK goes on. */
static cli_exit_t parse_options(flash_job_t *job, int argc, char *const *argv, const char **operands,
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
        } else if (!flash_job_take(job, id, args.value, error)) {
            return usage_error(error);
        }
    }
    if (!flash_job_check(job, error) || !session_options_check(&job->session, error)) {
        return usage_error(error);
    }
    return CLI_OK;
}

static cli_exit_t open_and_flash(flash_job_t *job, const char *const *operands, size_t operand_count)
{
    flash_run_t run = {
        .session = &job->session,
        .out = job->session.is_quiet ? NULL : stdout,
        .catches_signals = true,
    };

    cli_exit_t code = flash_job_open(job, operands, operand_count);
    if (code != CLI_OK) {
        return code;
    }
    code = flash_job_run(job, &run);
    if (code == CLI_OK && run.out != NULL) {
        fputs("Done!\n", run.out);
    }
    free(run.reports);
    return code;
}

static cli_exit_t run_flash(int argc, char *const *argv)
{
    const char **operands = calloc((size_t)argc + 1, sizeof(*operands)); /* never 0 */
    size_t operand_count = 0;
    bool is_help = false;
    flash_job_t job;

    if (operands == NULL) {
        report_line("out of memory");
        return CLI_OTHER;
    }
    flash_job_init(&job);
    cli_exit_t code = parse_options(&job, argc, argv, operands, &operand_count, &is_help);
    if (is_help) {
        fputs(help_text, stdout);
    } else if (code == CLI_OK) {
        code = open_and_flash(&job, operands, operand_count);
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
