/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The net port on rfc2217://: negotiation, data, lines and rate, in exact bytes.
 */
#include <string.h>
#include <sys/socket.h>

#include "hex.h"
#include "net_fixture.h"
#include "test.h"

#define HELLO     "fffb2c fffb00 fffd00 fffb03 fffd03"
#define AGREEMENT "fffd2c fffd00 fffb00 fffd03 fffb03"
#define SETUP_AT(rate)                                                                                       \
    "fffa2c01" rate "fff0 fffa2c0208fff0 fffa2c0301fff0 fffa2c0401fff0 fffa2c0501fff0 fffa2c0c03fff0"
#define SETUP SETUP_AT("0001c200")
#define SETUP_DONE                                                                                           \
    "fffa2c650001c200fff0 fffa2c6608fff0 fffa2c6701fff0 fffa2c6801fff0 fffa2c6901fff0 fffa2c7003fff0"
#define OPENING                                                                                              \
    {HELLO, AGREEMENT},                                                                                      \
    {                                                                                                        \
        SETUP, SETUP_DONE                                                                                    \
    }

#define START_RFC2217(test, ...)                                                                             \
    static const server_step_t script[] = {__VA_ARGS__};                                                     \
    net_test_start(test, "rfc2217://127.0.0.1:%u", AF_INET, script, sizeof(script) / sizeof(script[0]), false)

TEST(opening_negotiates_sets_8n1_and_purges)
{
    net_test_t test;

    START_RFC2217(&test, OPENING);
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    net_test_finish(&test);
}

TEST(opening_uses_the_configured_rate)
{
    net_test_t test;

    START_RFC2217(&test, {HELLO, AGREEMENT},
                  {SETUP_AT("000e1000"), "fffa2c65000e1000fff0 fffa2c6608fff0 fffa2c6701fff0 fffa2c6801fff0"
                                         "fffa2c6901fff0 fffa2c7003fff0"});
    test.port.baudrate = 921600;
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    net_test_finish(&test);
}

TEST(bytes_before_the_purge_are_dropped_and_later_ones_kept)
{
    net_test_t test;

    START_RFC2217(&test, {HELLO, "626f6f74" AGREEMENT}, {SETUP, "6c6f67" SETUP_DONE}, {"01", "c0ffff c0"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    size_t written = 0;
    assert_int_equal(net_test_write(&test, "01", &written), ESP_LOADER_SUCCESS);
    net_test_reads(&test, "c0ffc0");
    net_test_finish(&test);
}

TEST(data_is_escaped_on_the_wire_and_counted_unescaped)
{
    net_test_t test;
    size_t written = 0;

    START_RFC2217(&test, OPENING, {"c0ffff00ffffffffc0", "c0ffff41c0"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(net_test_write(&test, "c0ff00ffffc0", &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, 6);
    net_test_reads(&test, "c0ff41c0");
    net_test_finish(&test);
}

TEST(data_longer_than_the_buffer_goes_out_whole)
{
    static char wire[2 * 2 * 3000 + 1]; /* 3000 bytes 0xFF, doubled, as text */
    static uint8_t data[3000];
    static const server_step_t script[] = {OPENING, {wire, NULL}};
    net_test_t test;
    size_t written = 0;

    memset(wire, 'f', sizeof(wire) - 1);
    memset(data, 0xFF, sizeof(data));
    net_test_start(&test, "rfc2217://127.0.0.1:%u", AF_INET, script, 3, false);
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(test.port.port.ops->write_all(&test.port.port, data, sizeof(data), PATIENT_MS, &written),
                     ESP_LOADER_SUCCESS);
    assert_int_equal(written, sizeof(data));
    net_test_finish(&test);
}

TEST(set_lines_returns_after_both_acknowledgements_and_keeps_data)
{
    net_test_t test;

    START_RFC2217(
        &test, OPENING,
        {"fffa2c0508fff0 fffa2c050cfff0", "7273 fffa2c6908fff0 743a fffa2c6b30fff0 fffa2c690cfff0 3078"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(test.port.port.ops->set_lines(&test.port.port, true, false), ESP_LOADER_SUCCESS);
    net_test_reads(&test, "7273743a3078");
    net_test_finish(&test);
}

TEST(set_lines_fails_when_the_server_acknowledges_another_state)
{
    net_test_t test;

    START_RFC2217(&test, OPENING, {"fffa2c050bfff0 fffa2c0509fff0", "fffa2c690cfff0 fffa2c6909fff0"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(test.port.port.ops->set_lines(&test.port.port, false, true), ESP_LOADER_ERROR_IO);
    net_test_finish(&test);
}

TEST(set_lines_times_out_when_only_one_is_acknowledged)
{
    net_test_t test;

    START_RFC2217(&test, OPENING, {"fffa2c0508fff0 fffa2c050bfff0", "fffa2c6908fff0"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(test.port.port.ops->set_lines(&test.port.port, true, true), ESP_LOADER_ERROR_TIMEOUT);
    net_test_finish(&test);
}

/* As Espressif's server: it obeys without a word, and reads the beginning of a sequence as a request for it.
 */
TEST(server_that_acknowledges_neither_line_is_not_waited_for_again)
{
    net_test_t test;

    START_RFC2217(
        &test, OPENING,
        {"fffa2c050bfff0 fffa2c0509fff0 fffa2c0508fff0 fffa2c050cfff0 fffa2c050cfff0 fffa2c0509fff0", NULL},
        {"01", "41"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    const esp_loader_port_ops_t *ops = test.port.port.ops;
    assert_int_equal(ops->link_kind(&test.port.port), ESP_LOADER_LINK_UNKNOWN);
    assert_false(net_port_lines_are_unconfirmed(&test.port));
    assert_int_equal(ops->set_lines(&test.port.port, false, true), ESP_LOADER_SUCCESS);
    const uint32_t begin_ms = ops->now_ms(&test.port.port);
    assert_int_equal(ops->set_lines(&test.port.port, true, false), ESP_LOADER_SUCCESS);
    assert_int_equal(ops->set_lines(&test.port.port, false, false), ESP_LOADER_SUCCESS);
    assert_in_range(ops->now_ms(&test.port.port) - begin_ms, 0, 400);
    assert_true(net_port_lines_are_unconfirmed(&test.port));
    assert_int_equal(ops->link_kind(&test.port.port), ESP_LOADER_LINK_UART);
    size_t written = 0;
    assert_int_equal(net_test_write(&test, "01", &written), ESP_LOADER_SUCCESS);
    net_test_reads(&test, "41");
    net_test_finish(&test);
}

/* One that has acknowledged before owes an answer. */
TEST(server_that_stops_acknowledging_lines_is_a_timeout)
{
    net_test_t test;

    START_RFC2217(&test, OPENING, {"fffa2c050bfff0 fffa2c0509fff0", "fffa2c690bfff0 fffa2c6909fff0"},
                  {"fffa2c0508fff0 fffa2c050cfff0", NULL});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(test.port.port.ops->set_lines(&test.port.port, false, true), ESP_LOADER_SUCCESS);
    assert_int_equal(test.port.port.ops->set_lines(&test.port.port, true, false), ESP_LOADER_ERROR_TIMEOUT);
    assert_false(net_port_lines_are_unconfirmed(&test.port));
    net_test_finish(&test);
}

TEST(server_that_does_not_acknowledge_flow_control_works_untold)
{
    net_test_t test;

    START_RFC2217(
        &test, {HELLO, AGREEMENT},
        {SETUP, "fffa2c650001c200fff0 fffa2c6608fff0 fffa2c6701fff0 fffa2c6801fff0 fffa2c7003fff0"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    net_test_finish(&test);
}

TEST(servers_without_control_acknowledgements_work_when_told)
{
    static const server_step_t script[] = {
        {HELLO, AGREEMENT},
        {SETUP, "fffa2c650001c200fff0 fffa2c6608fff0 fffa2c6701fff0 fffa2c6801fff0 fffa2c7003fff0"},
        {"fffa2c0508fff0 fffa2c050bfff0", NULL},
    };
    net_test_t test;

    net_test_start(&test, "rfc2217://127.0.0.1:%u?ign_set_control", AF_INET, script, 3, false);
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(test.port.port.ops->set_lines(&test.port.port, true, true), ESP_LOADER_SUCCESS);
    net_test_finish(&test);
}

TEST(rate_is_changed_when_the_server_says_so)
{
    net_test_t test;

    START_RFC2217(&test, OPENING, {"fffa2c01000e1000fff0", "fffa2c65000e1000fff0"},
                  {"fffa2c01000e1000fff0", "fffa2c65000e0000fff0"},  /* 917504: near enough */
                  {"fffa2c01000e1000fff0", "fffa2c650001c200fff0"}); /* stays at 115200 */
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(test.port.port.ops->set_rate(&test.port.port, 921600), ESP_LOADER_SUCCESS);
    assert_int_equal(test.port.port.ops->set_rate(&test.port.port, 921600), ESP_LOADER_SUCCESS);
    assert_int_equal(test.port.port.ops->set_rate(&test.port.port, 921600),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(test.port.port.ops->set_rate(&test.port.port, 0), ESP_LOADER_ERROR_INVALID_PARAM);
    net_test_finish(&test);
}

TEST(server_that_refuses_the_option_is_unsupported)
{
    net_test_t test;

    START_RFC2217(&test, {HELLO, "fffe2c fffd00 fffb00"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    net_test_finish(&test);
}

TEST(server_that_refuses_eight_bits_is_unsupported)
{
    net_test_t test;

    START_RFC2217(&test, {HELLO, AGREEMENT},
                  {SETUP, "fffa2c650001c200fff0 fffa2c6607fff0 fffa2c6701fff0 fffa2c6801fff0 fffa2c6901fff0"
                          "fffa2c7003fff0"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    net_test_finish(&test);
}

TEST(server_that_never_negotiates_times_out)
{
    net_test_t test;

    START_RFC2217(&test, {HELLO, "48656c6c6f"});
    test.port.connect_timeout_ms = 50;
    assert_int_equal(net_test_open(&test), ESP_LOADER_ERROR_TIMEOUT);
    net_test_finish(&test);
}

TEST(server_that_hangs_up_while_negotiating_is_disconnected)
{
    static const server_step_t script[] = {{HELLO, "fffd2c"}};
    net_test_t test;

    net_test_start(&test, "rfc2217://127.0.0.1:%u", AF_INET, script, 1, true);
    assert_int_equal(net_test_open(&test), ESP_LOADER_ERROR_DISCONNECTED);
    net_test_finish(&test);
}

TEST(questions_of_the_server_are_answered_while_reading)
{
    net_test_t test;

    START_RFC2217(&test, OPENING, {NULL, "fffb01 fffd18"}, {"fffe01 fffc18", "41"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    net_test_reads(&test, "41");
    net_test_finish(&test);
}

TEST(notifications_alone_do_not_extend_a_read)
{
    net_test_t test;

    START_RFC2217(&test, OPENING, {"01", "41 fffa2c6b30fff0 fffa2c6b20fff0"});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    size_t written = 0;
    assert_int_equal(net_test_write(&test, "01", &written), ESP_LOADER_SUCCESS);
    net_test_reads(&test, "41");
    net_test_read_fails(&test, 20, ESP_LOADER_ERROR_TIMEOUT);
    net_test_finish(&test);
}

TEST(endless_notifications_do_not_extend_a_read)
{
    static const char notification[] = "fffa2c6b30fff0";
    static char flood[1000 * (sizeof(notification) - 1) + 1]; /* faster than anyone reads */
    net_test_t test;

    for (size_t i = 0; i < sizeof(flood) - 1; i++) {
        flood[i] = notification[i % (sizeof(notification) - 1)];
    }
    START_RFC2217(&test, OPENING);
    test.server.flood = flood;
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    net_test_read_fails(&test, 20, ESP_LOADER_ERROR_TIMEOUT);
    net_test_finish(&test);
}

TEST(suspended_server_gets_no_data_until_it_resumes)
{
    net_test_t test;
    size_t written = 99;
    hex_t data = hex_parse("4142");

    START_RFC2217(&test, OPENING, {"01", "fffa2c6cfff0 41"},
                  {"fffa2c0508fff0 fffa2c050bfff0", "fffa2c6908fff0"
                                                    "fffa2c690bfff0 fffa2c6dfff0"},
                  {"4142", NULL});
    assert_int_equal(net_test_open(&test), ESP_LOADER_SUCCESS);
    assert_int_equal(net_test_write(&test, "01", &written), ESP_LOADER_SUCCESS);
    net_test_reads(&test, "41");
    assert_int_equal(test.port.port.ops->write_all(&test.port.port, data.bytes, data.size, 20, &written),
                     ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(written, 0);
    assert_int_equal(test.port.port.ops->set_lines(&test.port.port, true, true), ESP_LOADER_SUCCESS);
    assert_int_equal(net_test_write(&test, "4142", &written), ESP_LOADER_SUCCESS);
    net_test_finish(&test);
}
