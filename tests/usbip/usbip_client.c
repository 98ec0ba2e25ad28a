/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The client behind usbip_client.h.
 */
#define _GNU_SOURCE
#include "bytes.h"
#include "client.h"
#include "test.h"
#include "usbip_client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PDU_SIZE = 48, WATCHDOG_MS = 60000, DEVICE_SIZE = 312, BUSID_AT = 256 };

static void put_be32(uint8_t *out, uint32_t value)
{
    out[0] = (uint8_t)(value >> 24);
    out[1] = (uint8_t)(value >> 16);
    out[2] = (uint8_t)(value >> 8);
    out[3] = (uint8_t)value;
}

static uint32_t get_be32(const uint8_t *data)
{
    return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads exactly @p size bytes. The first must come within @p timeout_ms, the rest follows it. */
static usbip_result_t receive(int fd, uint8_t *out, size_t size, uint32_t timeout_ms)
{
    size_t length = 0;
    while (length < size) {
        struct pollfd wanted = {.fd = fd, .events = POLLIN};
        const int ready = poll(&wanted, 1, length == 0 ? (int)timeout_ms : WATCHDOG_MS);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready == 0 && length == 0)
            return USBIP_TIMEOUT;
        assert_int_equal(ready, 1);
        const ssize_t got = recv(fd, out + length, size - length, 0);
        if (got <= 0)
            return USBIP_GONE;
        length += (size_t)got;
    }
    return USBIP_DONE;
}

/* ---- before the import ---- */

void usbip_list(const char *where, char *out_boards, size_t size)
{
    static const uint8_t request[8] = {0x01, 0x11, 0x80, 0x05};
    uint8_t head[12];
    uint8_t end;
    size_t length = 0;
    const int fd = client_connect_tcp(where);
    client_send(fd, request, sizeof(request));
    assert_int_equal(receive(fd, head, sizeof(head), WATCHDOG_MS), USBIP_DONE);
    assert_int_equal(get_be32(head), 0x01110005);
    assert_int_equal(get_be32(head + 4), 0);
    out_boards[0] = '\0';
    for (uint32_t i = 0; i < get_be32(head + 8); i++) {
        uint8_t device[DEVICE_SIZE];
        uint8_t interface[4];
        assert_int_equal(receive(fd, device, sizeof(device), WATCHDOG_MS), USBIP_DONE);
        for (unsigned k = 0; k < device[DEVICE_SIZE - 1]; k++)
            assert_int_equal(receive(fd, interface, sizeof(interface), WATCHDOG_MS), USBIP_DONE);
        const char *busid = (const char *)device + BUSID_AT;
        assert_true(length + strlen(busid) + 2 <= size);
        length += (size_t)snprintf(out_boards + length, size - length, "%s%s", length > 0 ? " " : "", busid);
    }
    assert_int_equal(receive(fd, &end, 1, WATCHDOG_MS), USBIP_GONE); /* the server closes after a list */
    (void)close(fd);
}

uint32_t usbip_import(usbip_client_t *client, const char *where, const char *board)
{
    uint8_t request[40] = {0x01, 0x11, 0x80, 0x03};
    uint8_t reply[8 + DEVICE_SIZE];
    *client = (usbip_client_t){.fd = client_connect_tcp(where)};
    assert_true(strlen(board) < 32);
    memcpy(request + 8, board, strlen(board));
    client_send(client->fd, request, sizeof(request));
    assert_int_equal(receive(client->fd, reply, 8, WATCHDOG_MS), USBIP_DONE);
    assert_int_equal(get_be32(reply), 0x01110003);
    const uint32_t status = get_be32(reply + 4);
    if (status != 0) {
        (void)close(client->fd);
        return status;
    }
    assert_int_equal(receive(client->fd, reply + 8, DEVICE_SIZE, WATCHDOG_MS), USBIP_DONE);
    assert_string_equal((const char *)reply + 8 + BUSID_AT, board);
    client->device_id = get_be32(reply + 8 + 288) << 16 | get_be32(reply + 8 + 292);
    client->replies = calloc(USBIP_REPLIES, sizeof(*client->replies));
    assert_non_null(client->replies);
    return 0;
}

void usbip_close(usbip_client_t *client)
{
    (void)close(client->fd);
    free(client->replies);
    *client = (usbip_client_t){.fd = -1};
}

/* ---- after the import ---- */

static void start_pdu(usbip_client_t *client, uint8_t pdu[PDU_SIZE], uint32_t command)
{
    memset(pdu, 0, PDU_SIZE);
    put_be32(pdu, command);
    put_be32(pdu + 4, ++client->seqnum);
    put_be32(pdu + 8, client->device_id);
}

uint32_t usbip_submit(usbip_client_t *client, unsigned endpoint, const uint8_t setup[8], const void *data,
                      size_t size)
{
    uint8_t message[PDU_SIZE + USBIP_DATA_SIZE];
    const bool is_in = setup != NULL ? (setup[0] & 0x80) != 0 : data == NULL;
    const size_t payload = is_in ? 0 : size;
    assert_true(payload <= USBIP_DATA_SIZE);
    start_pdu(client, message, 1);
    client->is_in[client->seqnum % 1024] = is_in;
    put_be32(message + 12, is_in);
    put_be32(message + 16, endpoint);
    put_be32(message + 24, (uint32_t)size);
    if (setup != NULL)
        memcpy(message + 40, setup, 8);
    if (payload > 0)
        memcpy(message + PDU_SIZE, data, payload);
    (void)send(client->fd, message, PDU_SIZE + payload,
               MSG_NOSIGNAL); /* a lost one shows when it is waited for */
    return client->seqnum;
}

uint32_t usbip_unlink(usbip_client_t *client, uint32_t victim)
{
    uint8_t message[PDU_SIZE];
    start_pdu(client, message, 2);
    put_be32(message + 20, victim);
    (void)send(client->fd, message, sizeof(message), MSG_NOSIGNAL);
    return client->seqnum;
}

static usbip_result_t receive_reply(usbip_client_t *client, uint32_t timeout_ms)
{
    uint8_t pdu[PDU_SIZE];
    assert_true(client->count < USBIP_REPLIES);
    usbip_reply_t *reply = &client->replies[client->count];
    const usbip_result_t result = receive(client->fd, pdu, sizeof(pdu), timeout_ms);
    if (result != USBIP_DONE)
        return result;
    *reply = (usbip_reply_t){.command = get_be32(pdu),
                             .seqnum = get_be32(pdu + 4),
                             .status = (int32_t)get_be32(pdu + 20),
                             .size = get_be32(pdu + 24)};
    assert_true(reply->command == 3 || reply->command == 4);
    assert_int_equal(get_be32(pdu + 8), 0);
    assert_true(reply->seqnum - 1 < client->seqnum);
    if (reply->command == 3 && client->is_in[reply->seqnum % 1024] && reply->size > 0) {
        assert_true(reply->size <= USBIP_DATA_SIZE);
        if (receive(client->fd, reply->data, reply->size, WATCHDOG_MS) != USBIP_DONE)
            return USBIP_GONE;
    }
    client->count++;
    return USBIP_DONE;
}

usbip_result_t usbip_wait(usbip_client_t *client, uint32_t seqnum, uint32_t timeout_ms,
                          usbip_reply_t *out_reply)
{
    const int64_t end_ms = now_ms() + timeout_ms;
    for (;;) {
        for (size_t i = 0; i < client->count; i++) {
            if (client->replies[i].seqnum != seqnum)
                continue;
            *out_reply = client->replies[i];
            client->count--;
            memmove(&client->replies[i], &client->replies[i + 1],
                    (client->count - i) * sizeof(*client->replies));
            return USBIP_DONE;
        }
        const int64_t left_ms = end_ms - now_ms();
        const usbip_result_t result = receive_reply(client, left_ms > 0 ? (uint32_t)left_ms : 0);
        if (result != USBIP_DONE)
            return result;
    }
}

bool usbip_control(usbip_client_t *client, uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                   uint16_t length, usbip_reply_t *out_reply)
{
    static const uint8_t nothing[64];
    uint8_t setup[SETUP_SIZE];
    put_setup(setup, type, request, value, index, length);
    const uint32_t seqnum = usbip_submit(client, 0, setup, nothing, length);
    const usbip_result_t result = usbip_wait(client, seqnum, WATCHDOG_MS, out_reply);
    assert_int_not_equal(result, USBIP_TIMEOUT);
    return result == USBIP_DONE;
}

bool usbip_set_lines(usbip_client_t *client, bool dtr, bool rts)
{
    usbip_reply_t reply;
    const uint16_t value = (uint16_t)((dtr ? 1 : 0) | (rts ? 2 : 0));
    return usbip_control(client, 0x21, 0x22, value, 0, 0, &reply) && reply.status == 0;
}
