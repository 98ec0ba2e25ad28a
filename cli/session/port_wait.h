/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Waiting for a port that is not there yet: --wait.
 */
#ifndef CLI_PORT_WAIT_H
#define CLI_PORT_WAIT_H

#include <stdbool.h>

#include "session/session.h"

/** After looking for the port in vain: is it to be looked for again? Has said what is waited for, once, and waited a
 * little.
 *  @param error  why it could not be opened; PORT_NOT_FOUND when there is no board */
bool port_wait_more(session_t *session, esp_loader_error_t error);

/** After the last look: was the waiting interrupted? CLI_OK = it was not; CLI_CANCELLED has been reported. */
cli_exit_t port_wait_end(session_t *session);

#endif
