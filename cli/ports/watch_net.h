/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A network port on which boards come and go. Nothing announces them there: a board is there when it answers. A thread
 * of its own asks, with a reset, until one does; then it leaves the port to the job that flashes. A board that has had its
 * turn is never reset again, since its application may be at its first start: it is gone when the server closes the
 * connection or, if it was left in download mode, when it answers no more or is another one.
 */
#ifndef CLI_WATCH_NET_H
#define CLI_WATCH_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "ports/port_open.h"

typedef struct watch_net_s watch_net_t;

/** Begins to look for a board at @p url, a port that cli_port_prepare() takes, which must stay valid.
 *  @param how  as the board is connected to
 *  @return NULL if there is no memory */
watch_net_t *watch_net_start(const char *url, cli_connect_t how);

/** Is a board there? From then on the port is free, until watch_net_finish(). */
bool watch_net_is_there(const watch_net_t *net);

/** The board has had its turn.
 *  @param is_in_download_mode  it can be asked whether it is still there */
void watch_net_finish(watch_net_t *net, bool is_in_download_mode);

/** Ends and frees it; waits for an attempt to connect that is under way, at most some seconds. NULL is allowed. */
void watch_net_stop(watch_net_t *net);

#endif
