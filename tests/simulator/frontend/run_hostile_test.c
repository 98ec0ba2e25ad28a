/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What others do to esp-sim stops no board: bytes without end on the control socket, clients without
 * descriptors left, output that nobody reads, clients that die with data on its way.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define BOARD "127.0.0.1:0", "--flash-size", "1MB", "--as-rom"

/* Keeps the socket's buffer full until it is killed. */
static pid_t flood(const char *path)
{
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        static char bytes[65536];
        const int fd = client_connect_unix(path);
        memset(bytes, 'x', sizeof(bytes));
        while (write(fd, bytes, sizeof(bytes)) > 0) {
        }
        _exit(0);
    }
    return pid;
}

TEST_BENCH(endless_line_on_the_control_socket_stops_neither_chip_nor_other_clients, "--tcp", BOARD)
{
    char path[128];
    pid_t floods[2]; /* each refills its socket while the other's is read */
    program_path(&bench->program, "%/c", path, sizeof(path));
    for (int i = 0; i < 2; i++)
        floods[i] = flood(path);
    client_control(bench_connect_control(bench), "state", bench->answer);
    const int fd = bench_connect(bench);
    for (int i = 0; i < 3; i++)
        client_sync(fd, false);
    for (int i = 0; i < 2; i++) {
        (void)kill(floods[i], SIGKILL);
        (void)waitpid(floods[i], NULL, 0);
    }
}

/* CPU time of a process so far, clock ticks. */
static long cpu_ticks(pid_t pid)
{
    char path[64];
    char text[1024] = "";
    unsigned long user;
    unsigned long system;
    (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof(text), file));
    (void)fclose(file);
    const char *after = strrchr(text, ')');
    assert_non_null(after);
    assert_int_equal(
        sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system), 2);
    return (long)(user + system);
}

/* The number its next descriptor would have. */
static rlim_t lowest_free(pid_t pid)
{
    char path[64];
    rlim_t number = 0;
    do {
        (void)snprintf(path, sizeof(path), "/proc/%d/fd/%u", (int)pid, (unsigned)number++);
    } while (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
    return number - 1;
}

static const char *const all_cables[] = {"--tcp", "--rfc2217", "--usbip"};

/* Clients that cannot be accepted are hung up: they would keep the listener readable, and the loop busy. */
TEST_ROWS(without_descriptors_clients_are_hung_up_and_nothing_spins, all_cables)
{
    bench_t bench;
    bench_start(&bench, (const char *const[]){*row, BOARD, NULL});
    bench_control(&bench, "state"); /* it has accepted: the reserve is there */
    const rlim_t left = lowest_free(bench.program.pid);
    const struct rlimit none = {.rlim_cur = left, .rlim_max = left};
    assert_int_equal(prlimit(bench.program.pid, RLIMIT_NOFILE, &none, NULL), 0);
    const int second = bench_connect(&bench);
    const int third = bench_connect_control(&bench);
    assert_true(client_is_closed_by_peer(second));
    assert_true(client_is_closed_by_peer(third));
    const long before_ticks = cpu_ticks(bench.program.pid);
    usleep(500000);
    assert_true(cpu_ticks(bench.program.pid) - before_ticks < sysconf(_SC_CLK_TCK) / 5);
    bench_stop(&bench);
}

static void fill(int fd)
{
    static const char spaces[4096];
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    while (write(fd, spaces, sizeof(spaces)) > 0) {
    }
    assert_int_equal(errno, EAGAIN);
}

/* Every plug announces the terminal once more; whoever started it reads no further than "ready". */
TEST_BENCH(output_that_nobody_reads_stops_no_board, "--pty", "--wiring", "usj", "--console", "--flash-size",
           "1MB")
{
    char path[128];
    for (int i = 1; i <= 2; i++) { /* its output and errors, through another descriptor of the same pipe */
        (void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)bench->program.pid, i);
        const int fd = open(path, O_WRONLY);
        assert_true(fd >= 0);
        fill(fd);
        (void)close(fd);
    }
    for (int i = 0; i < 3; i++) {
        bench_control(bench, "unplug");
        client_wait_for_state(bench->control, "off");
        bench_control(bench, "plug");
        client_wait_for_state(bench->control, "boot-failed");
    }
    program_kill(&bench->program);
}

/* At 115200 baud what a client has sent takes seconds to go out; the next one need not wait for that. */
TEST(client_that_died_makes_room_for_the_next_at_once)
{
    static const char *const cables[] = {"--tcp", "--rfc2217"};
    static uint8_t data[32 * 1024];
    for (size_t i = 0; i < 2; i++) {
        bench_t bench;
        bench_start(&bench, (const char *const[]){cables[i], BOARD, "--speed", "1", NULL});
        const int dead = bench_connect(&bench);
        client_send(dead, data, sizeof(data)); /* more than the chip takes, no more than a socket holds */
        bench_close(&bench, dead);
        const int next = bench_connect(&bench);
        if (i == 0)
            client_sync(next, false);
        else
            (void)client_byte(next); /* it is greeted */
        bench_stop(&bench);
    }
}
