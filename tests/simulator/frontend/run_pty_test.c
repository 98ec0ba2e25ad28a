/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim --pty as its clients see it.
 */
#define _DEFAULT_SOURCE

#include "client.h"
#include "test.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

typedef struct {
    program_t program;
    int control;
    char path[128];
    char link[128];
} bench_t;

static void start(bench_t *bench, const char *wiring)
{
    char path[128];
    program_start(&bench->program, (const char *const[]){"--pty=%/tty", "--wiring", wiring, "--speed", "max",
                                                         "--control", "%/c", NULL});
    program_where(&bench->program, "pty", 0, bench->path, sizeof(bench->path));
    program_path(&bench->program, "%/tty", bench->link, sizeof(bench->link));
    program_path(&bench->program, "%/c", path, sizeof(path));
    bench->control = client_connect_unix(path);
}

static void stop(bench_t *bench)
{
    char target[128];
    (void)close(bench->control);
    assert_int_equal(kill(bench->program.pid, SIGTERM), 0);
    program_ends_well(&bench->program, 0);
    assert_int_equal(readlink(bench->link, target, sizeof(target)), -1);
}

TEST(link_leads_to_the_terminal_that_was_announced)
{
    bench_t bench;
    char target[128];
    start(&bench, "none");
    const ssize_t size = readlink(bench.link, target, sizeof(target) - 1);
    assert_true(size > 0);
    target[size] = '\0';
    assert_string_equal(target, bench.path);
    stop(&bench);
}

/* Nothing is set by the client: the terminal is raw as it is. */
TEST(chip_answers_each_client_that_opens_the_terminal)
{
    static const char *const wirings[] = {"none", "usj"};
    for (size_t i = 0; i < 2; i++) {
        bench_t bench;
        start(&bench, wirings[i]);
        client_wait_for_state(bench.control, "download-rom");
        for (unsigned opening = 0; opening < 3; opening++) {
            const int fd = client_open_pty(opening == 0 ? bench.path : bench.link);
            client_sync(fd, false);
            (void)close(fd);
        }
        stop(&bench);
    }
}

static void set_rate(int fd, speed_t rate)
{
    struct termios settings;
    assert_int_equal(tcgetattr(fd, &settings), 0);
    assert_int_equal(cfsetspeed(&settings, rate), 0);
    assert_int_equal(tcsetattr(fd, TCSANOW, &settings), 0);
}

/* What is sent at another rate than the chip's does not arrive as a command. */
TEST(rate_of_the_terminal_is_the_rate_on_the_wire)
{
    bench_t bench;
    start(&bench, "none");
    client_wait_for_state(bench.control, "download-rom");
    const int fd = client_open_pty(bench.path);
    client_sync(fd, false); /* the chip is now at 115200 */
    const uint64_t sent = client_stat(bench.control, "bytes_out");
    assert_int_equal(client_stat(bench.control, "commands"), 1);
    set_rate(fd, B57600);
    client_send_sync(fd);
    client_wait_for_stat(bench.control, "bytes_out", 2 * sent);
    client_wait_for_model(bench.control, 100000); /* twice what a SYNC and its replies take */
    assert_int_equal(client_stat(bench.control, "commands"), 1);
    set_rate(fd, B115200);
    client_sync(fd, false);
    (void)close(fd);
    stop(&bench);
}

TEST(there_are_no_lines)
{
    bench_t bench;
    int lines = 0;
    start(&bench, "none");
    const int fd = client_open_pty(bench.path);
    assert_int_equal(ioctl(fd, TIOCMGET, &lines), -1);
    assert_true(errno == ENOTTY || errno == EINVAL);
    (void)close(fd);
    stop(&bench);
}

TEST(terminal_hangs_up_on_unplug_and_the_link_finds_the_new_one)
{
    bench_t bench;
    char answer[CLIENT_TEXT_SIZE];
    start(&bench, "usj");
    client_wait_for_state(bench.control, "download-rom");
    const int first = client_open_pty(bench.link);
    client_sync(first, false);
    client_control(bench.control, "unplug", answer);
    assert_true(client_is_closed_by_peer(first));
    (void)close(first);
    client_control(bench.control, "plug boot", answer);
    client_wait_for_state(bench.control, "download-rom");
    while (access(bench.link, F_OK) != 0)
        client_control(bench.control, "state", answer);
    const int second = client_open_pty(bench.link);
    client_sync(second, false);
    (void)close(second);
    stop(&bench);
}
