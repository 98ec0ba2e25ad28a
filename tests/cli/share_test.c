/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What goes through rfc2217-server: no byte is lost, and lines and rate change in their order among the bytes.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/socket.h>
#include <string.h>

#include "share_rig.h"
#include "test.h"

enum { BULK_SIZE = 100000 };

TEST(lines_of_one_packet_are_one_change)
{
    rig_t rig = rig_new();

    ASKS(&rig, {CONTROL, DTR_ON}, {CONTROL, RTS_ON});
    expect_log("lines(1,1) ");
    ASKS(&rig, {CONTROL, RTS_OFF}, {CONTROL, DTR_OFF});
    expect_log("lines(0,0) ");
    rig_free(&rig);
}

TEST(lines_of_two_packets_are_two_changes)
{
    rig_t rig = rig_new();

    ASKS(&rig, {CONTROL, DTR_ON});
    expect_log("lines(1,0) ");
    expect_answer(&rig, "\x2c\x69\x08", 3);
    ASKS(&rig, {CONTROL, RTS_ON});
    expect_log("lines(1,1) ");
    expect_answer(&rig, "\x2c\x69\x0b", 3);
    rig_free(&rig);
}

TEST(a_pulse_in_one_packet_stays_one)
{
    rig_t rig = rig_new();

    ASKS(&rig, {CONTROL, RTS_ON}, {CONTROL, RTS_OFF});
    expect_log("lines(0,1) lines(0,0) ");
    ASKS(&rig, {CONTROL, RTS_ON}, {CONTROL, DTR_ON}, {CONTROL, RTS_OFF}, {CONTROL, DTR_OFF});
    expect_log("lines(1,1) lines(0,0) ");
    rig_free(&rig);
}

TEST(lines_change_between_the_bytes_around_them)
{
    rig_t rig = rig_new();

    ASKS(&rig, {DATA, 'a'}, {CONTROL, RTS_ON}, {DATA, 'b'}, {CONTROL, RTS_OFF});
    expect_log("");
    expect_data(&rig, "a");
    board_log.unsent = 1;
    share_client_decode(&rig.client, &rig.board, rig.now_us);
    expect_log(""); /* the kernel has it, the wire has not */
    board_log.unsent = 0;
    share_client_decode(&rig.client, &rig.board, rig.now_us);
    expect_log("lines(0,1) ");
    expect_data(&rig, "b");
    share_client_decode(&rig.client, &rig.board, rig.now_us);
    expect_log("lines(0,0) ");
    rig_free(&rig);
}

TEST(bytes_that_never_leave_do_not_stop_a_request_for_ever)
{
    rig_t rig = rig_new();

    board_log.unsent = 1152; /* 100 ms */
    ASKS(&rig, {CONTROL, RTS_ON});
    rig.now_us += 599000;
    share_client_decode(&rig.client, &rig.board, rig.now_us);
    expect_log("");
    rig.now_us += 1001;
    share_client_decode(&rig.client, &rig.board, rig.now_us);
    expect_log("lines(0,1) ");
    rig_free(&rig);
}

TEST(escapes_may_be_cut_anywhere)
{
    static const char stream[] = "a\xff\xff"
                                 "b\xff\xfa\x2c\x05\x0b\xff\xf0"
                                 "c\xff\xf1\xff\xff";

    for (size_t cut = 1; cut < sizeof(stream) - 1; cut++) {
        rig_t rig = rig_new();
        char got[16] = "";
        const size_t sizes[] = {cut, sizeof(stream) - 1 - cut};

        for (size_t i = 0, at = 0; i < 2; at += sizes[i], i++) {
            peer_sends(&rig, stream + at, sizes[i]);
            for (unsigned n = 0; n < 2;
                 n++) { /* the board takes it, and the request that has waited is carried out */
                memcpy(got + strlen(got), byte_queue_first(&rig.client.to_board),
                       byte_queue_size(&rig.client.to_board));
                byte_queue_clear(&rig.client.to_board);
                share_client_decode(&rig.client, &rig.board, rig.now_us);
            }
        }
        assert_string_equal(got, "a\xff"
                                 "bc\xff");
        expect_log("lines(0,1) ");
        rig_free(&rig);
    }
}

TEST(no_byte_is_lost_when_the_board_is_slow)
{
    static uint8_t sent[BULK_SIZE];
    static uint8_t got[BULK_SIZE];
    rig_t rig = rig_new();
    size_t sent_size = 0;
    size_t got_size = 0;

    assert_int_equal(fcntl(rig.peer, F_SETFL, O_NONBLOCK), 0);
    for (size_t i = 0; i < BULK_SIZE; i++) {
        sent[i] = (uint8_t)(i * 7 + i / 256); /* without 0xff, which is escaped below */
        sent[i] = sent[i] == 0xFF ? 0 : sent[i];
    }
    while (got_size < BULK_SIZE) {
        ssize_t put = send(rig.peer, sent + sent_size, BULK_SIZE - sent_size, 0);
        sent_size += put > 0 ? (size_t)put : 0;
        share_client_receive(&rig.client);
        share_client_decode(&rig.client, &rig.board, rig.now_us);
        size_t taken = byte_queue_size(&rig.client.to_board);
        taken = taken < 997 ? taken : 997;
        memcpy(got + got_size, byte_queue_first(&rig.client.to_board), taken);
        byte_queue_drop(&rig.client.to_board, taken);
        got_size += taken;
    }
    assert_memory_equal(got, sent, BULK_SIZE);
    rig_free(&rig);
}

static void board_prints(rig_t *rig, const void *bytes, size_t size)
{
    memcpy(byte_queue_space(&rig->client.from_board), bytes, size);
    byte_queue_added(&rig->client.from_board, size);
}

TEST(no_byte_is_lost_when_the_client_is_slow)
{
    static uint8_t got[2 * SHARE_CLIENT_SIZE + 8];
    rig_t rig = rig_new();
    size_t printed = 0;
    size_t received = 0;

    while (printed < 4 * SHARE_CLIENT_SIZE) { /* it does not read at all at first */
        uint8_t *space = byte_queue_space(&rig.client.from_board);
        size_t room = byte_queue_room(&rig.client.from_board);
        for (size_t i = 0; i < room; i++) {
            space[i] = (uint8_t)((printed + i) % 255); /* all but 0xff */
        }
        byte_queue_added(&rig.client.from_board, room);
        printed += room;
        assert_true(share_client_send(&rig.client));
        if (room == 0) {
            break;
        }
    }
    assert_true(printed > 2 * SHARE_CLIENT_SIZE - 1000);
    while (received < printed) {
        size_t size = peer_reads(&rig, got, sizeof(got));
        assert_true(size > 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(got[i], (received + i) % 255);
        }
        received += size;
    }
    rig_free(&rig);
}

TEST(what_the_board_prints_is_escaped)
{
    rig_t rig = rig_new();
    uint8_t got[16];

    board_prints(&rig,
                 "a\xff\xff"
                 "b",
                 4);
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 6);
    assert_memory_equal(got,
                        "a\xff\xff\xff\xff"
                        "b",
                        6);
    rig_free(&rig);
}

TEST(purge_drops_what_is_on_its_way)
{
    rig_t rig = rig_new();

    board_prints(&rig, "old", 3);
    peer_sends(&rig, "to send", 7);
    ASKS(&rig, {PURGE, 1});
    expect_log("purge(1,0) ");
    expect_answer(&rig, "\x2c\x70\x01", 3);
    expect_data(&rig, "to send");
    peer_sends(&rig, "to send", 7);
    ASKS(&rig, {PURGE, 3});
    expect_log("purge(1,1) ");
    expect_data(&rig, "");
    rig_free(&rig);
}

TEST(suspended_data_waits_and_answers_do_not)
{
    rig_t rig = rig_new();
    uint8_t got[16];

    peer_sends(&rig, "\xff\xfa\x2c\x08\xff\xf0", 6);
    board_prints(&rig, "later", 5);
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 0);
    ASKS(&rig, {CONTROL, 7});
    expect_answer(&rig, "\x2c\x69\x09", 3);
    peer_sends(&rig, "\xff\xfa\x2c\x09\xff\xf0", 6);
    assert_int_equal(peer_reads(&rig, got, sizeof(got)), 5);
    assert_memory_equal(got, "later", 5);
    rig_free(&rig);
}
