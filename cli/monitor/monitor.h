/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shows what a target prints, and sends it what is typed.
 */
#ifndef CLI_MONITOR_H
#define CLI_MONITOR_H

#include "monitor/monitor_options.h"
#include "session/session.h"

/** Runs until the user, a signal, or one of the options ends it. The port of @p session is open and stays so.
 *  @return OK; CANCELLED after a signal; NO_ANSWER when the text of --exit-on has not come in time; OTHER when the log
 *          file could not be written. All but CANCELLED have been reported. */
cli_exit_t monitor_run(session_t *session, const monitor_options_t *options);

#endif
