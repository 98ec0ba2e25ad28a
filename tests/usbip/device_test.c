/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim --usbip: listing, importing and enumerating boards, transfers that wait and are given up,
 * unplugging in the middle.
 */
#define _DEFAULT_SOURCE

#include "bench.h"
#include "usbip_client.h"

#include <string.h>

#define TEST_USBIP(name, ...) TEST_BENCH(name, "--usbip=0", __VA_ARGS__)

TEST_USBIP(all_boards_are_on_one_port, "--count", "3")
{
    usbip_client_t clients[3];
    char boards[64];
    usbip_list(bench->where, boards, sizeof(boards));
    assert_string_equal(boards, "1-1 1-2 1-3");
    assert_int_equal(usbip_import(&clients[1], bench->where, "1-2"), 0);
    usbip_list(bench->where, boards, sizeof(boards));
    assert_string_equal(boards, "1-1 1-3");
    assert_int_equal(usbip_import(&clients[0], bench->where, "1-1"), 0);
    assert_int_equal(usbip_import(&clients[2], bench->where, "1-3"), 0);
    usbip_list(bench->where, boards, sizeof(boards));
    assert_string_equal(boards, "");
    for (unsigned i = 0; i < 3; i++) {
        usbip_reply_t reply;
        assert_true(usbip_control(&clients[i], 0x80, 6, 0x0303, 0x0409, 255, &reply));
        assert_int_equal(reply.size, 36);
        assert_int_equal(reply.data[34], '1' + i); /* each has a MAC of its own */
        usbip_close(&clients[i]);
    }
}

TEST_USBIP(board_has_one_client_and_can_be_had_again, "--quiet")
{
    usbip_client_t client;
    usbip_client_t other;
    assert_int_equal(usbip_import(&other, bench->where, "1-2"), 4);
    assert_int_equal(usbip_import(&other, bench->where, ""), 4);
    for (unsigned i = 0; i < 3; i++) {
        usbip_reply_t reply;
        assert_int_equal(usbip_import(&client, bench->where, "1-1"), 0);
        assert_int_equal(usbip_import(&other, bench->where, "1-1"), 2);
        assert_true(usbip_control(&client, 0x80, 6, 0x0100, 0, 18, &reply));
        (void)usbip_submit(&client, 1, NULL, NULL, 64); /* left behind */
        usbip_close(&client);
        while (usbip_import(&other, bench->where, "1-1") != 0) {
        }
        usbip_close(&other);
        while (usbip_import(&other, bench->where, "1-1") != 0) {
        }
        usbip_close(&other);
        char boards[32] = "";
        while (boards[0] == '\0')
            usbip_list(bench->where, boards, sizeof(boards));
    }
}

/* The order of requests in which Linux enumerates a device and its cdc-acm driver opens it. */
TEST_USBIP(enumeration_as_linux_does_it, "--quiet")
{
    static const struct {
        uint8_t type, request;
        uint16_t value, index, length;
        int32_t status;
        uint32_t size;
    } steps[] = {
        {0x80, 6, 0x0100, 0, 64, 0, 18},
        {0x80, 6, 0x0100, 0, 18, 0, 18},
        {0x80, 6, 0x0600, 0, 10, USBIP_STALL, 0},
        {0x80, 6, 0x0200, 0, 9, 0, 9},
        {0x80, 6, 0x0200, 0, 98, 0, 98},
        {0x80, 6, 0x0300, 0, 255, 0, 4},
        {0x80, 6, 0x0302, 0x0409, 255, 0, 54},
        {0x80, 6, 0x0301, 0x0409, 255, 0, 20},
        {0x80, 6, 0x0303, 0x0409, 255, 0, 36},
        {0x00, 9, 1, 0, 0, 0, 0},
        {0x21, 0x20, 0, 0, 7, 0, 7},
        {0x21, 0x22, 3, 0, 0, 0, 0},
    };
    usbip_client_t client;
    assert_int_equal(usbip_import(&client, bench->where, "1-1"), 0);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        usbip_reply_t reply;
        assert_true(usbip_control(&client, steps[i].type, steps[i].request, steps[i].value, steps[i].index,
                                  steps[i].length, &reply));
        assert_int_equal(reply.status, steps[i].status);
        assert_int_equal(reply.size, steps[i].size);
    }
    usbip_close(&client);
}

/* What cdc-acm has under way at any time is given up in one burst when its tty is closed. */
TEST_USBIP(burst_of_unlinks_is_answered_one_by_one, "--quiet", "--boot", "download")
{
    usbip_client_t client;
    usbip_reply_t reply;
    uint32_t victims[17];
    uint32_t unlinks[17];
    assert_int_equal(usbip_import(&client, bench->where, "1-1"), 0);
    /* Take the boot log first. */
    uint32_t reading;
    do {
        reading = usbip_submit(&client, 1, NULL, NULL, 128);
    } while (usbip_wait(&client, reading, 300, &reply) == USBIP_DONE);

    victims[0] = usbip_submit(&client, 2, NULL, NULL, 64);
    for (size_t i = 1; i < 17; i++)
        victims[i] = usbip_submit(&client, 1, NULL, NULL, 128);
    for (size_t i = 0; i < 17; i++)
        unlinks[i] = usbip_unlink(&client, victims[i]);
    for (size_t i = 0; i < 17; i++) {
        assert_int_equal(usbip_wait(&client, unlinks[i], 60000, &reply), USBIP_DONE);
        assert_int_equal(reply.command, 4);
        assert_int_equal(reply.status, USBIP_UNLINKED);
    }
    /* Too late, and never there: both have nothing to give up. */
    assert_int_equal(usbip_wait(&client, usbip_unlink(&client, victims[3]), 60000, &reply), USBIP_DONE);
    assert_int_equal(reply.status, 0);
    assert_true(usbip_control(&client, 0x80, 8, 0, 0, 1, &reply));
    assert_int_equal(usbip_wait(&client, usbip_unlink(&client, reply.seqnum), 60000, &reply), USBIP_DONE);
    assert_int_equal(reply.status, 0);
    assert_int_equal(client.count, 0); /* nothing completed besides */
    usbip_close(&client);
}

TEST_USBIP(unplugging_closes_the_import_with_transfers_in_flight, "--quiet")
{
    char boards[32];
    for (unsigned round = 0; round < 3; round++) {
        usbip_client_t client;
        usbip_client_t other;
        usbip_reply_t reply;
        uint8_t bytes[1024] = {0};
        uint32_t status;
        while ((status = usbip_import(&client, bench->where, "1-1")) != 0)
            assert_int_equal(status, 4);
        for (unsigned i = 0; i < 4; i++)
            (void)usbip_submit(&client, 1, NULL, bytes, sizeof(bytes));
        const uint32_t in = usbip_submit(&client, 3, NULL, NULL, 64);
        bench_control(bench, "unplug");
        assert_int_equal(usbip_wait(&client, in, 60000, &reply), USBIP_GONE);
        usbip_close(&client);
        assert_int_equal(usbip_import(&other, bench->where, "1-1"), 4);
        usbip_list(bench->where, boards, sizeof(boards));
        assert_string_equal(boards, "");
        bench_control(bench, "plug");
    }
}

TEST_USBIP(system_reset_takes_the_board_off_the_bus_and_back, "--quiet")
{
    usbip_client_t client;
    usbip_reply_t reply;
    uint32_t status;
    assert_int_equal(usbip_import(&client, bench->where, "1-1"), 0);
    const uint32_t in = usbip_submit(&client, 2, NULL, NULL, 64);
    bench_control(bench, "reset");
    assert_int_equal(usbip_wait(&client, in, 60000, &reply), USBIP_GONE);
    usbip_close(&client);
    while ((status = usbip_import(&client, bench->where, "1-1")) != 0)
        assert_int_equal(status, 4);
    assert_true(usbip_control(&client, 0x80, 6, 0x0100, 0, 18, &reply));
    usbip_close(&client);
}

TEST_USBIP(core_reset_by_the_lines_keeps_the_import, "--quiet")
{
    usbip_client_t client;
    usbip_reply_t reply;
    assert_int_equal(usbip_import(&client, bench->where, "1-1"), 0);
    const uint32_t in = usbip_submit(&client, 1, NULL, NULL, 64);
    assert_true(usbip_set_lines(&client, true, false));
    assert_true(usbip_set_lines(&client, true, true));
    assert_true(usbip_set_lines(&client, false, true));
    assert_true(usbip_set_lines(&client, false, false));
    assert_int_equal(usbip_wait(&client, in, 60000, &reply), USBIP_DONE); /* the boot log */
    assert_memory_equal(reply.data, "ESP-ROM:", 8);
    client_wait_for_state(bench->control, "download-rom");
    assert_true(usbip_control(&client, 0x80, 8, 0, 0, 1, &reply));
    usbip_close(&client);
}

TEST(only_chips_and_wirings_with_the_device_can_be_exported)
{
    char out[CLIENT_TEXT_SIZE];
    char errors[CLIENT_TEXT_SIZE];
    assert_int_equal(program_run((const char *const[]){"--usbip", "0", "--chip", "esp32", NULL}, out, errors),
                     1);
    assert_non_null(strstr(errors, "no USB-Serial/JTAG"));
    assert_int_equal(
        program_run((const char *const[]){"--usbip", "0", "--wiring", "bridge", NULL}, out, errors), 2);
    assert_non_null(strstr(errors, "--wiring must be usj"));
}
