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
#define CONTROL_DONE "fffa2c6901fff0 fffa2c7003fff0"
#define SETUP        SETUP_AT("0001c200")
#define SETUP_DONE                                                                                           \
    "fffa2c650001c200fff0 fffa2c6608fff0 fffa2c6701fff0 fffa2c6801fff0 fffa2c6901fff0 fffa2c7003fff0"
#define OPENING                                                                                              \
    {HELLO, AGREEMENT},                                                                                      \
    {                                                                                                        \
        SETUP, SETUP_DONE                                                                                    \
    }

#define START_RFC2217(...)                                                                                   \
    static const server_step_t script[] = {__VA_ARGS__};                                                     \
    net_test_start("rfc2217://127.0.0.1:%u", AF_INET, script, sizeof(script) / sizeof(script[0]), false)

/** The same behind the usual opening. */
#define OPEN_RFC2217(...)                                                                                    \
    START_RFC2217(OPENING, __VA_ARGS__);                                                                     \
    assert_port_opens()

static const struct {
    const char *what;
    server_step_t script[2];
    uint32_t baudrate;   /* 0: the default */
    uint32_t timeout_ms; /* 0: never in a test that passes */
    bool hangs_up;
    esp_loader_error_t outcome;
} openings[] = {
    {"as it should be", {{HELLO, AGREEMENT}, {SETUP, SETUP_DONE}}, .outcome = ESP_LOADER_SUCCESS},
    {"at the configured rate",
     {{HELLO, AGREEMENT},
      {SETUP_AT("000e1000"),
       "fffa2c65000e1000fff0 fffa2c6608fff0 fffa2c6701fff0 fffa2c6801fff0" CONTROL_DONE}},
     .baudrate = 921600,
     .outcome = ESP_LOADER_SUCCESS},
    {"flow control is not acknowledged",
     {{HELLO, AGREEMENT},
      {SETUP, "fffa2c650001c200fff0 fffa2c6608fff0 fffa2c6701fff0 fffa2c6801fff0 fffa2c7003fff0"}},
     .outcome = ESP_LOADER_SUCCESS},
    {"the option is refused",
     {{HELLO, "fffe2c fffd00 fffb00"}},
     .outcome = ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
    {"eight bits are refused",
     {{HELLO, AGREEMENT},
      {SETUP, "fffa2c650001c200fff0 fffa2c6607fff0 fffa2c6701fff0 fffa2c6801fff0" CONTROL_DONE}},
     .outcome = ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
    {"it never negotiates", {{HELLO, "48656c6c6f"}}, .timeout_ms = 50, .outcome = ESP_LOADER_ERROR_TIMEOUT},
    {"it hangs up", {{HELLO, "fffd2c"}}, .hangs_up = true, .outcome = ESP_LOADER_ERROR_DISCONNECTED},
};

TEST_ROWS(opening_negotiates_sets_8n1_and_purges, openings)
{
    print_message("%s\n", row->what);
    net_test_start("rfc2217://127.0.0.1:%u", AF_INET, row->script, row->script[1].expect != NULL ? 2 : 1,
                   row->hangs_up);
    net_test.port.baudrate = row->baudrate;
    if (row->timeout_ms != 0) {
        net_test.port.connect_timeout_ms = row->timeout_ms;
    }
    assert_int_equal(port_init(), row->outcome);
    net_test_finish();
}

TEST_NET(bytes_before_the_purge_are_dropped_and_later_ones_kept)
{
    START_RFC2217({HELLO, "626f6f74" AGREEMENT}, {SETUP, "6c6f67" SETUP_DONE}, {"01", "c0ffff c0"});
    assert_port_opens();
    net_test_writes("01");
    net_test_reads("c0ffc0");
}

TEST_NET(data_is_escaped_on_the_wire_and_counted_unescaped)
{
    OPEN_RFC2217({"c0ffff00ffffffffc0", "c0ffff41c0"});
    net_test_writes("c0ff00ffffc0");
    net_test_reads("c0ff41c0");
}

TEST_NET(data_longer_than_the_buffer_goes_out_whole)
{
    static char wire[2 * 2 * 3000 + 1]; /* 3000 bytes 0xFF, doubled, as text */
    static uint8_t data[3000];
    static const server_step_t script[] = {OPENING, {wire, NULL}};
    size_t written = 0;

    memset(wire, 'f', sizeof(wire) - 1);
    memset(data, 0xFF, sizeof(data));
    net_test_start("rfc2217://127.0.0.1:%u", AF_INET, script, 3, false);
    assert_port_opens();
    assert_int_equal(port_write(data, sizeof(data), PATIENT_MS, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, sizeof(data));
}

TEST_NET(set_lines_returns_after_both_acknowledgements_and_keeps_data)
{
    OPEN_RFC2217(
        {"fffa2c0508fff0 fffa2c050cfff0", "7273 fffa2c6908fff0 743a fffa2c6b30fff0 fffa2c690cfff0 3078"});
    assert_int_equal(port_set_lines(true, false), ESP_LOADER_SUCCESS);
    net_test_reads("7273743a3078");
}

TEST_NET(a_server_whose_line_stays_as_it_is_has_none)
{
    OPEN_RFC2217({"fffa2c050bfff0 fffa2c0509fff0", "fffa2c690cfff0 fffa2c6909fff0"});
    assert_int_equal(port_set_lines(false, true), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST_NET(set_lines_times_out_when_only_one_is_acknowledged)
{
    OPEN_RFC2217({"fffa2c0508fff0 fffa2c050bfff0", "fffa2c6908fff0"});
    assert_int_equal(port_set_lines(true, true), ESP_LOADER_ERROR_TIMEOUT);
}

/* As Espressif's server: it obeys without a word, and reads the beginning of a sequence as a request for it.
 */
TEST_NET(server_that_acknowledges_neither_line_is_not_waited_for_again)
{
    OPEN_RFC2217(
        {"fffa2c050bfff0 fffa2c0509fff0 fffa2c0508fff0 fffa2c050cfff0 fffa2c050cfff0 fffa2c0509fff0", NULL},
        {"01", "41"});
    const esp_loader_port_ops_t *ops = port_under_test->ops;
    assert_int_equal(ops->link_kind(&net_test.port.port), ESP_LOADER_LINK_UNKNOWN);
    assert_false(net_port_lines_are_unconfirmed(&net_test.port));
    assert_int_equal(ops->set_lines(&net_test.port.port, false, true), ESP_LOADER_SUCCESS);
    const uint32_t begin_ms = ops->now_ms(&net_test.port.port);
    assert_int_equal(ops->set_lines(&net_test.port.port, true, false), ESP_LOADER_SUCCESS);
    assert_int_equal(ops->set_lines(&net_test.port.port, false, false), ESP_LOADER_SUCCESS);
    assert_in_range(ops->now_ms(&net_test.port.port) - begin_ms, 0, 400);
    assert_true(net_port_lines_are_unconfirmed(&net_test.port));
    assert_int_equal(ops->link_kind(&net_test.port.port), ESP_LOADER_LINK_UART);
    net_test_writes("01");
    net_test_reads("41");
}

/* One that has acknowledged before owes an answer. */
TEST_NET(server_that_stops_acknowledging_lines_is_a_timeout)
{
    OPEN_RFC2217({"fffa2c050bfff0 fffa2c0509fff0", "fffa2c690bfff0 fffa2c6909fff0"},
                 {"fffa2c0508fff0 fffa2c050cfff0", NULL});
    assert_int_equal(port_set_lines(false, true), ESP_LOADER_SUCCESS);
    assert_int_equal(port_set_lines(true, false), ESP_LOADER_ERROR_TIMEOUT);
    assert_false(net_port_lines_are_unconfirmed(&net_test.port));
}

TEST_NET(servers_without_control_acknowledgements_work_when_told)
{
    static const server_step_t script[] = {
        {HELLO, AGREEMENT},
        {SETUP, "fffa2c650001c200fff0 fffa2c6608fff0 fffa2c6701fff0 fffa2c6801fff0 fffa2c7003fff0"},
        {"fffa2c0508fff0 fffa2c050bfff0", NULL},
    };
    net_test_start("rfc2217://127.0.0.1:%u?ign_set_control", AF_INET, script, 3, false);
    assert_port_opens();
    assert_int_equal(port_set_lines(true, true), ESP_LOADER_SUCCESS);
}

TEST_NET(rate_is_changed_when_the_server_says_so)
{
    START_RFC2217(OPENING, {"fffa2c01000e1000fff0", "fffa2c65000e1000fff0"},
                  {"fffa2c01000e1000fff0", "fffa2c65000e0000fff0"},  /* 917504: near enough */
                  {"fffa2c01000e1000fff0", "fffa2c650001c200fff0"}); /* stays at 115200 */
    assert_port_opens();
    assert_int_equal(port_set_rate(921600), ESP_LOADER_SUCCESS);
    assert_int_equal(port_set_rate(921600), ESP_LOADER_SUCCESS);
    assert_int_equal(port_set_rate(921600), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(port_set_rate(0), ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_NET(questions_of_the_server_are_answered_while_reading)
{
    OPEN_RFC2217({NULL, "fffb01 fffd18"}, {"fffe01 fffc18", "41"});
    net_test_reads("41");
}

TEST_NET(notifications_alone_do_not_extend_a_read)
{
    OPEN_RFC2217({"01", "41 fffa2c6b30fff0 fffa2c6b20fff0"});
    net_test_writes("01");
    net_test_reads("41");
    assert_read_fails(20, ESP_LOADER_ERROR_TIMEOUT);
}

TEST_NET(endless_notifications_do_not_extend_a_read)
{
    static const char notification[] = "fffa2c6b30fff0";
    static char flood[1000 * (sizeof(notification) - 1) + 1]; /* faster than anyone reads */
    for (size_t i = 0; i < sizeof(flood) - 1; i++) {
        flood[i] = notification[i % (sizeof(notification) - 1)];
    }
    START_RFC2217(OPENING);
    net_test.server.flood = flood;
    assert_port_opens();
    assert_read_fails(20, ESP_LOADER_ERROR_TIMEOUT);
}

TEST_NET(suspended_server_gets_no_data_until_it_resumes)
{
    hex_t data = hex_parse("4142");
    size_t written = 99;

    OPEN_RFC2217({"01", "fffa2c6cfff0 41"},
                 {"fffa2c0508fff0 fffa2c050bfff0", "fffa2c6908fff0"
                                                   "fffa2c690bfff0 fffa2c6dfff0"},
                 {"4142", NULL});
    net_test_writes("01");
    net_test_reads("41");
    assert_int_equal(port_write(data.bytes, data.size, 20, &written), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(written, 0);
    assert_int_equal(port_set_lines(true, true), ESP_LOADER_SUCCESS);
    net_test_writes("4142");
}
