/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim --pty as its clients see it.
 */
#define _DEFAULT_SOURCE

#include "bench.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define TEST_PTY(name, wiring) TEST_BENCH(name, "--pty=%/tty", "--wiring=" wiring)

/* Where the link is. */
static int open_link(bench_t *bench)
{
    char link[128];
    program_path(&bench->program, "%/tty", link, sizeof(link));
    return client_open_pty(link);
}

TEST(link_leads_to_the_terminal_that_was_announced_and_goes_with_it)
{
    bench_t bench;
    char link[] = "/tmp/esp-sim-link-XXXXXX";
    char option[64] = "--pty=";
    char announced[128];
    char target[128] = "";
    assert_true(mkdtemp(link) != NULL && rmdir(link) == 0); /* a name of our own */
    bench_start(&bench, (const char *const[]){strcat(option, link), NULL});
    program_where(&bench.program, "pty", 0, announced, sizeof(announced));
    assert_true(readlink(link, target, sizeof(target) - 1) > 0);
    assert_string_equal(target, announced);
    bench_stop(&bench);
    assert_int_equal(readlink(link, target, sizeof(target)), -1);
}

/* Nothing is set by the client: the terminal is raw as it is. */
static void check_openings(bench_t *bench)
{
    client_wait_for_state(bench->control, "download-rom");
    for (unsigned opening = 0; opening < 3; opening++) {
        const int fd = opening == 0 ? bench_connect(bench) : open_link(bench);
        client_sync(fd, false);
        (void)close(fd);
    }
}

TEST_PTY(uart_answers_each_client_that_opens_the_terminal, "none")
{
    check_openings(bench);
}

TEST_PTY(usj_answers_each_client_that_opens_the_terminal, "usj")
{
    check_openings(bench);
}

static void set_rate(bench_t *bench, int fd, unsigned rate_baud)
{
    struct termios settings;
    (void)bench;
    assert_int_equal(tcgetattr(fd, &settings), 0);
    assert_int_equal(cfsetspeed(&settings, rate_baud == 57600 ? B57600 : B115200), 0);
    assert_int_equal(tcsetattr(fd, TCSANOW, &settings), 0);
}

TEST_PTY(rate_of_the_terminal_is_the_rate_on_the_wire, "none")
{
    client_wait_for_state(bench->control, "download-rom");
    bench_check_rate(bench, bench_connect(bench), false, 115200, set_rate);
}

TEST_PTY(there_are_no_lines, "none")
{
    int lines = 0;
    assert_int_equal(ioctl(bench_connect(bench), TIOCMGET, &lines), -1);
    assert_true(errno == ENOTTY || errno == EINVAL);
}

TEST_PTY(terminal_hangs_up_on_unplug_and_the_link_finds_the_new_one, "usj")
{
    char link[128];
    program_path(&bench->program, "%/tty", link, sizeof(link));
    client_wait_for_state(bench->control, "download-rom");
    const int first = open_link(bench);
    client_sync(first, false);
    bench_control(bench, "unplug");
    assert_true(client_is_closed_by_peer(first));
    (void)close(first);
    bench_control(bench, "plug boot");
    client_wait_for_state(bench->control, "download-rom");
    while (access(link, F_OK) != 0)
        bench_control(bench, "state");
    const int second = open_link(bench);
    client_sync(second, false);
    (void)close(second);
}
