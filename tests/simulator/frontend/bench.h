/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A bench of a test: the program, its control socket and clients of its cable.
 */
#ifndef SIM_FRONTEND_BENCH_H
#define SIM_FRONTEND_BENCH_H

#include "client.h"
#include "test.h"

enum { BENCH_CLIENTS_MAX = 8 };

typedef struct {
    program_t program;
    char cable[16];                 /**< "tcp", "rfc2217", "pty", … */
    char where[128];                /**< where the first chip's cable is */
    int control;                    /**< a connection to the first chip's control socket */
    int clients[BENCH_CLIENTS_MAX]; /**< closed by bench_stop(); -1: it is closed */
    size_t client_count;
    char answer[CLIENT_TEXT_SIZE]; /**< of the control socket, the last one */
} bench_t;

/** Starts the program as program_start() does; the first argument is the cable's option. Without a "--speed" model
 * time passes as fast as it can. */
void bench_start(bench_t *bench, const char *const *arguments);
/** Ends the program, if it has not ended yet, and expects exit code 0. */
void bench_stop(bench_t *bench);

/** Opens a connection to the cable of the first chip, or of the n-th, from 0. */
int bench_connect(bench_t *bench);
int bench_connect_to(bench_t *bench, unsigned n);
/** Opens another connection to the first chip's control socket. */
int bench_connect_control(bench_t *bench);
void bench_close(bench_t *bench, int fd);

/** Gives a command to the control socket as client_control() does, and expects @p text in the answer. */
void bench_control(bench_t *bench, const char *line);
void bench_expect(bench_t *bench, const char *line, const char *text);

/** What is sent at another rate than the chip's does not arrive as a command. The client is at @p rate_baud, and the
 * chip has not been spoken to. */
void bench_check_rate(bench_t *bench, int fd, bool is_telnet, unsigned rate_baud,
                      void (*set_rate)(bench_t *bench, int fd, unsigned rate_baud));

/** A case with a bench that is started before it, with these arguments, and stopped after it. */
#define TEST_BENCH(name, ...)                                                                                \
    TEST_GIVEN(name, bench_t *bench, bench_t bench;                                                          \
               bench_start(&bench, (const char *const[]){__VA_ARGS__, NULL}); case_##name(&bench);           \
               bench_stop(&bench))

#endif
