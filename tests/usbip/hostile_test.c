/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Clients that do not speak USB/IP, or speak it wrongly: each loses its connection, and the server serves the
 * next one as if nothing had happened.
 */
#define _DEFAULT_SOURCE

#include "bench.h"
#include "usbip_client.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void import(usbip_client_t *client, const bench_t *bench)
{
    uint32_t status;
    while ((status = usbip_import(client, bench->where, "1-1")) != 0)
        assert_int_equal(status, 2); /* the last client's end has not been noticed yet */
}

/* The server still serves. */
static void assert_alive(const bench_t *bench)
{
    usbip_client_t client;
    usbip_reply_t reply;
    import(&client, bench);
    assert_true(usbip_control(&client, 0x80, 6, 0x0100, 0, 18, &reply));
    assert_int_equal(reply.size, 18);
    usbip_close(&client);
}

static void run_hostile(void (*run)(bench_t *bench))
{
    bench_t bench;
    bench_start(&bench, (const char *const[]){"--usbip=0", "--quiet", "--count=2", NULL});
    run(&bench);
    assert_alive(&bench);
    assert_int_equal(program_stop(&bench.program, SIGTERM, bench.answer), 0);
    assert_string_equal(bench.answer, "");
    bench_stop(&bench);
}

/* A case with a server that is still alive after it, and has nothing to say. */
#define TEST_HOSTILE(name) TEST_GIVEN(name, bench_t *bench, run_hostile(case_##name))

TEST_HOSTILE(wrong_requests_are_hung_up_on)
{
    static const char *const requests[] = {"GET / HTTP/1.0\r\n\r\n", "\x01\x06\x80\x05\0\0\0",
                                           "\x01\x11\x80\x04\0\0\0", "\x01\x11\0\x05\0\0\0"};
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        const int fd = client_connect_tcp(bench->where);
        client_send(fd, requests[i], 8);
        assert_true(client_is_closed_by_peer(fd));
        (void)close(fd);
    }
}

TEST_HOSTILE(silent_clients_do_not_lock_out_others)
{
    int silent[40];
    for (size_t i = 0; i < 40; i++) {
        silent[i] = client_connect_tcp(bench->where);
        client_send(silent[i], "\x01\x11\x80", i % 4);
    }
    assert_alive(bench);
    for (size_t i = 0; i < 40; i++)
        (void)close(silent[i]);
}

/* A header with one field changed; the rest asks for a descriptor. */
TEST_HOSTILE(commands_out_of_range_end_the_import)
{
    static const struct {
        size_t at;
        uint8_t value;
    } changes[] = {{3, 0}, {3, 9}, {0, 0xFF}, {8, 1}, {11, 1}, {15, 7}, {19, 200}, {24, 0x7F}, {24, 0xFF}};
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        usbip_client_t client;
        uint8_t pdu[48] = {[3] = 1,   [7] = 1,     [9] = 1,  [11] = 2, [15] = 1,
                           [27] = 18, [40] = 0x80, [41] = 6, [43] = 1, [46] = 18};
        import(&client, bench);
        assert_int_equal(client.device_id, 0x00010002);
        pdu[changes[i].at] = changes[i].value;
        client_send(client.fd, pdu, sizeof(pdu));
        assert_true(client_is_closed_by_peer(client.fd));
        usbip_close(&client);
    }
}

TEST_HOSTILE(client_that_leaves_in_the_middle_of_a_message_is_forgotten)
{
    for (size_t size = 1; size < 48 + 200; size += 13) {
        usbip_client_t client;
        uint8_t message[48 + 256] = {[3] = 1, [7] = 1, [9] = 1, [11] = 2, [19] = 1, [26] = 1};
        import(&client, bench);
        client_send(client.fd, message, size);
        usbip_close(&client);
    }
}

TEST_HOSTILE(more_transfers_than_a_host_can_have_end_the_import)
{
    usbip_client_t client;
    usbip_reply_t reply;
    import(&client, bench);
    for (unsigned i = 0; i < 2000; i++)
        (void)usbip_submit(&client, 3, NULL, NULL, 64);
    assert_int_equal(usbip_wait(&client, 1, 60000, &reply), USBIP_GONE);
    usbip_close(&client);
    import(&client, bench);
    for (unsigned i = 0; i < 20; i++)
        (void)usbip_submit(&client, 3, NULL, NULL, 1024 * 1024);
    assert_int_equal(usbip_wait(&client, 1, 60000, &reply), USBIP_GONE);
    usbip_close(&client);
}

/* Noise in every field but the first ones: most of it is refused, none of it harms. */
TEST_HOSTILE(noise_is_survived)
{
    uint32_t noise = 4711;
    for (unsigned round = 0; round < 60; round++) {
        usbip_client_t client;
        import(&client, bench);
        for (unsigned i = 0; i < 200; i++) {
            uint8_t pdu[48];
            for (size_t k = 0; k < sizeof(pdu); k++) {
                noise = noise * 1664525u + 1013904223u;
                pdu[k] = (uint8_t)(noise >> 24);
            }
            memset(pdu, 0, 20);
            pdu[3] = (uint8_t)(1 + (noise >> 9) % 2);
            pdu[7] = (uint8_t)i;
            pdu[9] = 1;
            pdu[11] = 2;
            pdu[15] = noise >> 11 & 1;
            pdu[19] = noise >> 13 & 3;
            pdu[24] = 0;
            pdu[25] = (uint8_t)(round % 8 == 0 ? pdu[25] : 0);
            pdu[26] &= 1;
            if (send(client.fd, pdu, sizeof(pdu), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
                break;
        }
        usbip_close(&client);
    }
}
