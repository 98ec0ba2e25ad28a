/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim --rfc2217 as its clients see it: negotiation, lines, rate, and the resets they make.
 */
#define _DEFAULT_SOURCE

#include "client.h"
#include "test.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SET_BAUDRATE = 1, SET_CONTROL = 5, PURGE = 12, DTR_ON = 8, DTR_OFF = 9, RTS_ON = 11, RTS_OFF = 12 };

typedef struct {
    program_t program;
    int fd;
    int control;
} bench_t;

static void start(bench_t *bench, const char *wiring, const char *pairing_ms)
{
    char path[128];
    program_start(&bench->program,
                  (const char *const[]){"--rfc2217", "127.0.0.1:0", "--wiring", wiring, "--line-pairing",
                                        pairing_ms, "--speed", "max", "--control", "%/c", NULL});
    program_path(&bench->program, "%/c", path, sizeof(path));
    bench->fd = program_connect(&bench->program, "rfc2217", 0);
    bench->control = client_connect_unix(path);
}

static void stop(bench_t *bench)
{
    (void)close(bench->fd);
    (void)close(bench->control);
    program_ends_well(&bench->program, SIGTERM);
}

/* Reads up to the answer to a COM-PORT-OPTION request and compares it; what else comes is skipped. */
static void expect_answer(int fd, const uint8_t *answer, size_t size)
{
    size_t matched = 0;
    while (matched < size) {
        const uint8_t byte = client_byte(fd);
        matched = byte == answer[matched] ? matched + 1 : byte == answer[0] ? 1 : 0;
    }
}

static void ask(int fd, uint8_t command, uint8_t value)
{
    const uint8_t request[] = {255, 250, 44, command, value, 255, 240};
    const uint8_t answer[] = {255, 250, 44, (uint8_t)(command + 100), value, 255, 240};
    client_send(fd, request, sizeof(request));
    expect_answer(fd, answer, sizeof(answer));
}

static void set_control(int fd, const uint8_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ask(fd, SET_CONTROL, values[i]);
}

#define SET_CONTROLS(fd, ...)                                                                                \
    set_control((fd), (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

TEST(server_greets_negotiates_and_notifies)
{
    static const uint8_t greeting[] = {255, 251, 0, 255, 253, 0, 255, 251, 3, 255, 253, 3, 255, 253, 44};
    static const uint8_t request[] = {255, 251, 44, 255, 253, 1, 255, 253, 44};
    static const uint8_t answers[] = {255, 250, 44, 107, 0,   255,
                                      240, /* modem state, as COM-PORT is agreed on */
                                      255, 252, 1,  255, 251, 44};
    bench_t bench;
    start(&bench, "bridge", "500");
    for (size_t i = 0; i < sizeof(greeting); i++)
        assert_int_equal(client_byte(bench.fd), greeting[i]);
    client_send(bench.fd, request, sizeof(request));
    expect_answer(bench.fd, answers, sizeof(answers));
    stop(&bench);
}

TEST(classic_sequence_enters_download_mode_though_lines_change_one_at_a_time)
{
    bench_t bench;
    start(&bench, "bridge", "60000"); /* the pair is complete long before */
    client_wait_for_state(bench.control, "boot-failed");
    SET_CONTROLS(bench.fd, DTR_OFF, RTS_ON, DTR_OFF);
    client_wait_for_state(bench.control, "off");
    SET_CONTROLS(bench.fd, DTR_ON, RTS_OFF, DTR_ON);
    client_wait_for_state(bench.control, "download-rom");
    SET_CONTROLS(bench.fd, DTR_OFF);
    client_sync(bench.fd, true);

    SET_CONTROLS(bench.fd, RTS_ON, RTS_OFF); /* and a plain reset leaves it */
    client_wait_for_state(bench.control, "boot-failed");
    stop(&bench);
}

/* What a board does with the same lines when nobody pairs them: it leaves reset at (1,1), with the boot pin
 * up. */
TEST(half_of_a_pair_is_applied_at_once_without_pairing_and_later_with_it)
{
    static const char *const pairings[] = {"0", "1"};
    for (size_t i = 0; i < 2; i++) {
        bench_t bench;
        start(&bench, "bridge", pairings[i]);
        SET_CONTROLS(bench.fd, RTS_ON);
        client_wait_for_state(bench.control, "off");
        SET_CONTROLS(bench.fd, DTR_ON);
        client_wait_for_state(bench.control, "boot-failed");
        stop(&bench);
    }
}

TEST(usj_sequence_enters_download_mode)
{
    bench_t bench;
    start(&bench, "usj", "500");
    client_wait_for_state(bench.control, "boot-failed");
    SET_CONTROLS(bench.fd, RTS_OFF, DTR_OFF, DTR_ON, RTS_ON, DTR_OFF);
    client_wait_for_state(bench.control, "download-rom");
    SET_CONTROLS(bench.fd, RTS_OFF);
    client_sync(bench.fd, true);
    stop(&bench);
}

TEST(lines_drop_when_the_client_leaves)
{
    bench_t bench;
    char answer[CLIENT_TEXT_SIZE];
    start(&bench, "none", "500");
    SET_CONTROLS(bench.fd, DTR_ON, RTS_ON);
    client_control(bench.control, "state", answer);
    assert_non_null(strstr(answer, "\ndtr 1\nrts 1\n"));
    assert_int_equal(shutdown(bench.fd, SHUT_WR), 0);
    assert_true(client_is_closed_by_peer(bench.fd));
    client_control(bench.control, "state", answer);
    assert_non_null(strstr(answer, "\ndtr 0\nrts 0\n"));
    stop(&bench);
}

static void set_rate(int fd, uint16_t rate_baud)
{
    const uint8_t high = (uint8_t)(rate_baud >> 8);
    const uint8_t low = (uint8_t)rate_baud;
    const uint8_t set[] = {255, 250, 44, SET_BAUDRATE, 0, 0, high, low, 255, 240};
    const uint8_t answer[] = {255, 250, 44, SET_BAUDRATE + 100, 0, 0, high, low, 255, 240};
    client_send(fd, set, sizeof(set));
    expect_answer(fd, answer, sizeof(answer));
}

/* What is sent at another rate than the chip's does not arrive as a command. */
TEST(rate_of_the_client_is_the_rate_on_the_wire)
{
    bench_t bench;
    start(&bench, "none", "500");
    client_wait_for_state(bench.control, "download-rom");
    set_rate(bench.fd, 38400);
    client_sync(bench.fd, true); /* the chip is now at 38400 */
    const uint64_t sent = client_stat(bench.control, "bytes_out");
    assert_int_equal(client_stat(bench.control, "commands"), 1);
    set_rate(bench.fd, 57600);
    client_send_sync(bench.fd);
    client_wait_for_stat(bench.control, "bytes_out", 2 * sent);
    client_wait_for_model(bench.control, 100000); /* twice what a SYNC and its replies take */
    assert_int_equal(client_stat(bench.control, "commands"), 1);
    set_rate(bench.fd, 38400);
    client_sync(bench.fd, true);
    stop(&bench);
}

TEST(purge_is_acknowledged_and_the_stream_goes_on)
{
    bench_t bench;
    start(&bench, "none", "500");
    client_wait_for_state(bench.control, "download-rom");
    ask(bench.fd, PURGE, 1);
    ask(bench.fd, PURGE, 2);
    ask(bench.fd, PURGE, 3);
    client_sync(bench.fd, true);
    stop(&bench);
}
