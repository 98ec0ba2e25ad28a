/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port that goes on listening while the library resets the target, and changes its rate in the middle of it: what the
 * target prints as soon as it starts is not lost.
 */
#ifndef CLI_CAPTURE_PORT_H
#define CLI_CAPTURE_PORT_H

#include "ports/port_open.h"

/** From now on waiting between two changes of the lines is reading, for @p sink; and as soon as the target is held in
 * reset the host is at @p rate_baud, 0 = as before. The port is open. */
void capture_port_begin(cli_port_t *port, uint32_t rate_baud, capture_sink_t sink);

/** The port's own entries again. */
void capture_port_end(cli_port_t *port);

#endif
