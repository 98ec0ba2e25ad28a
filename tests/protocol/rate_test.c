/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Changing the rate against scripted conversations: what a port refuses or fails to do, where a target is
 * looked for, and what is said about it. On simulated chips: tests/against_sim/session/rate_test.c.
 */
#include <stdio.h>
#include <string.h>

#include "common/bytes.h"
#include "conversation.h"
#include "session/rate.h"

#define RESYNCS 9 /* SYNCs without an answer before it is given up */

static uint32_t rates[8]; /* that the port was set to */
static unsigned rate_count;
static unsigned fail_at; /* number of the call that fails, from 1; 0 = none */
static esp_loader_error_t error;
static char log_text[100]; /* the last line */

static esp_loader_error_t set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    (void)port;
    assert_true(rate_count < sizeof(rates) / sizeof(rates[0]));
    rates[rate_count++] = rate_baud;
    return rate_count == fail_at ? error : ESP_LOADER_SUCCESS;
}

static void log_line(esp_loader_port_t *port, esp_loader_log_level_t level, const char *fmt, va_list args)
{
    (void)port;
    (void)level;
    vsnprintf(log_text, sizeof(log_text), fmt, args);
}

static void open_rate(target_chip_t chip)
{
    open_connected(chip);
    f.port->ops.set_rate = set_rate;
    f.port->ops.log = log_line;
    rate_count = fail_at = 0;
    log_text[0] = '\0';
}

static void assert_failed(esp_loader_error_t code, esp_loader_error_t cause, uint32_t rate)
{
    expect_failed(code, cause, ESP_LOADER_STAGE_RATE);
    assert_int_equal(f.loader._detail.value, rate);
}

/* The next command is answered, after @p syncs SYNCs. */
static void assert_usable(unsigned syncs)
{
    uint32_t value;
    unsigned writes = f.port->writes;
    for (unsigned i = 0; i < syncs; i++) {
        answer_sync(8);
    }
    answer(ELI_READ_REG, 0x12345678);
    assert_int_equal(esp_loader_read_register(&f.loader, 0x1000, &value), ESP_LOADER_SUCCESS);
    assert_int_equal(value, 0x12345678);
    assert_int_equal(f.port->writes - writes, 1 + syncs);
}

static void assert_logged(const char *line)
{
    assert_string_equal(log_text, ESP_LOADER_LOG_INFO <= SERIAL_FLASHER_LOG_LEVEL ? line : "");
}

TEST(both_ends_change_and_the_target_is_asked_whether_it_did)
{
    open_rate(ESP32S3_CHIP);
    answer(ELI_CHANGE_BAUDRATE, 0);
    answer_sync(8);
    assert_int_equal(esp_loader_change_transmission_rate(&f.loader, 460800), ESP_LOADER_SUCCESS);
    assert_int_equal(rates[rate_count - 1], 460800);
    assert_int_equal(f.port->writes, 2);
    assert_int_equal(f.port->now_ms, 0); /* eight replies to a SYNC are no reason to wait for a ninth */
    assert_usable(0);
}

/* Before the target has been told: it would be lost there. */
static const esp_loader_error_t refusals[] = {ESP_LOADER_ERROR_UNSUPPORTED_FUNC,
                                              ESP_LOADER_ERROR_INVALID_PARAM};

TEST_ROWS(rate_that_the_port_refuses_is_not_asked_for, refusals)
{
    open_rate(ESP32S3_CHIP);
    fail_at = 1;
    error = *row;
    assert_int_equal(esp_loader_change_transmission_rate(&f.loader, 12345),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_failed(ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_RATE, 12345);
    assert_int_equal(f.port->writes, 0);
    assert_int_equal(rates[rate_count - 1], ELI_DEFAULT_RATE_BAUD);
    assert_usable(0);
}

TEST(port_that_fails_says_so_itself)
{
    for (unsigned call = 1; call <= 3; call++) {
        open_rate(ESP32S3_CHIP);
        fail_at = call;
        error = ESP_LOADER_ERROR_IO;
        answer(ELI_CHANGE_BAUDRATE, 0);
        assert_int_equal(esp_loader_change_transmission_rate(&f.loader, 460800), ESP_LOADER_ERROR_IO);
        assert_failed(ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_IO, 460800);
        assert_int_equal(f.port->writes, call < 3 ? 0 : 1);
        f.script.next_reply = f.script.reply_count;
        assert_usable(call < 3 ? 0 : 1); /* a target that has been told may have sent anything */
    }
}

TEST(target_that_did_not_change_is_found_where_it_was)
{
    open_rate(ESP32S3_CHIP);
    answer(ELI_CHANGE_BAUDRATE, 0);
    for (int i = 0; i < RESYNCS; i++) {
        reply_nothing();
    }
    answer_sync(8);
    assert_int_equal(esp_loader_change_transmission_rate(&f.loader, 460800), ESP_LOADER_ERROR_TIMEOUT);
    assert_failed(ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_RATE, 460800);
    assert_int_equal(rates[rate_count - 1], ELI_DEFAULT_RATE_BAUD);
    assert_logged("no answer at 460800 baud, back at the old rate");
    assert_usable(0);
}

TEST(target_that_is_nowhere_is_said_to_be)
{
    for (unsigned call = 0; call <= 4; call += 4) { /* 4: the port does not come back */
        open_rate(ESP32S3_CHIP);
        fail_at = call;
        error = ESP_LOADER_ERROR_IO;
        answer(ELI_CHANGE_BAUDRATE, 0);
        assert_int_equal(esp_loader_change_transmission_rate(&f.loader, 460800), ESP_LOADER_ERROR_TIMEOUT);
        assert_failed(ESP_LOADER_ERROR_TIMEOUT, ESP_LOADER_ERROR_RATE, 460800);
        assert_logged("no answer at 460800 baud, nor at the old rate");
        assert_int_equal(f.port->writes, 1 + (call == 0 ? 2 : 1) * RESYNCS);
    }
}

TEST(port_that_goes_away_meanwhile_is_no_matter_of_rates)
{
    open_rate(ESP32S3_CHIP);
    answer(ELI_CHANGE_BAUDRATE, 0);
    f.script.read_error = ESP_LOADER_ERROR_DISCONNECTED;
    assert_int_equal(esp_loader_change_transmission_rate(&f.loader, 460800), ESP_LOADER_ERROR_DISCONNECTED);
    assert_failed(ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_DISCONNECTED, 460800);
    assert_int_equal(rates[rate_count - 1], 460800); /* it was not looked for at the old one */
}

TEST(loader_without_the_command_keeps_its_rate)
{
    open_rate(ESP8266_CHIP);
    assert_int_equal(esp_loader_change_transmission_rate(&f.loader, 460800),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(f.port->writes, 0);
    assert_int_equal(rate_count, 0);
}

TEST(entry_of_the_first_generation_will_do)
{
    open_rate(ESP32S3_CHIP);
    f.port->ops.set_rate = NULL;
    f.port->ops.change_transmission_rate = set_rate;
    answer(ELI_CHANGE_BAUDRATE, 0);
    answer_sync(8);
    assert_int_equal(esp_loader_change_transmission_rate(&f.loader, 460800), ESP_LOADER_SUCCESS);
    assert_int_equal(rates[rate_count - 1], 460800);
}

/* Its divider is 115200 / rate times what it was; where that cannot be worked out the rate itself is asked
 * for. */
TEST(stub_of_the_esp8266_is_asked_for_what_makes_its_divider_right)
{
    static const struct {
        uint32_t now, rate, asked;
    } cases[] = {{115200, 230400, 230400},    {230400, 115200, 57600}, {230400, 460800, 230400},
                 {100, 3728270, 4294967040u}, {99, 230400, 230400},    {115200, 3728271, 3728271}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]) && ELI_KNOWS_STUBS; i++) {
        open_rate(ESP8266_CHIP);
        f.loader._is.stub_running = true;
        f.loader._rate_baud = cases[i].now;
        (void)esp_loader_change_transmission_rate(&f.loader, cases[i].rate);
        assert_int_equal(f.script.sent[2], 0x0F);
        assert_int_equal(eli_get_u32(f.script.sent + 9), cases[i].asked);
        assert_int_equal(eli_get_u32(f.script.sent + 13), cases[i].now);
    }
}

#ifndef ESP_LOADER_SMALL /* which does not measure the crystal */
TEST(crystal_that_cannot_be_read_ends_it_before_the_target_is_told)
{
    for (int good = 0; good < 2; good++) {
        open_rate(ESP32_CHIP);
        for (int i = 0; i < good; i++) {
            answer(ELI_READ_REG, 0x40000000);
        }
        refuse(ELI_READ_REG, 6);
        answer_sync(8);
        refuse(ELI_READ_REG, 6); /* asked once more */
        assert_int_equal(esp_loader_change_transmission_rate(&f.loader, 460800),
                         ESP_LOADER_ERROR_INVALID_RESPONSE);
        assert_int_equal(f.loader._detail.command, ELI_READ_REG);
        assert_int_equal(f.port->writes, good + 3);
    }
}

/* By the divider of its UART: a C2, whose ROM believes in 40 MHz, has the nearest crystal that there is. What
 * can be none is not reckoned with. */
static const struct {
    uint32_t measured_mhz, crystal_mhz; /* 40: the rate itself is asked for */
} crystals[] = {{19, 40}, {20, 26}, {33, 26}, {34, 40}, {45, 40}, {46, 48}, {60, 48}, {61, 40}};

TEST_ROWS(crystal_is_the_one_that_the_divider_is_nearest_to, crystals)
{
    const size_t question_size = 1 + 8 + 4 + 1;
    open_rate(ESP32C2_CHIP);
    f.loader._rate_baud = 250000;
    answer(ELI_READ_REG, row->measured_mhz * 4);
    answer(ELI_CHANGE_BAUDRATE, 0);
    answer_sync(8);
    assert_int_equal(esp_loader_change_transmission_rate(&f.loader, 460800), ESP_LOADER_SUCCESS);
    assert_int_equal(f.port->writes, 3);
    assert_int_equal(eli_get_u32(f.script.sent + question_size + 9), 460800u * 40 / row->crystal_mhz);
}
#endif

/* What was sent: 's' for a SYNC, '.' for a single frame mark, which turns a stub's decoder over. */
static void assert_greeting(bool has_stub, const char *expected)
{
    const size_t sync_size = 1 + 8 + 36 + 1;
    char seen[16] = "";

    open_rate(ESP32S3_CHIP);
    f.loader._is.stub_running = has_stub;
    assert_int_equal(eli_rate_greet(&f.loader, 5), ESP_LOADER_ERROR_TIMEOUT);
    for (size_t at = 0; at < f.script.sent_size && strlen(seen) < sizeof(seen) - 1;) {
        const bool is_sync = f.script.sent_size - at >= sync_size && f.script.sent[at + 2] == ELI_SYNC;

        strcat(seen, is_sync ? "s" : ".");
        at += is_sync ? sync_size : 1;
    }
    assert_string_equal(seen, expected);
}

TEST(every_second_greeting_turns_the_decoder_of_a_stub_over)
{
    assert_greeting(true, ELI_KNOWS_STUBS ? "s.ss.ss" : "sssss");
    assert_greeting(false, "sssss");
}
