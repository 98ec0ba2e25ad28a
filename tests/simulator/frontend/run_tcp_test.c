/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim --tcp as its clients see it.
 */
#define _DEFAULT_SOURCE

#include "bench.h"

#include <signal.h>
#include <string.h>

/* What is sent to a chip that still starts is lost. */
static void wait_until_ready(bench_t *bench)
{
    client_wait_for_state(bench->control, "download-rom");
}

TEST(sync_is_answered_eight_times)
{
    static const char *const wirings[] = {"none", "usj", "bridge"};
    static const char *const speeds[] = {"real", "max", "20"};
    for (size_t i = 0; i < 9; i++) {
        bench_t bench;
        bench_start(&bench, (const char *const[]){"--tcp", "127.0.0.1:0", "--wiring", wirings[i % 3],
                                                  "--speed", speeds[i / 3], NULL});
        wait_until_ready(&bench);
        client_sync(bench_connect(&bench), false);
        bench_stop(&bench);
    }
}

TEST_BENCH(second_client_is_closed_while_the_first_goes_on, "--tcp=0")
{
    wait_until_ready(bench);
    const int first = bench_connect(bench);
    client_sync(first, false);
    assert_true(client_is_closed_by_peer(bench_connect(bench)));
    client_sync(first, false);
    assert_int_equal(program_stop(&bench->program, SIGTERM, bench->answer), 0);
    assert_non_null(strstr(bench->answer, "client refused"));
}

TEST_BENCH(next_client_finds_the_chip_as_the_last_one_left_it, "--tcp=0")
{
    wait_until_ready(bench);
    for (unsigned i = 0; i < 3; i++) {
        const int fd = bench_connect(bench);
        client_sync(fd, false);
        bench_close(bench, fd);
    }
}

TEST_BENCH(every_chip_has_a_port_of_its_own, "--tcp=0", "--count=3")
{
    int fds[3];
    for (unsigned i = 0; i < 3; i++)
        fds[i] = bench_connect_to(bench, i);
    for (unsigned i = 0; i < 3; i++)
        client_sync(fds[i], false);
}

TEST_BENCH(client_is_dropped_when_the_board_is_unplugged_and_welcome_when_it_is_back, "--tcp=0",
           "--wiring=usj")
{
    const int first = bench_connect(bench);
    client_sync(first, false);
    bench_control(bench, "unplug");
    assert_true(client_is_closed_by_peer(first));
    assert_true(client_is_closed_by_peer(bench_connect(bench)));
    bench_control(bench, "plug boot");
    wait_until_ready(bench);
    client_sync(bench_connect(bench), false);
}

TEST_BENCH(once_ends_the_program_with_its_first_client, "--tcp=0", "--once", "--speed=real")
{
    wait_until_ready(bench);
    const int fd = bench_connect(bench);
    client_sync(fd, false);
    bench_close(bench, fd);
    program_ends_well(&bench->program, 0);
}

/* Far more than all buffers hold, none of it a frame: a chip that reads slowly holds the client back, and
 * afterwards still answers. */
TEST_BENCH(flood_is_taken_at_the_pace_of_the_chip, "--tcp=0", "--wiring=usj", "--as-rom")
{
    static uint8_t flood[1 << 20];
    memset(flood, 0x55, sizeof(flood));
    const int fd = bench_connect(bench);
    client_send(fd, flood, sizeof(flood));
    client_sync(fd, false);
}
