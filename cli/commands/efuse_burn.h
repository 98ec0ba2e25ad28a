/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader efuse burn-...: shows every bit, asks, burns step by step, and keeps a journal of it.
 */
#ifndef CLI_EFUSE_BURN_H
#define CLI_EFUSE_BURN_H

#include "commands/command.h"
#include "efuse/burn_request.h"
#include "session/session_options.h"

typedef struct {
    bool is_dry_run, is_forced, no_write_protect, no_read_protect;
    const char *yes_mac; /**< NULL = ask */
    const char *journal; /**< NULL = in the user's folder */
} burn_options_t;

/** Takes an option of burning; false: it is another. */
bool burn_options_take(burn_options_t *options, const option_value_t *value);
bool burn_options_are_set(const burn_options_t *options);

/** The command. @p operands  after its name */
cli_exit_t efuse_burn(session_options_t *session, const burn_options_t *options, burn_kind_t kind,
                      operands_t operands);

#endif
