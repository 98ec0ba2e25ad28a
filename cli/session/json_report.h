/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a run came to, for programs: one JSON object on standard output. What all commands have in common is
 * made here, each command adds its own members. docs/cli.md lists them.
 */
#ifndef CLI_JSON_REPORT_H
#define CLI_JSON_REPORT_H

#include <jansson.h>

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
 * object with exit code and message, unless one was printed. */
void json_report_failure(cli_exit_t code);

/** Says that no such object is wanted: the command prints one for each board, and what follows is no board's.
 */
void json_report_done(void);

/** An array of @p count objects; NULL when one of them, or the array, cannot be made. */
json_t *json_report_array(size_t count, json_t *(*make)(const void *ctx, size_t index), const void *ctx);

/** Name, offset and size of an image, and what became of it; @p result NULL = nothing. */
json_t *json_report_image(const esp_loader_image_t *image, const char *result);

/** A number, or NULL: json_pack()'s "o*" leaves it out. */
json_t *json_report_number(uint32_t number, bool is_known);

/** Bytes as hexadecimal digits. */
json_t *json_report_hex(const uint8_t *bytes, size_t size);

/** The same as "02:00:...", for addresses. */
json_t *json_report_address(const uint8_t *bytes, size_t size);

/** Text that somebody else has chosen, which may hold anything: '?' for each byte that is not UTF-8. */
json_t *json_report_name(const char *text);

/** The same, or NULL when it is empty. */
json_t *json_report_text(const char *text);

#endif
