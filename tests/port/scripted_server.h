/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A TCP server in a thread that follows a script of exact bytes: expect these, answer those.
 */
#ifndef TEST_SCRIPTED_SERVER_H
#define TEST_SCRIPTED_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/** One step: wait for all bytes of @c expect (NULL = nothing), then send @c reply (NULL = nothing).
 * Hexadecimal. */
typedef struct {
    const char *expect;
    const char *reply;
} server_step_t;

typedef struct {
    int listener;
    int family; /**< AF_INET or AF_INET6 */
    unsigned port;
    const server_step_t *steps;
    size_t step_count;
    bool closes_at_end; /**< else it waits until the client hangs up */
    const char *flood;  /**< sent without pause after the script until the client hangs up; NULL = nothing */
    pthread_t thread;
    size_t steps_done;  /**< valid after scripted_server_stop() */
    bool is_mismatch;   /**< received something else than a step expects */
    size_t extra_bytes; /**< received after the last step */
} scripted_server_t;

/** Listens on a free port of the loopback address and serves one client. `flood` may be set before that
 * client connects. */
void scripted_server_start(scripted_server_t *server, int family, const server_step_t *steps,
                           size_t step_count, bool closes_at_end);

/** Waits until the script has ended; close the client first. true when every step was done, with nothing
 * beyond. */
bool scripted_server_stop(scripted_server_t *server);

#endif
