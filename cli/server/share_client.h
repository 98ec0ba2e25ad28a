/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A client of the server: its socket, what is on its way in both directions, and its requests. The buffers are bounded;
 * where one is full, nothing more is read on the side that fills it. Requests are carried out in their order among
 * the bytes: rate, lines and break change when what came before is on the wire. Changes of lines that have arrived
 * together are made together.
 */
#ifndef CLI_SHARE_CLIENT_H
#define CLI_SHARE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/byte_queue.h"
#include "server/com_port.h"
#include "server/shared_board.h"
#include "server/telnet.h"

enum {
    SHARE_SOCKET_SIZE = 16384, /**< bytes from the socket, not decoded yet */
    SHARE_BOARD_SIZE = 65536,  /**< for the board */
    SHARE_CLIENT_SIZE =
        262144 /**< from the board, and again encoded: a client that stops reading for a while loses nothing */
};

typedef struct {
    int fd; /**< -1 = there is none */
    byte_queue_t in;
    byte_queue_t to_board;
    byte_queue_t from_board;
    byte_queue_t out; /**< encoded, for the socket */
    telnet_t telnet;
    com_port_state_t state;
    bool is_told_modem;     /**< once, as soon as it speaks COM-PORT-OPTION */
    bool is_suspended;      /**< it wants no data for now */
    bool is_at_end;         /**< it has sent everything: what is left goes to the board */
    bool has_dtr, has_rts;  /**< a change of the line waits for one of the other */
    bool is_waiting;        /**< the request below waits for what was sent before it */
    uint64_t wait_until_us; /**< 0 = not known yet */
    com_port_request_t request;
} share_client_t;

/** Makes the buffers; false when there is no memory. */
bool share_client_init(share_client_t *client);
void share_client_free(share_client_t *client);

/** A client has connected. */
void share_client_begin(share_client_t *client, int fd, const shared_board_t *board);

/** Closes its socket. */
void share_client_end(share_client_t *client);

static inline bool share_client_is_there(const share_client_t *client)
{
    return client->fd >= 0;
}

/** Is everything that it has sent with the board? */
bool share_client_is_drained(const share_client_t *client, const shared_board_t *board);

/** Reads from its socket what there is room for. */
void share_client_receive(share_client_t *client);

/** Decodes what was received, as far as there is room, and carries out requests.
 *  @param now_us  posix_now_us() */
void share_client_decode(share_client_t *client, shared_board_t *board, uint64_t now_us);

/** Encodes what the board has sent, and sends it. false: the client is gone. */
bool share_client_send(share_client_t *client);

/** Tells it changes of modem lines and errors of the serial line. */
void share_client_notify(share_client_t *client, shared_board_t *board);

#endif
