/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stopping on request: Ctrl-C, and the signals that ask a program to end.
 */
#ifndef CLI_CANCEL_H
#define CLI_CANCEL_H

#include <stdbool.h>

/** From now on the first SIGINT, SIGTERM or SIGHUP only sets a flag; a second one ends the program at once.
 */
void cancel_catch_signals(void);

/** Asks the work to end, as a signal does. May be called by a signal handler. */
void cancel_request(void);

/** Ask between two steps: true ends the work in good order. is_cancelled() of a plan; @p ctx is not used. */
bool cancel_is_requested(void *ctx);

/** Ask while waiting for a step to end: the request is so old (0.5 s) that the step is given up. */
bool cancel_is_due(void);

#endif
