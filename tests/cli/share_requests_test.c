/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The requests of RFC 2217 that rfc2217-server understands, and what it answers.
 */
#include <string.h>

#include "share_rig.h"
#include "test.h"

TEST(a_device_without_lines_says_that_they_are_off)
{
    rig_t rig = rig_new();

    rig.board.has_lines = false;
    ASKS(&rig, {CONTROL, DTR_ON});
    expect_answer(&rig, "\x2c\x69\x09", 3);
    rig_free(&rig);
}

TEST(a_rate_is_answered_with_the_one_in_force)
{
    rig_t rig = rig_new();

    peer_sends(&rig, "\xff\xfa\x2c\x01\x00\x0e\x10\x00\xff\xf0", 10);
    expect_log("rate(921600,0) ");
    expect_answer(&rig, "\x2c\x65\x00\x0e\x10\x00", 6);
    peer_sends(&rig, "\xff\xfa\x2c\x01\x00\x3d\x09\x00\xff\xf0", 10); /* 4000000 is refused */
    expect_log("");
    expect_answer(&rig, "\x2c\x65\x00\x0e\x10\x00", 6);
    peer_sends(&rig, "\xff\xfa\x2c\x01\x00\x00\x00\x00\xff\xf0", 10); /* a question */
    expect_log("");
    expect_answer(&rig, "\x2c\x65\x00\x0e\x10\x00", 6);
    rig_free(&rig);
}

TEST(a_rate_in_which_a_byte_is_escaped)
{
    rig_t rig = rig_new();

    peer_sends(&rig, "\xff\xfa\x2c\x01\x00\x00\xff\xff\x20\xff\xf0", 11); /* 65312 */
    expect_log("rate(65312,0) ");
    uint8_t got[32];
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 11);
    assert_memory_equal(got, "\xff\xfa\x2c\x65\x00\x00\xff\xff\x20\xff\xf0", 11);
    rig_free(&rig);
}

/* The form of a byte, flow control, masks, questions, break, signature. */
static const struct {
    uint8_t command, value, answered;
} answers[] = {
    {2, 7, 8},         {3, 2, 1},         {4, 2, 1},        {CONTROL, 0, 1},   {CONTROL, 3, 1},
    {CONTROL, 4, 6},   {CONTROL, 5, 5},   {CONTROL, 6, 6},  {CONTROL, 7, 9},   {CONTROL, 10, 12},
    {CONTROL, 13, 14}, {CONTROL, 16, 14}, {CONTROL, 17, 1}, {CONTROL, 18, 14}, {10, 0x1e, 0x1e},
    {11, 0xf0, 0xf0},  {PURGE, 3, 3},
};

TEST_ROWS(requests_and_their_answers, answers)
{
    rig_t rig = rig_new();
    const uint8_t expected[] = {44, (uint8_t)(row->command + 100), row->answered};

    ASKS(&rig, {row->command, row->value});
    expect_answer(&rig, expected, sizeof(expected));
    rig_free(&rig);
}

TEST(the_signature_is_answered_and_not_that_of_the_client)
{
    rig_t rig = rig_new();

    peer_sends(&rig, "\xff\xfa\x2c\x00\xff\xf0", 6);
    expect_answer(&rig,
                  "\x2c\x64"
                  "esp-loader",
                  12);
    peer_sends(&rig, "\xff\xfa\x2c\x00x\xff\xf0", 7);
    uint8_t got[8];
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 0);
    rig_free(&rig);
}

TEST(changes_of_modem_lines_and_errors_are_told)
{
    rig_t rig = rig_new();
    uint8_t got[16];

    board_log.modem = COM_PORT_CTS;
    share_client_notify(&rig.client, &rig.board);
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 0); /* it has not said that it understands */
    peer_sends(&rig, "\xff\xfb\x2c", 3);
    share_client_notify(&rig.client, &rig.board);
    expect_answer(&rig, "\x2c\x6b\x10", 3);
    share_client_notify(&rig.client, &rig.board);
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 0);
    board_log.modem = COM_PORT_CD;
    board_log.errors = COM_PORT_FRAMING_ERROR; /* not asked for */
    share_client_notify(&rig.client, &rig.board);
    expect_answer(&rig, "\x2c\x6b\x89", 3); /* CD is on, CTS and CD have changed */
    ASKS(&rig, {11, 0}, {10, 0x08});
    (void)peer_reads(&rig, got, sizeof(got));
    board_log.modem = 0;
    board_log.errors = COM_PORT_FRAMING_ERROR;
    share_client_notify(&rig.client, &rig.board);
    expect_answer(&rig, "\x2c\x6a\x68", 3);
    rig_free(&rig);
}

TEST(options_are_agreed_on_once)
{
    rig_t rig = rig_new();
    uint8_t got[16];

    peer_sends(&rig, "\xff\xfd\x00\xff\xfb\x00\xff\xfb\x2c",
               9); /* answers to what the server has said first */
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 0);
    peer_sends(&rig, "\xff\xfd\x2c\xff\xfd\x2c", 6);
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 3);
    assert_memory_equal(got, "\xff\xfb\x2c", 3);
    peer_sends(&rig, "\xff\xfb\x18\xff\xfc\x18", 6); /* terminal type */
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 3);
    assert_memory_equal(got, "\xff\xfe\x18", 3);
    rig_free(&rig);
}

TEST(subnegotiations_that_are_no_requests_are_not_answered)
{
    static const char stream[] = "\xff\xfa\x18\x01\xff\xf0"     /* another option */
                                 "\xff\xfa\x2c\xff\xf0"         /* no command */
                                 "\xff\xfa\x2c\x01\x00\xff\xf0" /* half a rate */
                                 "\xff\xfa\x2c\x05\xff\xf0"     /* no value */
                                 "\xff\xfa\x2c\x65\x08\xff\xf0" /* a server's */
                                 "\xff\xfa\xff\xf0";            /* empty */
    rig_t rig = rig_new();
    uint8_t got[16];
    uint8_t flood[300];

    peer_sends(&rig, stream, sizeof(stream) - 1);
    memset(flood, 5, sizeof(flood));
    memcpy(flood, "\xff\xfa\x2c\x05\x0b", 5);
    memcpy(flood + sizeof(flood) - 2, "\xff\xf0", 2);
    peer_sends(&rig, flood, sizeof(flood)); /* too long */
    peer_sends(&rig, "x", 1);
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 0);
    expect_log("");
    expect_data(&rig, "x");
    rig_free(&rig);
}
