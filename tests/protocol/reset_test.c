/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which of its ways a port is asked to reset the target by, and what becomes of one that fails.
 */
#include <string.h>

#include "scripted_port.h"
#include "session/core.h"
#include "test.h"

/* SYNCs of one trial: where networks are known one more, with which a late answer is listened for. */
#define ATTEMPTS (ELI_KNOWS_NETWORKS ? 2 : 1)

typedef struct {
    scripted_port_t script;
    esp_loader_t loader;
} fixture_t;

static unsigned entries, resets;
static esp_loader_error_t outcome;

static esp_loader_error_t enter_checked(esp_loader_port_t *port)
{
    (void)port;
    entries++;
    return outcome;
}

static void enter(esp_loader_port_t *port)
{
    (void)port;
    entries++;
}

static esp_loader_error_t reset_checked(esp_loader_port_t *port)
{
    (void)port;
    resets++;
    return outcome;
}

static void reset(esp_loader_port_t *port)
{
    (void)port;
    resets++;
}

static esp_loader_error_t broken_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    (void)port;
    (void)dtr;
    (void)rts;
    entries++;
    return ESP_LOADER_ERROR_DISCONNECTED;
}

static void open_session(fixture_t *f)
{
    scripted_port_init(&f->script);
    f->script.base.link = ESP_LOADER_LINK_UART;
    assert_int_equal(esp_loader_init_serial(&f->loader, &f->script.base.port), ESP_LOADER_SUCCESS);
    entries = resets = 0;
    outcome = ESP_LOADER_SUCCESS;
}

static esp_loader_error_t connect_once(fixture_t *f)
{
    esp_loader_connect_args_t args = {.sync_timeout = 100, .trials = 1};
    return esp_loader_connect(&f->loader, &args);
}

/* ---- into download mode ---- */

TEST(own_way_into_download_mode_goes_before_the_lines)
{
    static fixture_t f;
    open_session(&f);
    f.script.base.ops.enter_bootloader_checked = enter_checked;
    f.script.base.ops.enter_bootloader = enter;
    assert_int_equal(connect_once(&f), ESP_LOADER_ERROR_TIMEOUT); /* nobody answers, but it was tried */
    assert_int_equal(entries, 1);
    assert_int_equal(f.script.base.writes, ATTEMPTS);
    assert_string_equal(f.script.base.lines, "");
}

TEST(own_way_that_fails_ends_connecting)
{
    static const esp_loader_error_t errors[] = {ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_DISCONNECTED};
    static fixture_t f;
    for (size_t i = 0; i < 2; i++) {
        open_session(&f);
        f.script.base.ops.enter_bootloader_checked = enter_checked;
        outcome = errors[i];
        assert_int_equal(connect_once(&f), errors[i]);
        assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_RESET);
        assert_int_equal(f.script.base.writes, 0);
    }
}

TEST(lines_that_fail_end_connecting_at_the_first)
{
    static fixture_t f;
    open_session(&f);
    f.script.base.ops.set_lines = broken_lines;
    assert_int_equal(connect_once(&f), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(entries, 1);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_RESET);
}

TEST(port_without_any_way_is_connected_to_as_it_is)
{
    static fixture_t f;
    open_session(&f);
    f.script.base.ops.set_lines = NULL;
    assert_int_equal(connect_once(&f), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.script.base.writes, ATTEMPTS);
    open_session(&f);
    f.script.base.ops.set_lines = NULL;
    f.script.base.ops.enter_bootloader = enter;
    assert_int_equal(connect_once(&f), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(entries, 1);
}

/* ---- out of it ---- */

TEST(own_reset_goes_before_the_lines_and_says_how_it_ended)
{
    static fixture_t f;
    open_session(&f);
    f.script.base.ops.reset_checked = reset_checked;
    f.script.base.ops.reset_target = reset;
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(resets, 1);
    assert_string_equal(f.script.base.lines, "");
    outcome = ESP_LOADER_ERROR_IO;
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_ERROR_IO);
    assert_int_equal(f.loader._detail.error, ESP_LOADER_ERROR_IO);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_RESET);
    esp_loader_reset_target(&f.loader); /* the form that returns nothing keeps it */
    assert_int_equal(resets, 3);
    assert_int_equal(f.loader._detail.error, ESP_LOADER_ERROR_IO);
}

TEST(lines_pulse_only_the_reset)
{
    static fixture_t f;
    open_session(&f);
    f.script.base.ops.reset_target = reset;
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_SUCCESS);
    assert_string_equal(f.script.base.lines, "01 00");
    assert_int_equal(resets, 0);
    open_session(&f);
    f.script.base.link = ESP_LOADER_LINK_USB_SERIAL_JTAG; /* where a download flag may be left */
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_SUCCESS);
    assert_string_equal(f.script.base.lines, "00 01 00");
    open_session(&f);
    f.script.base.ops.set_lines = broken_lines;
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(f.loader._detail.cause, ESP_LOADER_ERROR_DISCONNECTED);
}

static unsigned lines_until_failure;
static esp_loader_error_t lines_failure;

static esp_loader_error_t lines_that_break(esp_loader_port_t *port, bool dtr, bool rts)
{
    (void)port;
    (void)dtr;
    (void)rts;
    return lines_until_failure-- == 0 ? lines_failure : ESP_LOADER_SUCCESS;
}

/* Whichever state of the lines cannot be set. A device that leaves as the reset ends has left because of it.
 */
TEST(reset_that_lines_do_not_make_is_none)
{
    static const esp_loader_link_t links[] = {ESP_LOADER_LINK_UART, ESP_LOADER_LINK_USB_SERIAL_JTAG};
    static const esp_loader_error_t errors[] = {ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_DISCONNECTED};
    static fixture_t f;
    for (size_t link = 0; link < 2; link++) {
        for (size_t e = 0; e < 2; e++) {
            for (unsigned n = 0; n < 2 + link; n++) {
                open_session(&f);
                f.script.base.link = links[link];
                f.script.base.ops.set_lines = lines_that_break;
                lines_until_failure = n;
                lines_failure = errors[e];
                bool has_left = errors[e] == ESP_LOADER_ERROR_DISCONNECTED && n == 1 + link;
                assert_int_equal(esp_loader_reset_target_checked(&f.loader),
                                 has_left ? ESP_LOADER_SUCCESS : errors[e]);
            }
        }
    }
}

TEST(reset_of_the_first_generation_is_the_last_resort)
{
    static fixture_t f;
    open_session(&f);
    f.script.base.ops.set_lines = NULL;
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    f.script.base.ops.reset_target = reset;
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(resets, 1);
}

/* A chip on USB-OTG does not act on the lines: its watchdog has to do it. A port that can reset needs none.
 */
TEST(watchdog_is_not_asked_where_the_port_can_reset)
{
    static fixture_t f;
    for (unsigned has_own = 0; has_own < 2; has_own++) {
        open_session(&f);
        f.script.base.link = ESP_LOADER_LINK_USB_OTG;
        f.script.base.ops.reset_checked = has_own ? reset_checked : NULL;
        f.loader._is.connected = true;
        f.loader._is.secure_download = true; /* no register is read before */
        f.loader._target = eli_target_by_chip_id(9);
        assert_int_equal(esp_loader_reset_target_checked(&f.loader),
                         has_own ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(f.loader._detail.cause, has_own ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_SECURITY);
        assert_int_equal(resets, has_own);
        assert_int_equal(f.script.base.writes, 0);
        assert_int_equal(f.loader._is.connected, !has_own); /* one that was not reset is where it was */
    }
}
