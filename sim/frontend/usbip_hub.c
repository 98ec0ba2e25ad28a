/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The hub of usbip_hub.h. A client that does not say what it wants keeps its place until another client
 * needs it, so that none can lock out the rest.
 */
#include "usbip_hub.h"

#include "outbox.h"
#include "server.h"

#include <stdlib.h>
#include <string.h>

enum { CALLERS = FE_ENDPOINT_FDS - 1 };

/* A client that has connected and is not served yet, or still reads its answer. */
typedef struct {
    fe_socket_t socket;
    uint64_t since; /**< order of arrival */
    uint8_t request[FE_USBIP_IMPORT_SIZE];
    size_t request_size;
    fe_outbox_t answer; /**< not empty: it is closed when it has read this */
} caller_t;

typedef struct {
    fe_endpoint_t endpoint;
    fe_server_t server;
    const fe_usbip_board_t *boards[FE_COUNT_MAX];
    size_t count;
    caller_t callers[CALLERS];
    uint64_t arrivals;
} hub_t;

static bool is_free(const caller_t *caller)
{
    return !fe_socket_is_open(&caller->socket);
}

static void forget(caller_t *caller)
{
    fe_outbox_free(&caller->answer);
    *caller = (caller_t){.socket = {.fd = -1}};
}

static void hang_up(caller_t *caller)
{
    fe_socket_close(&caller->socket);
    forget(caller);
}

/* ---- answers ---- */

static bool put_board(fe_outbox_t *answer, const fe_usbip_board_t *board)
{
    const unsigned interfaces = board->device.interfaces;
    uint8_t *out = fe_outbox_append(answer, FE_USBIP_DEVICE_SIZE + interfaces * FE_USBIP_INTERFACE_SIZE);
    if (out == NULL) {
        return false;
    }
    out += fe_usbip_put_device(out, &board->device);
    for (unsigned i = 0; i < interfaces; i++, out += FE_USBIP_INTERFACE_SIZE) {
        memcpy(out, board->interface_class(i), FE_USBIP_INTERFACE_SIZE - 1);
        out[FE_USBIP_INTERFACE_SIZE - 1] = 0;
    }
    return true;
}

/* All boards that can be imported. */
static bool put_list(const hub_t *hub, fe_outbox_t *answer)
{
    uint8_t head[FE_USBIP_DEVICE_SIZE];
    uint32_t available = 0;
    for (size_t i = 0; i < hub->count; i++) {
        available += hub->boards[i]->status(hub->boards[i]->cable) == FE_USBIP_STATUS_OK;
    }

    const size_t head_size = fe_usbip_put_list_head(head, available);
    uint8_t *out = fe_outbox_append(answer, head_size);
    if (out == NULL) {
        return false;
    }
    memcpy(out, head, head_size);
    for (size_t i = 0; i < hub->count; i++) {
        const fe_usbip_board_t *board = hub->boards[i];
        if (board->status(board->cable) == FE_USBIP_STATUS_OK && !put_board(answer, board)) {
            return false;
        }
    }
    return true;
}

static bool put_refusal(fe_outbox_t *answer, fe_usbip_status_t status)
{
    uint8_t *out = fe_outbox_append(answer, FE_USBIP_HEAD_SIZE);
    if (out != NULL) {
        (void)fe_usbip_put_import_head(out, status);
    }
    return out != NULL;
}

static const fe_usbip_board_t *find(const hub_t *hub, const char *busid)
{
    for (size_t i = 0; i < hub->count; i++) {
        if (strcmp(hub->boards[i]->device.busid, busid) == 0) {
            return hub->boards[i];
        }
    }
    return NULL;
}

/* ---- callers ---- */

static void send_answer(caller_t *caller)
{
    while (fe_outbox_size(&caller->answer) > 0) {
        size_t sent;
        const fe_socket_result_t result =
            fe_socket_send(&caller->socket, caller->answer.bytes + caller->answer.first,
                           fe_outbox_size(&caller->answer), &sent);
        if (result == FE_SOCKET_LATER) {
            return;
        }
        if (result == FE_SOCKET_GONE) {
            break;
        }
        fe_outbox_drop(&caller->answer, sent);
    }
    hang_up(caller);
}

static void serve(hub_t *hub, caller_t *caller, const fe_usbip_request_t *request)
{
    bool is_answered;
    if (request->verb == FE_USBIP_LIST) {
        is_answered = put_list(hub, &caller->answer);
    } else {
        const fe_usbip_board_t *board = find(hub, request->busid);
        const fe_usbip_status_t status =
            board != NULL ? board->status(board->cable) : FE_USBIP_STATUS_NO_DEVICE;
        if (board != NULL && status == FE_USBIP_STATUS_OK) {
            board->import(board->cable, caller->socket.fd);
            forget(caller);
            return;
        }
        is_answered = put_refusal(&caller->answer, status);
    }
    if (is_answered) {
        send_answer(caller);
    } else {
        hang_up(caller);
    }
}

/* Reads no further than the request, since what follows belongs to the board. */
static void listen_to(hub_t *hub, caller_t *caller)
{
    for (;;) {
        fe_usbip_request_t request;
        size_t needed;
        const fe_usbip_parse_t parsed =
            fe_usbip_parse_request(caller->request, caller->request_size, &request, &needed);
        if (parsed == FE_USBIP_COMPLETE) {
            serve(hub, caller, &request);
            return;
        }
        if (parsed == FE_USBIP_MALFORMED) {
            fe_station_note(hub->endpoint.station, "client refused: not a USB/IP 1.1.1 request");
            hang_up(caller);
            return;
        }
        size_t received;
        const fe_socket_result_t result =
            fe_socket_receive(&caller->socket, caller->request + caller->request_size,
                              needed - caller->request_size, &received);
        caller->request_size += received;
        if (result == FE_SOCKET_GONE) {
            hang_up(caller);
        }
        if (result != FE_SOCKET_MOVED) {
            return;
        }
    }
}

/* A place for a new caller: a free one, or that of the caller that has been silent for longest. */
static caller_t *place_for(hub_t *hub)
{
    caller_t *oldest = &hub->callers[0];
    for (size_t i = 0; i < CALLERS; i++) {
        caller_t *caller = &hub->callers[i];
        if (is_free(caller)) {
            return caller;
        }
        if (caller->since < oldest->since) {
            oldest = caller;
        }
    }
    fe_station_note(hub->endpoint.station, "client dropped: others wait and it says nothing");
    hang_up(oldest);
    return oldest;
}

static void accept_callers(hub_t *hub)
{
    for (;;) {
        const int fd = fe_server_accept_one(&hub->server, hub->endpoint.station);
        if (fd < 0) {
            return;
        }
        caller_t *caller = place_for(hub);
        caller->socket.fd = fd;
        caller->since = hub->arrivals++;
        listen_to(hub, caller);
    }
}

/* ---- the endpoint ---- */

static size_t hub_watch(fe_endpoint_t *endpoint, struct pollfd *fds)
{
    hub_t *hub = (hub_t *)endpoint;
    size_t count = 0;
    fds[count++] = (struct pollfd){.fd = hub->server.listener, .events = POLLIN};
    for (size_t i = 0; i < CALLERS; i++) {
        const caller_t *caller = &hub->callers[i];
        if (!is_free(caller)) {
            fds[count++] = (struct pollfd){.fd = caller->socket.fd,
                                           .events = fe_outbox_size(&caller->answer) > 0 ? POLLOUT : POLLIN};
        }
    }
    return count;
}

static void hub_service(fe_endpoint_t *endpoint, const struct pollfd *fds, size_t count, uint64_t real_us)
{
    hub_t *hub = (hub_t *)endpoint;
    (void)real_us;
    for (size_t k = 1; k < count; k++) {
        for (size_t i = 0; i < CALLERS; i++) {
            caller_t *caller = &hub->callers[i];
            if (is_free(caller) || caller->socket.fd != fds[k].fd || fds[k].revents == 0) {
                continue;
            }
            if (fe_outbox_size(&caller->answer) > 0) {
                send_answer(caller);
            } else {
                listen_to(hub, caller);
            }
            break;
        }
    }
    if ((fds[0].revents & POLLIN) != 0) {
        accept_callers(hub);
    }
}

static void hub_destroy(fe_endpoint_t *endpoint)
{
    hub_t *hub = (hub_t *)endpoint;
    for (size_t i = 0; i < CALLERS; i++) {
        hang_up(&hub->callers[i]);
    }
    fe_server_close(&hub->server);
    free(hub);
}

static const fe_endpoint_ops_t hub_ops = {
    .watch = hub_watch,
    .service = hub_service,
    .exchange = NULL,
    .is_blocked = NULL,
    .wake_us = NULL,
    .destroy = hub_destroy,
};

void fe_usbip_hub_add(fe_endpoint_t *hub, const fe_usbip_board_t *board)
{
    hub_t *self = (hub_t *)hub;
    self->boards[self->count++] = board;
}

fe_endpoint_t *fe_usbip_hub_new(fe_station_t *station, const char *at, char *error, size_t error_size)
{
    hub_t *hub = calloc(1, sizeof(*hub));
    if (hub == NULL) {
        (void)snprintf(error, error_size, "out of memory");
        return NULL;
    }
    hub->endpoint = (fe_endpoint_t){.ops = &hub_ops, .station = station};
    for (size_t i = 0; i < CALLERS; i++) {
        forget(&hub->callers[i]);
    }
    if (!fe_server_open(&hub->server, station, at, "usbip", error, error_size)) {
        free(hub);
        return NULL;
    }
    return &hub->endpoint;
}
