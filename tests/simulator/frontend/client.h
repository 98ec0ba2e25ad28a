/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts the real esp-sim for a test and talks to it. The program's path is in the environment variable
 * ESP_SIM. Every wait has a watchdog that is far longer than anything measured; no test depends on how long
 * something took. A call that fails fails the test.
 */
#ifndef SIM_FRONTEND_CLIENT_H
#define SIM_FRONTEND_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CLIENT_TEXT_SIZE 16384u

typedef struct {
    pid_t pid;
    int input;        /**< its standard input; it ends when this is closed */
    int output;       /**< its standard output */
    int errors;       /**< its standard error */
    char folder[64];  /**< a folder of its own for sockets and files */
    char ready[1024]; /**< what it printed up to "esp-sim: ready" */
} program_t;

/** Starts esp-sim with @p arguments (NULL at the end), "--exit-on-eof" and, in each, the first "%" replaced
 * by the program's folder; waits for its ready line. */
void program_start(program_t *program, const char *const *arguments);
/** Starts it, expects it to end by itself; returns its exit code and what it wrote. */
int program_run(const char *const *arguments, char out[CLIENT_TEXT_SIZE], char errors[CLIENT_TEXT_SIZE]);
/** Where front end @p kind ("tcp", "pty", …) listens: the n-th such line, from 0. */
void program_where(const program_t *program, const char *kind, unsigned n, char *out_where, size_t size);
/** The first "%" in @p text replaced by the folder. */
void program_path(const program_t *program, const char *text, char *out_path, size_t size);
/** Waits for its end after a signal (0 = none), cleans up; returns its exit code. */
int program_stop(program_t *program, int signal, char errors[CLIENT_TEXT_SIZE]);
/** Ends it the hard way and cleans up. */
void program_kill(program_t *program);
/** Stops it as program_stop() does, and expects exit code 0. */
void program_ends_well(program_t *program, int signal);

/** Opens a connection to "127.0.0.1:PORT", a socket path, or a terminal. */
int client_connect_tcp(const char *where);
int client_connect_unix(const char *path);
int client_open_pty(const char *path);

void client_send(int fd, const void *data, size_t size);
/** Reads until the stream ends; true when it does. */
bool client_is_closed_by_peer(int fd);
/** Reads one byte. */
uint8_t client_byte(int fd);

/** Sends one SYNC, reads until its eight replies have come, skipping the boot log. With @p is_telnet the
 * stream is RFC 2217's: 255 is doubled, negotiations are skipped. */
void client_sync(int fd, bool is_telnet);

/** Sends one SYNC and does not wait for anything. */
void client_send_sync(int fd);

/** Sends a line to a control socket and reads the answer; returns it without its last line, which must be
 * "ok". With "!" before the command, the last line must be an error, and it is the answer. */
void client_control(int fd, const char *line, char out_answer[CLIENT_TEXT_SIZE]);
/** The value of one counter of "stats". */
uint64_t client_stat(int control, const char *name);
/** Repeats "stats" until the counter has reached @p value. */
void client_wait_for_stat(int control, const char *name, uint64_t value);
/** Repeats "state" until @p time_us of model time have passed. */
void client_wait_for_model(int control, uint64_t time_us);
/** Repeats "state" until the chip is in @p state. */
void client_wait_for_state(int control, const char *state);

/* ---- a bench: the program, its control socket and clients of its cable ---- */

enum { BENCH_CLIENTS_MAX = 8 };

typedef struct {
    program_t program;
    char cable[16];                 /**< "tcp", "rfc2217", "pty", … */
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
    static void on_##name(bench_t *bench);                                                                   \
    TEST(name)                                                                                               \
    {                                                                                                        \
        bench_t bench;                                                                                       \
        bench_start(&bench, (const char *const[]){__VA_ARGS__, NULL});                                       \
        on_##name(&bench);                                                                                   \
        bench_stop(&bench);                                                                                  \
    }                                                                                                        \
    static void on_##name(bench_t *bench)

#endif
