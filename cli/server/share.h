/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A serial device on the network: one loop that waits for the board, the client, and other clients, which are refused.
 */
#ifndef CLI_SHARE_H
#define CLI_SHARE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "server/listener.h"
#include "server/share_client.h"
#include "server/shared_board.h"

typedef struct {
    listener_t listener;   /**< open */
    shared_board_t board;  /**< open at the beginning */
    const char *port;      /**< its name, for people */
    FILE *out;             /**< where clients and the board are told of; NULL = nowhere */
    unsigned client_count; /**< how many have been served */
    /* private */
    share_client_t client;
    char client_name[LISTENER_NAME_SIZE];
    bool is_leaving; /**< the client has left; what it has sent goes to the board until leave_by_us */
    uint64_t leave_by_us;
    bool may_return;     /**< the board has left by itself, the client waits for it */
    uint64_t look_at_us; /**< when to look for the board again */
    uint64_t notify_at_us;
} share_t;

/** Serves clients until Ctrl-C, then releases the lines. What is not private is to be set, and closed by the caller.
 * false: there is no memory, or the listener has failed; errno says which. */
bool share_run(share_t *share);

#endif
