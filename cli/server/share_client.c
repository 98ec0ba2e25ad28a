/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Between the socket, the codecs (telnet.c, com_port.c) and the board.
 */
#define _GNU_SOURCE
#include "server/share_client.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rfc2217.h"

enum {
    ESCAPE = 0xFF,
    FRAME_SIZE = 2 * COM_PORT_ANSWER_SIZE + 4, /* an answer, with each byte doubled */
    ANSWERS_SIZE = 4 * FRAME_SIZE,             /* room that data leaves for answers */
    WAIT_MS = 500,                             /* beyond the time that its bytes take */
    BITS_PER_BYTE = 10,
};

static bool make(byte_queue_t *queue, size_t capacity)
{
    *queue = (byte_queue_t){.bytes = malloc(capacity), .capacity = capacity};
    return queue->bytes != NULL;
}

bool share_client_init(share_client_t *client)
{
    *client = (share_client_t){.fd = -1};
    bool is_made = make(&client->in, SHARE_SOCKET_SIZE);
    is_made = make(&client->to_board, SHARE_BOARD_SIZE) && is_made;
    is_made = make(&client->from_board, SHARE_CLIENT_SIZE) && is_made;
    return make(&client->out, SHARE_CLIENT_SIZE) && is_made;
}

void share_client_free(share_client_t *client)
{
    share_client_end(client);
    free(client->in.bytes);
    free(client->to_board.bytes);
    free(client->from_board.bytes);
    free(client->out.bytes);
}

void share_client_begin(share_client_t *client, int fd, const shared_board_t *board)
{
    client->fd = fd;
    client->telnet = (telnet_t){0};
    com_port_init(&client->state);
    client->state.rate_baud = board->tty.rate_baud;
    client->is_told_modem = false;
    client->is_suspended = false;
    client->is_at_end = false;
    client->has_dtr = false;
    client->has_rts = false;
    client->is_waiting = false;
    telnet_greet(&client->telnet, byte_queue_space(&client->out));
    byte_queue_added(&client->out, TELNET_GREETING_SIZE);
}

void share_client_end(share_client_t *client)
{
    if (client->fd >= 0) {
        close(client->fd);
        client->fd = -1;
    }
    byte_queue_clear(&client->in);
    byte_queue_clear(&client->to_board);
    byte_queue_clear(&client->from_board);
    byte_queue_clear(&client->out);
}

bool share_client_is_drained(const share_client_t *client, const shared_board_t *board)
{
    return byte_queue_size(&client->in) == 0 && byte_queue_size(&client->to_board) == 0 &&
           shared_board_unsent(board) == 0;
}

/* ---- towards the client ---- */

/** Puts an answer into its frame; there is room. */
static void queue_answer(share_client_t *client, const uint8_t *answer, size_t size)
{
    static const uint8_t begin[] = {0xFF, 250};
    static const uint8_t end[] = {0xFF, 240};
    uint8_t *out = byte_queue_space(&client->out);
    size_t used = 0;

    if (size == 0) {
        return;
    }
    memcpy(out, begin, sizeof(begin));
    size_t total = sizeof(begin);
    total += rfc2217_escape(answer, size, out + total, FRAME_SIZE - 4, &used);
    memcpy(out + total, end, sizeof(end));
    byte_queue_added(&client->out, total + sizeof(end));
}

/** As much as goes without the room for answers. */
static void encode(share_client_t *client)
{
    size_t room = byte_queue_room(&client->out);
    size_t used = 0;

    if (client->is_suspended || room <= ANSWERS_SIZE) {
        return;
    }
    size_t size = rfc2217_escape(byte_queue_first(&client->from_board), byte_queue_size(&client->from_board),
                                 byte_queue_space(&client->out), room - ANSWERS_SIZE, &used);
    byte_queue_added(&client->out, size);
    byte_queue_drop(&client->from_board, used);
}

bool share_client_send(share_client_t *client)
{
    encode(client);
    while (byte_queue_size(&client->out) > 0) {
        ssize_t sent = send(client->fd, byte_queue_first(&client->out), byte_queue_size(&client->out),
                            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0) {
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        }
        byte_queue_drop(&client->out, (size_t)sent);
        encode(client);
    }
    return true;
}

/* ---- from the client ---- */

void share_client_receive(share_client_t *client)
{
    size_t room = byte_queue_room(&client->in);

    while (room > 0) {
        ssize_t got = recv(client->fd, byte_queue_space(&client->in), room, MSG_DONTWAIT);

        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
            return;
        }
        if (got <= 0) {
            client->is_at_end = true;
            return;
        }
        byte_queue_added(&client->in, (size_t)got);
        room = byte_queue_room(&client->in);
    }
}

/** Changes the lines, if that waits. */
static void set_lines(share_client_t *client, shared_board_t *board, uint64_t now_us)
{
    if (!client->has_dtr && !client->has_rts) {
        return;
    }
    client->has_dtr = false;
    client->has_rts = false;
    if (shared_board_is_open(board)) {
        (void)shared_board_set_lines(board, client->state.dtr, client->state.rts, now_us);
    }
}

/** Notes a change of one line. A second one of the same line is one of its own. */
static void change_line(share_client_t *client, shared_board_t *board, bool *line, bool *has_line,
                        uint64_t now_us)
{
    if (*has_line) {
        set_lines(client, board, now_us);
    }
    *line = client->request.value != 0 && board->has_lines;
    *has_line = true;
}

static void purge(share_client_t *client, shared_board_t *board)
{
    const bool is_received = (client->request.value & COM_PORT_PURGE_RECEIVED) != 0;
    const bool is_to_send = (client->request.value & COM_PORT_PURGE_TO_SEND) != 0;

    if (is_received) {
        byte_queue_clear(&client->from_board);
    }
    if (is_to_send) {
        byte_queue_clear(&client->to_board);
    }
    shared_board_purge(board, is_received, is_to_send);
}

static void set_rate(share_client_t *client, shared_board_t *board)
{
    (void)shared_board_set_rate(board, client->request.value);
    client->state.rate_baud = board->tty.rate_baud;
}

/** Carries out the request and answers it. The answer about a line is that it will be so: the change is made before the
 * answer is sent. */
static void carry_out(share_client_t *client, shared_board_t *board, uint64_t now_us)
{
    const com_port_request_t *request = &client->request;
    com_port_state_t *state = &client->state;
    uint8_t answer[COM_PORT_ANSWER_SIZE];

    if (request->action != COM_PORT_SET_DTR && request->action != COM_PORT_SET_RTS) {
        set_lines(client, board, now_us);
    }
    switch (request->action) {
    case COM_PORT_SET_RATE:
        set_rate(client, board);
        break;
    case COM_PORT_SET_DTR:
        change_line(client, board, &state->dtr, &client->has_dtr, now_us);
        break;
    case COM_PORT_SET_RTS:
        change_line(client, board, &state->rts, &client->has_rts, now_us);
        break;
    case COM_PORT_SET_BREAK:
        shared_board_set_break(board, request->value != 0);
        state->has_break = request->value != 0;
        break;
    case COM_PORT_SUSPEND:
        client->is_suspended = request->value != 0;
        break;
    case COM_PORT_SET_LINE_MASK:
        state->line_mask = (uint8_t)request->value;
        break;
    case COM_PORT_SET_MODEM_MASK:
        state->modem_mask = (uint8_t)request->value;
        break;
    case COM_PORT_PURGE:
        purge(client, board);
        break;
    case COM_PORT_NOTHING:
    default:
        state->modem = shared_board_modem(board);
        break;
    }
    queue_answer(client, answer, com_port_answer(request, state, answer));
}

/** Must what was sent before the request be on the wire? */
static bool is_ordered(const com_port_request_t *request)
{
    return request->action == COM_PORT_SET_RATE || request->action == COM_PORT_SET_DTR ||
           request->action == COM_PORT_SET_RTS || request->action == COM_PORT_SET_BREAK;
}

/** Has it waited as long as its bytes can take? Once the kernel has them all. */
static bool is_overdue(share_client_t *client, const shared_board_t *board, size_t unsent, uint64_t now_us)
{
    if (client->wait_until_us == 0) {
        client->wait_until_us = now_us + WAIT_MS * UINT64_C(1000) +
                                (uint64_t)unsent * BITS_PER_BYTE * 1000000u / board->tty.rate_baud;
    }
    return now_us >= client->wait_until_us;
}

/** Carries out the request, or leaves it waiting. */
static void try_request(share_client_t *client, shared_board_t *board, uint64_t now_us)
{
    const size_t unsent = shared_board_unsent(board);

    client->is_waiting =
        is_ordered(&client->request) && (byte_queue_size(&client->to_board) > 0 ||
                                         (unsent > 0 && !is_overdue(client, board, unsent, now_us)));
    if (!client->is_waiting) {
        client->wait_until_us = 0;
        carry_out(client, board, now_us);
    }
}

static void negotiate(share_client_t *client)
{
    uint8_t *out = byte_queue_space(&client->out);

    byte_queue_added(&client->out, telnet_negotiate(&client->telnet, out));
}

/** Is there something to decode, and room for what it may cause? */
static bool can_go_on(const share_client_t *client)
{
    return byte_queue_size(&client->in) > 0 && !client->is_waiting &&
           byte_queue_room(&client->out) >= FRAME_SIZE;
}

void share_client_decode(share_client_t *client, shared_board_t *board, uint64_t now_us)
{
    if (client->is_waiting) {
        try_request(client, board, now_us);
    }
    while (can_go_on(client)) {
        size_t used = 0;
        size_t size = 0;
        const telnet_event_t event =
            telnet_take(&client->telnet, byte_queue_first(&client->in), byte_queue_size(&client->in), &used,
                        byte_queue_space(&client->to_board), byte_queue_room(&client->to_board), &size);

        byte_queue_drop(&client->in, used);
        byte_queue_added(&client->to_board, size);
        if (size > 0) {
            set_lines(client, board, now_us);
        }
        if (event == TELNET_NEGOTIATION) {
            negotiate(client);
        } else if (event == TELNET_SUBNEGOTIATION) {
            client->request = com_port_parse(client->telnet.sub, client->telnet.sub_size);
            try_request(client, board, now_us);
        } else if (used == 0) {
            break; /* the board takes no more for now */
        }
    }
    if (!client->is_waiting) {
        set_lines(client, board, now_us);
    }
}

void share_client_notify(share_client_t *client, shared_board_t *board)
{
    uint8_t message[COM_PORT_ANSWER_SIZE];
    com_port_state_t *state = &client->state;

    if (!telnet_has_com_port(&client->telnet) || byte_queue_room(&client->out) < 2 * FRAME_SIZE ||
        !shared_board_is_open(board)) {
        return;
    }
    if (state->modem_mask != 0) {
        const uint8_t before = state->modem;

        state->modem = shared_board_modem(board);
        queue_answer(client, message,
                     client->is_told_modem ? com_port_modem_changed(state, before, message)
                                           : com_port_modem(state, message));
        client->is_told_modem = true;
    }
    if (state->line_mask != 0) {
        state->line = (uint8_t)(COM_PORT_SENT | shared_board_errors(board));
        queue_answer(client, message, com_port_line_changed(state, message));
    }
}
