/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port that writes down what goes over it. One line for each call: milliseconds, then `>` and the bytes sent, `<` and the
 * bytes received, `lines dtr=0 rts=1`, or `rate 921600`. After the bytes of a whole frame a line that begins with `#` says
 * what it is. The lines without `#` are all that is needed to play the target's part again.
 */
#ifndef CLI_TRACE_PORT_H
#define CLI_TRACE_PORT_H

#include "ports/port_open.h"

/** Begins with an opened port, before cancel_port_begin(). false: @p path cannot be written, errno says why. */
bool trace_port_begin(cli_port_t *port, const char *path);

/** Leaves bytes out from here on, or no longer: they may hold keys. A comment marks the place. */
void trace_port_hide(cli_port_t *port, bool is_hidden);

/** Ends it; harmless when it was not begun. false: not all of it could be written. */
bool trace_port_end(cli_port_t *port);

#endif
