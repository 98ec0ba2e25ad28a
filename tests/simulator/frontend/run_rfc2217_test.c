/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim --rfc2217 as its clients see it: negotiation, lines, rate, and the resets they make.
 */
#define _DEFAULT_SOURCE

#include "bench.h"

#include <sys/socket.h>

enum { SET_BAUDRATE = 1, SET_CONTROL = 5, PURGE = 12, DTR_ON = 8, DTR_OFF = 9, RTS_ON = 11, RTS_OFF = 12 };

#define TEST_RFC2217(name, wiring, pairing_ms)                                                               \
    TEST_BENCH(name, "--rfc2217=127.0.0.1:0", "--wiring=" wiring, "--line-pairing=" pairing_ms)

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

TEST_RFC2217(server_greets_negotiates_and_notifies, "bridge", "500")
{
    static const uint8_t greeting[] = {255, 251, 0, 255, 253, 0, 255, 251, 3, 255, 253, 3, 255, 253, 44};
    static const uint8_t request[] = {255, 251, 44, 255, 253, 1, 255, 253, 44};
    /* The modem state comes first, as COM-PORT is agreed on. */
    static const uint8_t answers[] = {255, 250, 44, 107, 0, 255, 240, 255, 252, 1, 255, 251, 44};
    const int fd = bench_connect(bench);
    for (size_t i = 0; i < sizeof(greeting); i++)
        assert_int_equal(client_byte(fd), greeting[i]);
    client_send(fd, request, sizeof(request));
    expect_answer(fd, answers, sizeof(answers));
}

/* The pair is complete long before a minute has passed. */
TEST_RFC2217(classic_sequence_enters_download_mode_though_lines_change_one_at_a_time, "bridge", "60000")
{
    const int fd = bench_connect(bench);
    client_wait_for_state(bench->control, "boot-failed");
    SET_CONTROLS(fd, DTR_OFF, RTS_ON, DTR_OFF);
    client_wait_for_state(bench->control, "off");
    SET_CONTROLS(fd, DTR_ON, RTS_OFF, DTR_ON);
    client_wait_for_state(bench->control, "download-rom");
    SET_CONTROLS(fd, DTR_OFF);
    client_sync(fd, true);

    SET_CONTROLS(fd, RTS_ON, RTS_OFF); /* and a plain reset leaves it */
    client_wait_for_state(bench->control, "boot-failed");
}

/* What a board does with the same lines when nobody pairs them: it leaves reset at (1,1), with the boot pin
 * up. */
static void apply_half_of_a_pair(bench_t *bench)
{
    const int fd = bench_connect(bench);
    SET_CONTROLS(fd, RTS_ON);
    client_wait_for_state(bench->control, "off");
    SET_CONTROLS(fd, DTR_ON);
    client_wait_for_state(bench->control, "boot-failed");
}

TEST_RFC2217(half_of_a_pair_is_applied_at_once_without_pairing, "bridge", "0")
{
    apply_half_of_a_pair(bench);
}

TEST_RFC2217(half_of_a_pair_is_applied_later_with_it, "bridge", "1")
{
    apply_half_of_a_pair(bench);
}

TEST_RFC2217(usj_sequence_enters_download_mode, "usj", "500")
{
    const int fd = bench_connect(bench);
    client_wait_for_state(bench->control, "boot-failed");
    SET_CONTROLS(fd, RTS_OFF, DTR_OFF, DTR_ON, RTS_ON, DTR_OFF);
    client_wait_for_state(bench->control, "download-rom");
    SET_CONTROLS(fd, RTS_OFF);
    client_sync(fd, true);
}

TEST_RFC2217(lines_drop_when_the_client_leaves, "none", "500")
{
    const int fd = bench_connect(bench);
    SET_CONTROLS(fd, DTR_ON, RTS_ON);
    bench_expect(bench, "state", "\ndtr 1\nrts 1\n");
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    assert_true(client_is_closed_by_peer(fd));
    bench_expect(bench, "state", "\ndtr 0\nrts 0\n");
}

static void set_rate(bench_t *bench, int fd, unsigned rate_baud)
{
    const uint8_t high = (uint8_t)(rate_baud >> 8);
    const uint8_t low = (uint8_t)rate_baud;
    const uint8_t set[] = {255, 250, 44, SET_BAUDRATE, 0, 0, high, low, 255, 240};
    const uint8_t answer[] = {255, 250, 44, SET_BAUDRATE + 100, 0, 0, high, low, 255, 240};
    (void)bench;
    client_send(fd, set, sizeof(set));
    expect_answer(fd, answer, sizeof(answer));
}

TEST_RFC2217(rate_of_the_client_is_the_rate_on_the_wire, "none", "500")
{
    const int fd = bench_connect(bench);
    client_wait_for_state(bench->control, "download-rom");
    set_rate(bench, fd, 38400);
    bench_check_rate(bench, fd, true, 38400, set_rate);
}

TEST_RFC2217(purge_is_acknowledged_and_the_stream_goes_on, "none", "500")
{
    const int fd = bench_connect(bench);
    client_wait_for_state(bench->control, "download-rom");
    for (uint8_t direction = 1; direction <= 3; direction++)
        ask(fd, PURGE, direction);
    client_sync(fd, true);
}
