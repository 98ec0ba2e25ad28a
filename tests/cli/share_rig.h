/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A client of rfc2217-server on one end of a socket pair, with a board that writes down what is done to it.
 */
#ifndef SHARE_RIG_H
#define SHARE_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/share_client.h"

enum { LOG_SIZE = 512 };

/** What was done to the board, and how it is. */
typedef struct {
    char log[LOG_SIZE]; /**< in words */
    size_t unsent;      /**< bytes that are not on the wire yet */
    uint32_t max_rate;  /**< higher ones are refused */
    uint8_t modem;
    uint8_t errors;
} board_log_t;

extern board_log_t board_log;

typedef struct {
    share_client_t client;
    shared_board_t board;
    int peer;
    uint64_t now_us;
} rig_t;

enum { CONTROL = 5, DTR_ON = 8, DTR_OFF = 9, RTS_ON = 11, RTS_OFF = 12, PURGE = 12, DATA = -1 };

/** The board's log is this, and is empty then. */
void expect_log(const char *expected);

/** Everything that the peer can read. */
size_t peer_reads(rig_t *rig, uint8_t *out, size_t capacity);

/** A client that has just connected; the greeting is read. */
rig_t rig_new(void);

void rig_free(rig_t *rig);

void peer_sends(rig_t *rig, const void *bytes, size_t size);

/** Sends requests and data: pairs of a command and its value; command -1 is a byte of data. */
void peer_asks(rig_t *rig, const int (*requests)[2], size_t count);

/** What the server answers, without its frame. */
void expect_answer(rig_t *rig, const void *bytes, size_t size);

/** What waits for the board; it is taken then. */
void expect_data(rig_t *rig, const char *text);

#define ASKS(rig, ...)                                                                                       \
    do {                                                                                                     \
        const int asked[][2] = {__VA_ARGS__};                                                                \
        peer_asks(rig, asked, sizeof(asked) / sizeof(asked[0]));                                             \
    } while (0)

#endif
