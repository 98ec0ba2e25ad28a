/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * src/link/port.c: what a port may lack, and what it may do wrong, without harm to the session.
 */
#include <stdio.h>
#include <string.h>

#include "conversation.h"

static void open_any(void)
{
    open_session(ESP_LOADER_LINK_UNKNOWN);
}

/* ---- reading ---- */

enum { NO_COUNT = 77 }; /* the count is left as it was */

static size_t claimed_count;
static esp_loader_error_t claimed_outcome;

static esp_loader_error_t read_and_claim(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    (void)port;
    (void)timeout_ms;
    memset(buf, 0xA5, capacity);
    if (claimed_count != NO_COUNT) {
        *out_read = claimed_count;
    }
    return claimed_outcome;
}

static const struct {
    const char *what;
    size_t claimed; /* of 8 that were asked for */
    esp_loader_error_t outcome, expected;
    size_t taken;
} claims[] = {
    {"all", 8, ESP_LOADER_SUCCESS, ESP_LOADER_SUCCESS, 8},
    {"more than asked for: none is taken", 9, ESP_LOADER_SUCCESS, ESP_LOADER_ERROR_IO, 0},
    {"far more", 64, ESP_LOADER_SUCCESS, ESP_LOADER_ERROR_IO, 0},
    {"no number", SIZE_MAX, ESP_LOADER_SUCCESS, ESP_LOADER_ERROR_IO, 0},
    {"success without a byte", 0, ESP_LOADER_SUCCESS, ESP_LOADER_ERROR_TIMEOUT, 0},
    {"error", 0, ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_DISCONNECTED, 0},
    {"bytes that came with an error are kept", 3, ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_IO, 3},
    /* A port that fails need not say how little it has read. */
    {"error and no count", NO_COUNT, ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_IO, 0},
};

TEST_ROWS(what_a_port_says_it_has_read_is_not_believed_blindly, claims)
{
    open_any();
    f.port->ops.read_some = read_and_claim;
    uint8_t buf[8];
    size_t count = 5;
    print_message("%s\n", row->what);
    claimed_count = row->claimed;
    claimed_outcome = row->outcome;
    assert_int_equal(eli_port_read(&f.loader, buf, sizeof(buf), &count), row->expected);
    assert_int_equal(count, row->taken);
}

TEST(first_generation_port_is_asked_for_one_byte)
{
    uint8_t buf[8] = {0};
    size_t count = 99;
    open_session_v1();
    scripted_port_push(&f.script, "ab", 2);
    assert_int_equal(eli_port_read(&f.loader, buf, sizeof(buf), &count), ESP_LOADER_SUCCESS);
    assert_int_equal(count, 1);
    assert_memory_equal(buf, "a\0", 2);
    assert_int_equal(eli_port_read(&f.loader, buf, sizeof(buf), &count), ESP_LOADER_SUCCESS);
    assert_int_equal(buf[0], 'b');
    assert_int_equal(eli_port_read(&f.loader, buf, sizeof(buf), &count), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(count, 0);
}

/* ---- rates ---- */

static esp_loader_error_t refuse_rate(esp_loader_port_t *port, uint32_t rate)
{
    (void)port;
    assert_int_equal(rate, 1);
    return ESP_LOADER_ERROR_IO;
}

TEST(rate_is_set_by_whichever_entry_a_port_has)
{
    open_any();
    assert_int_equal(eli_port_set_rate(&f.loader, 230400), ESP_LOADER_SUCCESS);
    assert_int_equal(f.port->rate, 230400);

    open_session_v1();
    assert_int_equal(eli_port_set_rate(&f.loader, 460800), ESP_LOADER_SUCCESS);
    assert_int_equal(f.port->rate, 460800);
    f.port->ops.change_transmission_rate = refuse_rate;
    assert_int_equal(eli_port_set_rate(&f.loader, 1), ESP_LOADER_ERROR_IO);
    f.port->ops.change_transmission_rate = NULL;
    assert_int_equal(eli_port_set_rate(&f.loader, 230400), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

/* ---- time ---- */

TEST(deadline_holds_while_the_clock_wraps)
{
    open_any();
    f.port->now_ms = UINT32_MAX - 10;
    eli_port_set_deadline(&f.loader, 100);
    assert_int_equal(eli_port_remaining_ms(&f.loader), 100);
    f.port->now_ms += 60;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 40);
    f.port->now_ms += 40;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 0);
    f.port->now_ms += 1;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 0);
    f.port->now_ms += 1u << 30;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 0);
}

TEST(timer_of_the_first_generation_is_the_deadline)
{
    open_session_v1();
    eli_port_set_deadline(&f.loader, 100);
    f.port->now_ms += 30;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 70);
    assert_int_equal(eli_now_ms(&f.loader), 0); /* it has no clock */

    open_any();
    f.port->now_ms = 12345;
    assert_int_equal(eli_now_ms(&f.loader), 12345);
}

static unsigned delays;

static void count_delay(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    assert_int_equal(ms, 7);
    delays++;
}

TEST(delay_is_the_ports_and_none_is_no_call)
{
    open_any();
    delays = 0;
    f.port->ops.delay_ms = count_delay;
    eli_port_delay(&f.loader, 0);
    assert_int_equal(delays, 0);
    eli_port_delay(&f.loader, 7);
    assert_int_equal(delays, 1);
    f.port->ops.delay_ms = NULL;
    eli_port_delay(&f.loader, 7);
    assert_int_equal(delays, 1);
}

/* ---- what must be there ---- */

#ifndef ESP_LOADER_SMALL /* which does not look at the port */
TEST(a_port_that_cannot_do_without_is_refused)
{
#define LACKS(generation, entry)                                                                             \
    do {                                                                                                     \
        generation();                                                                                        \
        f.port->ops.entry = NULL;                                                                            \
        assert_int_equal(esp_loader_init_serial(&f.loader, &f.port->port), ESP_LOADER_ERROR_INVALID_PARAM);  \
    } while (0)
    LACKS(open_any, write_all);
    LACKS(open_any, read_some);
    LACKS(open_any, now_ms);
    LACKS(open_any, delay_ms); /* the lines it has are held for a while */
    LACKS(open_session_v1, write);
    LACKS(open_session_v1, read);
    LACKS(open_session_v1, start_timer);
    LACKS(open_session_v1, remaining_time);
#undef LACKS
    open_any();
    f.port->port.ops = NULL;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.port->port), ESP_LOADER_ERROR_INVALID_PARAM);
}
#endif

TEST(a_session_needs_memory_and_a_port)
{
    open_any();
    assert_int_equal(esp_loader_init_serial(&f.loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_init_serial(NULL, &f.port->port), ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST(a_port_without_lines_needs_no_delays)
{
    open_any();
    f.port->ops.set_lines = NULL;
    f.port->ops.delay_ms = NULL;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.port->port), ESP_LOADER_SUCCESS);
}

TEST(a_link_nobody_tells_about_is_unknown)
{
    open_any();
    f.port->link = ESP_LOADER_LINK_USB_OTG;
    assert_int_equal(eli_port_link_kind(&f.loader), ESP_LOADER_LINK_USB_OTG);
    f.port->ops.link_kind = NULL;
    assert_int_equal(eli_port_link_kind(&f.loader), ESP_LOADER_LINK_UNKNOWN);
}

/* ---- beginning and end ---- */

static esp_loader_error_t init_outcome;
static unsigned inits, deinits;

static esp_loader_error_t init_port(esp_loader_port_t *port)
{
    (void)port;
    inits++;
    return init_outcome;
}

static void deinit_port(esp_loader_port_t *port)
{
    (void)port;
    deinits++;
}

TEST(a_port_is_opened_and_closed_and_says_why_it_cannot)
{
    open_any();
    f.port->ops.init = init_port;
    f.port->ops.deinit = deinit_port;
    inits = deinits = 0;
    init_outcome = ESP_LOADER_ERROR_PORT_ACCESS;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.port->port), ESP_LOADER_ERROR_PORT_ACCESS);
    assert_int_equal(esp_loader_error_detail(&f.loader)->cause, ESP_LOADER_ERROR_PORT_ACCESS);
    assert_int_equal(esp_loader_error_detail(&f.loader)->stage, ESP_LOADER_STAGE_OPEN);
    init_outcome = ESP_LOADER_SUCCESS;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.port->port), ESP_LOADER_SUCCESS);
    assert_int_equal(inits, 2);
    f.loader._is.connected = true;
    f.loader._chip = ESP32S3_CHIP;
    esp_loader_deinit(&f.loader);
    assert_int_equal(deinits, 1);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP_UNKNOWN_CHIP);
    assert_int_equal(esp_loader_flash_erase(&f.loader), ESP_LOADER_ERROR_INVALID_PARAM);
    f.port->ops.deinit = NULL;
    esp_loader_deinit(&f.loader);
    assert_int_equal(deinits, 1);
}

/* ---- log lines ---- */

static char logged[64];
static esp_loader_log_level_t logged_level;

static void log_line(esp_loader_port_t *port, esp_loader_log_level_t level, const char *fmt, va_list args)
{
    (void)port;
    logged_level = level;
    vsnprintf(logged, sizeof(logged), fmt, args);
}

TEST(log_lines_reach_a_port_that_takes_them)
{
    open_any();
    logged[0] = '\0';
    eli_port_log(&f.loader, ESP_LOADER_LOG_WARN, "rate %u", 9600u);
    assert_string_equal(logged, "");
    f.port->ops.log = log_line;
    eli_port_log(&f.loader, ESP_LOADER_LOG_WARN, "rate %u, %s", 9600u, "still");
    assert_string_equal(logged, "rate 9600, still");
    assert_int_equal(logged_level, ESP_LOADER_LOG_WARN);
}
