/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader reset: connects and leaves the target, which runs its application then.
 */
#define _GNU_SOURCE
#include "commands/command.h"
#include "session/json_report.h"

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

static cli_exit_t run_reset(void *state, operands_t operands)
{
    session_options_t *options = state;

    (void)operands;
    options->is_stub_off =
        !options->is_stay_after || options->is_stub_off; /* not worth loading one for this */
    return json_report_run(options, do_nothing, reset_members, NULL);
}

const command_t reset_command = {.state_size = sizeof(session_options_t), .run = run_reset};
