/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a run came to, for programs: one JSON object on standard output. What all commands have in common is
 * made here, each command adds its own members. docs/cli.md lists them.
 */
#ifndef CLI_JSON_REPORT_H
#define CLI_JSON_REPORT_H

#include <jansson.h>

#include "session/json_report_values.h"
#include "session/session.h"

/** Makes an object with a command's own members; NULL when there is no memory. */
typedef json_t *(*json_members_t)(const session_t *session, const void *ctx);

/** Ends a run: prints its report if --json asks for one, but for a mistake on the command line.
 *  @return @p code; OTHER, after a sentence, when that is OK and the report could not be made or printed */
cli_exit_t json_report_end(const session_t *session, cli_exit_t code, json_members_t members,
                           const void *ctx);

/** A run with a target from beginning to end: session_run() with @p work, then its report. */
cli_exit_t json_report_run(const session_options_t *options,
                           cli_exit_t (*work)(session_t *session, void *ctx), json_members_t members,
                           void *ctx);

/** The same as json_report_end() on one line, for a command that prints several. */
cli_exit_t json_report_line(const session_t *session, cli_exit_t code, json_members_t members,
                            const void *ctx);

/** Ends a run that has failed before a report could be made, as a mistake on the command line does: prints an
 * object with exit code and message, unless one was printed.
 *  @param is_event  as --json-events asks for it */
void json_report_failure(cli_exit_t code, bool is_event);

/** Says that no such object is wanted: the command prints one for each board, and what follows is no board's.
 */
void json_report_done(void);

#endif
