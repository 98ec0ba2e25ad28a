/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The command line of one command: its options, the common ones, and how many operands it takes.
 */
#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "options/args.h"
#include "commands/command.h"
#include "session/session.h"

typedef struct {
    const command_t *command;
    const args_option_t *options; /**< those of SESSION_OPTIONS among them */
    size_t option_count;
    size_t operand_min, operand_max;
    const char *operands_wanted; /**< what to say when there are more or fewer */
    bool needs_no_port;
    /** Takes an option of the command's own. false and one sentence in @p error when its value makes no
     * sense. NULL = it has none. */
    bool (*take)(void *ctx, int id, const char *value, char error[ARGS_ERROR_SIZE]);
    /** Takes --port, for a command that may have several. NULL = there is one, among the common options. */
    bool (*take_port)(void *ctx, const char *value, char error[ARGS_ERROR_SIZE]);
    void *ctx; /**< passed to both */
} command_line_t;

/** Walks through the words. true: go on. false: nothing more to do, *out_code is the exit code; help has been
 * printed or the mistake reported.
 *  @param operands  room for operand_max */
bool command_line_parse(const command_line_t *line, int argc, char *const *argv, session_options_t *session,
                        const char **operands, size_t *out_operand_count, cli_exit_t *out_code);

/** Reports a mistake on the command line of @p command. */
cli_exit_t command_line_mistake(const command_t *command, const char *sentence);

#endif
