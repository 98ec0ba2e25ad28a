/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The peer's calls, and what stands in the place of shared_board.c.
 */
#define _GNU_SOURCE
#include "share_rig.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

board_log_t board_log;

static void note(const char *what, unsigned a, unsigned b)
{
    size_t used = strlen(board_log.log);

    snprintf(board_log.log + used, LOG_SIZE - used, "%s(%u,%u) ", what, a, b);
}

void expect_log(const char *expected)
{
    assert_string_equal(board_log.log, expected);
    board_log.log[0] = '\0';
}

/* ---- in the place of shared_board.c ---- */

size_t shared_board_unsent(const shared_board_t *board)
{
    (void)board;
    return board_log.unsent;
}

esp_loader_error_t shared_board_set_lines(shared_board_t *board, bool dtr, bool rts, uint64_t now_us)
{
    (void)now_us;
    board->dtr = dtr;
    board->rts = rts;
    note("lines", dtr, rts);
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t shared_board_set_rate(shared_board_t *board, uint32_t rate_baud)
{
    if (rate_baud > board_log.max_rate) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    note("rate", rate_baud, 0);
    board->tty.rate_baud = rate_baud;
    return ESP_LOADER_SUCCESS;
}

void shared_board_set_break(shared_board_t *board, bool is_on)
{
    (void)board;
    note("break", is_on, 0);
}

void shared_board_purge(shared_board_t *board, bool received, bool to_send)
{
    (void)board;
    note("purge", received, to_send);
}

uint8_t shared_board_modem(const shared_board_t *board)
{
    (void)board;
    return board_log.modem;
}

uint8_t shared_board_errors(shared_board_t *board)
{
    (void)board;
    uint8_t errors = board_log.errors;
    board_log.errors = 0;
    return errors;
}

/* ---- the client ---- */

size_t peer_reads(rig_t *rig, uint8_t *out, size_t capacity)
{
    size_t total = 0;

    assert_true(share_client_send(&rig->client));
    for (;;) {
        ssize_t got = recv(rig->peer, out + total, capacity - total, MSG_DONTWAIT);
        if (got <= 0) {
            return total;
        }
        total += (size_t)got;
        assert_true(share_client_send(&rig->client));
    }
}

rig_t rig_new(void)
{
    int ends[2];
    uint8_t greeting[64];
    rig_t rig = {.board = {.tty = {.fd = 3, .rate_baud = 115200}, .has_lines = true}, .now_us = 1000};

    memset(&board_log, 0, sizeof(board_log));
    board_log.max_rate = 3000000;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_true(share_client_init(&rig.client));
    share_client_begin(&rig.client, ends[0], &rig.board);
    rig.peer = ends[1];
    assert_int_equal(peer_reads(&rig, greeting, sizeof(greeting)), TELNET_GREETING_SIZE);
    return rig;
}

void rig_free(rig_t *rig)
{
    close(rig->peer);
    share_client_free(&rig->client);
}

void peer_sends(rig_t *rig, const void *bytes, size_t size)
{
    assert_int_equal(send(rig->peer, bytes, size, 0), (ssize_t)size);
    share_client_receive(&rig->client);
    share_client_decode(&rig->client, &rig->board, rig->now_us);
}

void peer_asks(rig_t *rig, const int (*requests)[2], size_t count)
{
    uint8_t out[256];
    size_t size = 0;

    for (size_t i = 0; i < count; i++) {
        if (requests[i][0] < 0) {
            out[size++] = (uint8_t)requests[i][1];
        } else {
            const uint8_t frame[] = {0xFF, 250, 44, (uint8_t)requests[i][0], (uint8_t)requests[i][1],
                                     0xFF, 240};

            memcpy(out + size, frame, sizeof(frame));
            size += sizeof(frame);
        }
    }
    peer_sends(rig, out, size);
}

void expect_answer(rig_t *rig, const void *bytes, size_t size)
{
    uint8_t got[64];
    const uint8_t *expected = bytes;

    assert_int_equal(peer_reads(rig, got, sizeof(got)), size + 4);
    assert_memory_equal(got, "\xff\xfa", 2);
    assert_memory_equal(got + 2, expected, size);
    assert_memory_equal(got + 2 + size, "\xff\xf0", 2);
}

void expect_data(rig_t *rig, const char *text)
{
    assert_int_equal(byte_queue_size(&rig->client.to_board), strlen(text));
    assert_memory_equal(byte_queue_first(&rig->client.to_board), text, strlen(text));
    byte_queue_clear(&rig->client.to_board);
}
