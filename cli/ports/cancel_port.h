/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A port whose waits end when the user asks the program to stop.
 */
#ifndef CLI_CANCEL_PORT_H
#define CLI_CANCEL_PORT_H

#include "ports/port_open.h"

/** Makes every wait of an opened port look at cancel_is_due(): reading and writing fail with CANCELLED then,
 * so that whatever the library is at ends with that cause. The port chooses its entries when it is opened:
 * call it after that, every time. */
void cancel_port_begin(cli_port_t *port);

/** From now on requests are ignored: the target is left in good order. */
void cancel_port_end(cli_port_t *port);

#endif
