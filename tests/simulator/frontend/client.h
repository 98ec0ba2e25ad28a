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

#endif
