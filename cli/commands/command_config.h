/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Options of files for a command: which files are asked, and saying that they were.
 */
#ifndef CLI_COMMAND_CONFIG_H
#define CLI_COMMAND_CONFIG_H

#include "config/config.h"
#include "session/session_options.h"

/** Reads the files for a command, if it takes options of files, as --config, --no-config and their variables say.
 *  @param values  of the command line */
cli_exit_t command_config_load(config_t *config, command_id_t id, const option_value_t *values, size_t count);

/** Says which options the files have given, once what they are is known. */
void command_config_tell(const config_t *config, const session_options_t *options);

#endif
