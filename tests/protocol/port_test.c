/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * src/link/port.c: what a port may lack, and what it may do wrong, without harm to the session.
 */
#include <stdio.h>
#include <string.h>

#include "link/port.h"
#include "scripted_port.h"
#include "test.h"

typedef struct {
    scripted_port_t script;
    esp_loader_t loader;
} fixture_t;

static void scripted_port_init_v1(scripted_port_t *script)
{
    scripted_port_init(script);
    test_port_make_v1(&script->base);
}

static void open_session(fixture_t *f, void (*init)(scripted_port_t *))
{
    init(&f->script);
    assert_int_equal(esp_loader_init_serial(&f->loader, &f->script.base.port), ESP_LOADER_SUCCESS);
}

/* ---- reading ---- */

static size_t claimed_count;
static esp_loader_error_t claimed_outcome;

static esp_loader_error_t read_and_claim(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    (void)port;
    (void)timeout_ms;
    memset(buf, 0xA5, capacity);
    *out_read = claimed_count;
    return claimed_outcome;
}

static esp_loader_error_t read_8(fixture_t *f, size_t claimed, esp_loader_error_t outcome, size_t *out_read)
{
    static uint8_t buf[8];
    claimed_count = claimed;
    claimed_outcome = outcome;
    f->script.base.ops.read_some = read_and_claim;
    *out_read = 99;
    return eli_port_read(&f->loader, buf, sizeof(buf), out_read);
}

TEST(more_bytes_than_asked_for_are_an_error_and_none_is_taken)
{
    static const size_t claims[] = {9, 64, SIZE_MAX};
    static fixture_t f;
    size_t count;
    open_session(&f, scripted_port_init);
    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        assert_int_equal(read_8(&f, claims[i], ESP_LOADER_SUCCESS, &count), ESP_LOADER_ERROR_IO);
        assert_int_equal(count, 0);
    }
    assert_int_equal(read_8(&f, 8, ESP_LOADER_SUCCESS, &count), ESP_LOADER_SUCCESS);
    assert_int_equal(count, 8);
}

TEST(success_without_a_byte_is_a_timeout)
{
    static fixture_t f;
    size_t count;
    open_session(&f, scripted_port_init);
    assert_int_equal(read_8(&f, 0, ESP_LOADER_SUCCESS, &count), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(read_8(&f, 0, ESP_LOADER_ERROR_DISCONNECTED, &count), ESP_LOADER_ERROR_DISCONNECTED);
}

static esp_loader_error_t read_nothing(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                       uint32_t timeout_ms, size_t *out_read)
{
    (void)port;
    (void)buf;
    (void)capacity;
    (void)timeout_ms;
    (void)out_read;
    return ESP_LOADER_ERROR_IO;
}

/* A port that fails need not say how little it has read. */
TEST(failure_without_a_count_has_read_nothing)
{
    static fixture_t f;
    uint8_t buf[8];
    size_t count = 5;
    open_session(&f, scripted_port_init);
    f.script.base.ops.read_some = read_nothing;
    assert_int_equal(eli_port_read(&f.loader, buf, sizeof(buf), &count), ESP_LOADER_ERROR_IO);
    assert_int_equal(count, 0);
}

TEST(bytes_that_came_with_an_error_are_kept)
{
    static fixture_t f;
    size_t count;
    open_session(&f, scripted_port_init);
    assert_int_equal(read_8(&f, 3, ESP_LOADER_ERROR_IO, &count), ESP_LOADER_ERROR_IO);
    assert_int_equal(count, 3);
}

TEST(first_generation_port_is_asked_for_one_byte)
{
    static fixture_t f;
    uint8_t buf[8] = {0};
    size_t count = 99;
    open_session(&f, scripted_port_init_v1);
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

static esp_loader_error_t rate_outcome;
static uint32_t rate_set;

static esp_loader_error_t change_transmission_rate(esp_loader_port_t *port, uint32_t rate)
{
    (void)port;
    rate_set = rate;
    return rate_outcome;
}

TEST(rate_is_set_by_whichever_entry_a_port_has)
{
    static fixture_t f;
    open_session(&f, scripted_port_init);
    assert_int_equal(eli_port_set_rate(&f.loader, 230400), ESP_LOADER_SUCCESS);
    assert_int_equal(f.script.base.rate, 230400);

    open_session(&f, scripted_port_init_v1);
    f.script.base.ops.change_transmission_rate = NULL;
    assert_int_equal(eli_port_set_rate(&f.loader, 230400), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    f.script.base.ops.change_transmission_rate = change_transmission_rate;
    rate_outcome = ESP_LOADER_SUCCESS;
    assert_int_equal(eli_port_set_rate(&f.loader, 460800), ESP_LOADER_SUCCESS);
    assert_int_equal(rate_set, 460800);
    rate_outcome = ESP_LOADER_ERROR_IO;
    assert_int_equal(eli_port_set_rate(&f.loader, 1), ESP_LOADER_ERROR_IO);
}

/* ---- time ---- */

TEST(deadline_holds_while_the_clock_wraps)
{
    static fixture_t f;
    open_session(&f, scripted_port_init);
    f.script.base.now_ms = UINT32_MAX - 10;
    eli_port_set_deadline(&f.loader, 100);
    assert_int_equal(eli_port_remaining_ms(&f.loader), 100);
    f.script.base.now_ms += 60;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 40);
    f.script.base.now_ms += 40;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 0);
    f.script.base.now_ms += 1;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 0);
    f.script.base.now_ms += 1u << 30;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 0);
}

TEST(timer_of_the_first_generation_is_the_deadline)
{
    static fixture_t f;
    open_session(&f, scripted_port_init_v1);
    eli_port_set_deadline(&f.loader, 100);
    f.script.base.now_ms += 30;
    assert_int_equal(eli_port_remaining_ms(&f.loader), 70);
    assert_int_equal(eli_now_ms(&f.loader), 0); /* it has no clock */

    open_session(&f, scripted_port_init);
    f.script.base.now_ms = 12345;
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
    static fixture_t f;
    open_session(&f, scripted_port_init);
    delays = 0;
    f.script.base.ops.delay_ms = count_delay;
    eli_port_delay(&f.loader, 0);
    assert_int_equal(delays, 0);
    eli_port_delay(&f.loader, 7);
    assert_int_equal(delays, 1);
    f.script.base.ops.delay_ms = NULL;
    eli_port_delay(&f.loader, 7);
    assert_int_equal(delays, 1);
}

/* ---- what must be there ---- */

TEST(a_port_that_cannot_do_without_is_refused)
{
    static fixture_t f;
#define LACKS(generation, entry)                                                                             \
    do {                                                                                                     \
        open_session(&f, generation);                                                                        \
        f.script.base.ops.entry = NULL;                                                                      \
        assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port),                             \
                         ESP_LOADER_ERROR_INVALID_PARAM);                                                    \
    } while (0)
    LACKS(scripted_port_init, write_all);
    LACKS(scripted_port_init, read_some);
    LACKS(scripted_port_init, now_ms);
    LACKS(scripted_port_init, delay_ms); /* the lines it has are held for a while */
    LACKS(scripted_port_init_v1, write);
    LACKS(scripted_port_init_v1, read);
    LACKS(scripted_port_init_v1, start_timer);
    LACKS(scripted_port_init_v1, remaining_time);
#undef LACKS
    open_session(&f, scripted_port_init);
    f.script.base.port.ops = NULL;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_init_serial(&f.loader, NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_init_serial(NULL, &f.script.base.port), ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST(a_port_without_lines_needs_no_delays)
{
    static fixture_t f;
    open_session(&f, scripted_port_init);
    f.script.base.ops.set_lines = NULL;
    f.script.base.ops.delay_ms = NULL;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_SUCCESS);
}

TEST(a_link_nobody_tells_about_is_unknown)
{
    static fixture_t f;
    open_session(&f, scripted_port_init);
    f.script.base.link = ESP_LOADER_LINK_USB_OTG;
    assert_int_equal(eli_port_link_kind(&f.loader), ESP_LOADER_LINK_USB_OTG);
    f.script.base.ops.link_kind = NULL;
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
    static fixture_t f;
    open_session(&f, scripted_port_init);
    f.script.base.ops.init = init_port;
    f.script.base.ops.deinit = deinit_port;
    inits = deinits = 0;
    init_outcome = ESP_LOADER_ERROR_PORT_ACCESS;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_ERROR_PORT_ACCESS);
    assert_int_equal(esp_loader_error_detail(&f.loader)->cause, ESP_LOADER_ERROR_PORT_ACCESS);
    assert_int_equal(esp_loader_error_detail(&f.loader)->stage, ESP_LOADER_STAGE_OPEN);
    init_outcome = ESP_LOADER_SUCCESS;
    assert_int_equal(esp_loader_init_serial(&f.loader, &f.script.base.port), ESP_LOADER_SUCCESS);
    assert_int_equal(inits, 2);
    f.loader._is.connected = true;
    f.loader._chip = ESP32S3_CHIP;
    esp_loader_deinit(&f.loader);
    assert_int_equal(deinits, 1);
    assert_int_equal(esp_loader_get_target(&f.loader), ESP_UNKNOWN_CHIP);
    assert_int_equal(esp_loader_flash_erase(&f.loader), ESP_LOADER_ERROR_INVALID_PARAM);
    f.script.base.ops.deinit = NULL;
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
    static fixture_t f;
    open_session(&f, scripted_port_init);
    logged[0] = '\0';
    eli_port_log(&f.loader, ESP_LOADER_LOG_WARN, "rate %u", 9600u);
    assert_string_equal(logged, "");
    f.script.base.ops.log = log_line;
    eli_port_log(&f.loader, ESP_LOADER_LOG_WARN, "rate %u, %s", 9600u, "still");
    assert_string_equal(logged, "rate 9600, still");
    assert_int_equal(logged_level, ESP_LOADER_LOG_WARN);
}
