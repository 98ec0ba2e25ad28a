/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Walking through the words of one command.
 */
#include "commands/command_line.h"

#include <stdio.h>

cli_exit_t command_line_mistake(const command_t *command, const char *sentence)
{
    report_line("%s (see esp-loader help %s)", sentence, command->name);
    return CLI_USAGE;
}

static bool take(const command_line_t *line, session_options_t *session, int id, const char *value,
                 char error[ARGS_ERROR_SIZE])
{
    if (id == OPTION_PORT && line->take_port != NULL) {
        return line->take_port(line->ctx, value, error);
    }
    return id < SESSION_OPTION_COUNT ? session_options_take(session, id, value, error)
                                     : line->take(line->ctx, id, value, error);
}

static bool stop(const command_line_t *line, const char *sentence, cli_exit_t *out_code)
{
    *out_code = command_line_mistake(line->command, sentence);
    return false;
}

bool command_line_parse(const command_line_t *line, int argc, char *const *argv, session_options_t *session,
                        const char **operands, size_t *out_operand_count, cli_exit_t *out_code)
{
    args_t args = {.options = line->options, .option_count = line->option_count, .argc = argc, .argv = argv};
    char error[ARGS_ERROR_SIZE];
    size_t count = 0;
    int id;

    session_options_init(session);
    while ((id = args_next(&args)) != ARGS_END) {
        if (id == OPTION_HELP) {
            fputs(line->command->help, stdout);
            *out_code = CLI_OK;
            return false;
        }
        if (id == ARGS_ERROR) {
            return stop(line, args.error, out_code);
        }
        if (id == ARGS_OPERAND) {
            if (count == line->operand_max) {
                return stop(line, line->operands_wanted, out_code);
            }
            operands[count++] = args.value;
        } else if (!take(line, session, id, args.value, error)) {
            return stop(line, error, out_code);
        }
    }
    if (count < line->operand_min) {
        return stop(line, line->operands_wanted, out_code);
    }
    if (!line->needs_no_port && !session_options_check(session, error)) {
        return stop(line, error, out_code);
    }
    *out_operand_count = count;
    return true;
}
