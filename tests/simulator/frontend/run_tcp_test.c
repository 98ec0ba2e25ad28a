/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim --tcp as its clients see it.
 */
#define _DEFAULT_SOURCE

#include "client.h"
#include "test.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* What is sent to a chip that still starts is lost. */
static void wait_until_ready(const program_t *program)
{
    char path[128];
    program_path(program, "%/c", path, sizeof(path));
    const int control = client_connect_unix(path);
    client_wait_for_state(control, "download-rom");
    (void)close(control);
}

TEST(sync_is_answered_eight_times)
{
    static const char *const wirings[] = {"none", "usj", "bridge"};
    static const char *const speeds[] = {"real", "max", "20"};
    for (size_t i = 0; i < 9; i++) {
        program_t program;
        char where[64];
        char errors[CLIENT_TEXT_SIZE];
        program_start(&program, (const char *const[]){"--tcp", "127.0.0.1:0", "--wiring", wirings[i % 3],
                                                      "--speed", speeds[i / 3], "--control", "%/c", NULL});
        wait_until_ready(&program);
        program_where(&program, "tcp", 0, where, sizeof(where));
        const int fd = client_connect_tcp(where);
        client_sync(fd, false);
        (void)close(fd);
        assert_int_equal(program_stop(&program, SIGTERM, errors), 0);
    }
}

TEST(second_client_is_closed_while_the_first_goes_on)
{
    program_t program;
    char errors[CLIENT_TEXT_SIZE];
    program_start(&program, (const char *const[]){"--tcp", "0", "--speed", "max", "--control", "%/c", NULL});
    wait_until_ready(&program);
    const int first = program_connect(&program, "tcp", 0);
    client_sync(first, false);
    const int second = program_connect(&program, "tcp", 0);
    assert_true(client_is_closed_by_peer(second));
    client_sync(first, false);
    (void)close(second);
    (void)close(first);
    assert_int_equal(program_stop(&program, SIGTERM, errors), 0);
    assert_non_null(strstr(errors, "client refused"));
}

TEST(next_client_finds_the_chip_as_the_last_one_left_it)
{
    program_t program;
    program_start(&program, (const char *const[]){"--tcp", "0", "--speed", "max", "--control", "%/c", NULL});
    wait_until_ready(&program);
    for (unsigned i = 0; i < 3; i++) {
        const int fd = program_connect(&program, "tcp", 0);
        client_sync(fd, false);
        (void)close(fd);
    }
    program_ends_well(&program, SIGTERM);
}

TEST(every_chip_has_a_port_of_its_own)
{
    program_t program;
    int fds[3];
    program_start(&program, (const char *const[]){"--tcp", "0", "--count", "3", "--speed", "max", NULL});
    for (unsigned i = 0; i < 3; i++) {
        char where[64];
        program_where(&program, "tcp", i, where, sizeof(where));
        fds[i] = client_connect_tcp(where);
    }
    for (unsigned i = 0; i < 3; i++)
        client_sync(fds[i], false);
    for (unsigned i = 0; i < 3; i++)
        (void)close(fds[i]);
    program_ends_well(&program, SIGTERM);
}

TEST(client_is_dropped_when_the_board_is_unplugged_and_welcome_when_it_is_back)
{
    program_t program;
    char path[128];
    char answer[CLIENT_TEXT_SIZE];
    program_start(&program, (const char *const[]){"--tcp", "0", "--wiring", "usj", "--speed", "max",
                                                  "--control", "%/c", NULL});
    program_path(&program, "%/c", path, sizeof(path));
    const int control = client_connect_unix(path);
    const int first = program_connect(&program, "tcp", 0);
    client_sync(first, false);
    client_control(control, "unplug", answer);
    assert_true(client_is_closed_by_peer(first));
    const int refused = program_connect(&program, "tcp", 0);
    assert_true(client_is_closed_by_peer(refused));
    client_control(control, "plug boot", answer);
    client_wait_for_state(control, "download-rom");
    const int second = program_connect(&program, "tcp", 0);
    client_sync(second, false);
    (void)close(first);
    (void)close(refused);
    (void)close(second);
    (void)close(control);
    program_ends_well(&program, SIGTERM);
}

TEST(once_ends_the_program_with_its_first_client)
{
    program_t program;
    program_start(&program, (const char *const[]){"--tcp", "0", "--once", "--control", "%/c", NULL});
    wait_until_ready(&program);
    const int fd = program_connect(&program, "tcp", 0);
    client_sync(fd, false);
    (void)close(fd);
    program_ends_well(&program, 0);
}

/* Far more than all buffers hold, none of it a frame: a chip that reads slowly holds the client back, and
 * afterwards still answers. */
TEST(flood_is_taken_at_the_pace_of_the_chip)
{
    static uint8_t flood[1 << 20];
    program_t program;
    memset(flood, 0x55, sizeof(flood));
    program_start(&program,
                  (const char *const[]){"--tcp", "0", "--wiring", "usj", "--speed", "max", "--as-rom", NULL});
    const int fd = program_connect(&program, "tcp", 0);
    client_send(fd, flood, sizeof(flood));
    client_sync(fd, false);
    (void)close(fd);
    program_ends_well(&program, SIGTERM);
}
