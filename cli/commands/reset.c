/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader reset: connects and leaves the target, which runs its application then.
 */
#define _GNU_SOURCE
#include "commands/command_line.h"
#include "session/json_report.h"

static const args_option_t option_table[] = {SESSION_OPTIONS};

static const char help_text[] =
    "usage: esp-loader reset --port PORT [options]\n"
    "\n"
    "Resets the target so that it runs its application, also out of download mode and out of a\n"
    "flasher stub. With --after stay the other way round: it is in download mode then.\n"
    "\n"
    "options:\n" SESSION_OPTIONS_HELP;

/** There is nothing to do but what follows. */
static cli_exit_t do_nothing(session_t *session, void *ctx)
{
    (void)session;
    (void)ctx;
    return CLI_OK;
}

static json_t *reset_members(const session_t *session, const void *ctx)
{
    static const char *const states[] = {[SESSION_LEFT_RUNNING] = "application",
                                         [SESSION_LEFT_IN_DOWNLOAD_MODE] = "download mode",
                                         [SESSION_LEFT_AS_IT_IS] = "not reset"};

    (void)ctx;
    return json_pack("{s:s*}", "state", states[session->left]);
}

static cli_exit_t run_reset(int argc, char *const *argv)
{
    const command_line_t line = {.command = &reset_command,
                                 .options = option_table,
                                 .option_count = sizeof(option_table) / sizeof(option_table[0]),
                                 .operands_wanted = "reset takes no operands"};
    session_options_t options;
    session_t session = {.options = &options};
    size_t operand_count;
    cli_exit_t code;

    if (!command_line_parse(&line, argc, argv, &options, NULL, &operand_count, &code)) {
        return code;
    }
    options.is_stub_off = !options.is_stay_after || options.is_stub_off; /* not worth loading one for this */
    code = session_run(&session, do_nothing, NULL);
    return json_report_end(&session, code, reset_members, NULL);
}

const command_t reset_command = {
    .name = "reset",
    .summary = "run the application",
    .help = help_text,
    .run = run_reset,
};
