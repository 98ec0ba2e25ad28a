/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Help for a terminal of 80 columns, made of the tables of commands and options.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdbool.h>
#include <stdio.h>

#include "options/command_info.h"

/** The list of commands. */
void help_print_program(FILE *out);

/** What a command does and its options.
 *  @param is_all  those that are rarely needed too, and everything there is to know about each */
void help_print_command(FILE *out, command_id_t id, bool is_all);

#endif
