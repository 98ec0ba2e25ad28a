/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The loop. Only poll() waits in it.
 */
#define _GNU_SOURCE
#include "server/share.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "ports/cancel.h"
#include "posix_io.h"

enum {
    LEAVE_MS = 5000, /* what a client has sent before it left still gets this long to reach the board */
    NOTIFY_MS = 250, /* between two looks at modem lines and errors */
    AWAY_MS = 250,   /* between two looks for a board that was unplugged */
    ORDER_MS = 2,    /* between two looks at what the kernel has still to send */
    USUAL_BAUD = 115200,
};

enum { FD_LISTENER, FD_CLIENT, FD_BOARD, FD_COUNT };

/** Says what a client or, with NULL, the board does. */
static void tell(const share_t *share, const char *client, const char *what)
{
    if (share->out != NULL) {
        fprintf(share->out, "%s%s %s\n", client != NULL ? "Client " : "",
                client != NULL ? client : share->port, what);
    }
}

/* ---- client ---- */

/** Forgets the client: lines released, rate as before. */
static void end_client(share_t *share, const char *what)
{
    tell(share, share->client_name, what);
    share_client_end(&share->client);
    share->is_leaving = false;
    share->may_return = false;
    if (shared_board_is_open(&share->board)) {
        (void)shared_board_set_lines(&share->board, false, false, posix_now_us());
        shared_board_set_break(&share->board, false);
        (void)shared_board_set_rate(&share->board, USUAL_BAUD);
    }
}

static void begin_leaving(share_t *share)
{
    if (!share->is_leaving) {
        share->is_leaving = true;
        share->leave_by_us = posix_deadline_us(LEAVE_MS);
    }
}

/** A client that has hung up makes room for another one, also if it has not been read to its end yet. */
static bool has_hung_up(const share_client_t *client)
{
    struct pollfd entry = {.fd = client->fd, .events = POLLRDHUP};

    return poll(&entry, 1, 0) > 0 && entry.revents != 0;
}

static void take_client(share_t *share)
{
    char name[LISTENER_NAME_SIZE];

    if (share_client_is_there(&share->client) && has_hung_up(&share->client)) {
        begin_leaving(share); /* the next one is taken when it has left */
        return;
    }
    int fd = listener_accept(&share->listener, name);
    if (fd < 0) {
        return;
    }
    if (share_client_is_there(&share->client)) {
        listener_refuse(fd, "esp-loader: another client uses this port\r\n");
        tell(share, name, "was refused: another client is connected");
    } else if (!shared_board_is_open(&share->board)) {
        listener_refuse(fd, "esp-loader: the board is not connected\r\n");
        tell(share, name, "was refused: the board is not connected");
    } else {
        snprintf(share->client_name, sizeof(share->client_name), "%s", name);
        share->client_count++;
        share->notify_at_us = 0;
        shared_board_purge(&share->board, true, true); /* what belonged to nobody */
        share_client_begin(&share->client, fd, &share->board);
        tell(share, name, "connected");
    }
}

static void serve_client(share_t *share, short events)
{
    share_client_t *client = &share->client;
    const uint64_t now_us = posix_now_us();

    if (!share_client_is_there(client)) {
        return;
    }
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
        share_client_receive(client);
        client->is_at_end = client->is_at_end || (events & POLLERR) != 0;
    }
    if (shared_board_is_open(&share->board)) {
        share_client_decode(client, &share->board, now_us);
    }
    if (now_us >= share->notify_at_us) {
        share->notify_at_us = posix_deadline_us(NOTIFY_MS);
        share_client_notify(client, &share->board);
    }
    if (client->is_at_end || !share_client_send(client)) {
        client->is_at_end = true;
        begin_leaving(share);
    }
    if (share->is_leaving && (now_us >= share->leave_by_us ||
                              (client->is_at_end && share_client_is_drained(client, &share->board)))) {
        end_client(share, "left");
    }
}

/* ---- board ---- */

/** It does not come back by itself. */
static void note_unplugged(share_t *share)
{
    share->may_return = false;
    share->look_at_us = 0;
    tell(share, NULL, "has left: waiting for it");
    if (share_client_is_there(&share->client)) {
        end_client(share, "was disconnected: the board has left");
    }
}

static void lose_board(share_t *share)
{
    share->may_return = shared_board_note_loss(&share->board);
    share->look_at_us = 0;
    if (!share->may_return) {
        note_unplugged(share);
    }
}

/** Looks for a board that is away, from time to time. */
static void look_for_board(share_t *share)
{
    const uint64_t now_us = posix_now_us();

    if (shared_board_is_open(&share->board) || now_us < share->look_at_us) {
        return;
    }
    share->look_at_us = posix_deadline_us(share->may_return ? LINUX_FOLLOW_POLL_MS : AWAY_MS);
    if (!share->may_return) {
        if (shared_board_is_back(&share->board)) {
            tell(share, NULL, "is back");
        }
        return;
    }
    esp_loader_error_t error = shared_board_find(&share->board);
    if (error != ESP_LOADER_SUCCESS &&
        (error != ESP_LOADER_ERROR_TIMEOUT || now_us >= share->board.follow.return_by_us)) {
        note_unplugged(share);
    } else if (error == ESP_LOADER_SUCCESS) {
        share->may_return = false;
    }
}

/** Without a client what it prints is read as well, and dropped. */
static bool read_board(share_t *share)
{
    byte_queue_t *queue = &share->client.from_board;
    bool is_lost = false;

    byte_queue_added(
        queue, shared_board_read(&share->board, byte_queue_space(queue), byte_queue_room(queue), &is_lost));
    if (!share_client_is_there(&share->client)) {
        byte_queue_clear(queue);
    }
    return !is_lost;
}

static bool write_board(share_t *share)
{
    byte_queue_t *queue = &share->client.to_board;
    bool is_lost = false;

    if (byte_queue_size(queue) > 0) {
        byte_queue_drop(queue, shared_board_write(&share->board, byte_queue_first(queue),
                                                  byte_queue_size(queue), &is_lost));
    }
    return !is_lost;
}

static void serve_board(share_t *share, short events)
{
    bool is_there = true;

    look_for_board(share);
    if (!shared_board_is_open(&share->board)) {
        return;
    }
    /* A hang-up comes with what is still to be read; reading says when that is over. */
    if ((events & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) != 0 &&
        byte_queue_room(&share->client.from_board) > 0) {
        is_there = read_board(share);
    }
    is_there = is_there && write_board(share);
    is_there = is_there && shared_board_tick(&share->board, posix_now_us()) != ESP_LOADER_ERROR_DISCONNECTED;
    if (!is_there) {
        lose_board(share);
    }
}

/* ---- waiting ---- */

static void watch(const share_t *share, struct pollfd fds[FD_COUNT])
{
    const share_client_t *client = &share->client;
    const bool is_read = !client->is_at_end && byte_queue_room(&client->in) > 0;

    fds[FD_LISTENER] = (struct pollfd){.fd = share->is_leaving ? -1 : share->listener.fd, .events = POLLIN};
    fds[FD_CLIENT] =
        (struct pollfd){.fd = client->is_at_end ? -1 : client->fd, .events = is_read ? POLLIN : 0};
    fds[FD_BOARD] = (struct pollfd){.fd = share->board.tty.fd};
    if (byte_queue_size(&client->out) > 0) {
        fds[FD_CLIENT].events |= POLLOUT;
    }
    if (byte_queue_room(&client->from_board) > 0) {
        fds[FD_BOARD].events |= POLLIN;
    }
    if (byte_queue_size(&client->to_board) > 0) {
        fds[FD_BOARD].events |= POLLOUT;
    }
}

/** At most that of the next look at something that poll() does not report. */
static int timeout_ms(const share_t *share)
{
    if (share->client.is_waiting || share->is_leaving) {
        return ORDER_MS;
    }
    return share->board.held_until_us != 0 || share->may_return ? LINUX_FOLLOW_POLL_MS : NOTIFY_MS;
}

bool share_run(share_t *share)
{
    bool is_ok = share_client_init(&share->client);

    share->is_leaving = false;
    share->may_return = false;
    while (is_ok && !cancel_is_requested(NULL)) {
        struct pollfd fds[FD_COUNT];

        watch(share, fds);
        if (poll(fds, FD_COUNT, timeout_ms(share)) < 0) {
            is_ok = errno == EINTR;
            continue;
        }
        serve_client(share, fds[FD_CLIENT].revents);
        serve_board(share, fds[FD_BOARD].revents);
        if (share_client_is_there(&share->client) && !share_client_send(&share->client)) {
            share->client.is_at_end = true;
        }
        if ((fds[FD_LISTENER].revents & POLLIN) != 0 && !share->is_leaving) {
            take_client(share);
        }
        is_ok = (fds[FD_LISTENER].revents & (POLLERR | POLLNVAL)) == 0;
    }
    if (share_client_is_there(&share->client)) {
        end_client(share, "was disconnected");
    }
    share_client_free(&share->client);
    return is_ok;
}
