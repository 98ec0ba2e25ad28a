/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which of its ways a port is asked to reset the target by, and what becomes of one that fails.
 */
#include "conversation.h"

/* SYNCs of one trial: where networks are known one more, with which a late answer is listened for. */
#define ATTEMPTS (ELI_KNOWS_NETWORKS ? 2 : 1)

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

static void open_uart(void)
{
    open_session(ESP_LOADER_LINK_UART);
    entries = resets = 0;
    outcome = ESP_LOADER_SUCCESS;
}

/* ---- into download mode ---- */

TEST(own_way_into_download_mode_goes_before_the_lines)
{
    open_uart();
    f.port->ops.enter_bootloader_checked = enter_checked;
    f.port->ops.enter_bootloader = enter;
    assert_int_equal(connect_with(1), ESP_LOADER_ERROR_TIMEOUT); /* nobody answers, but it was tried */
    assert_int_equal(entries, 1);
    assert_int_equal(f.port->writes, ATTEMPTS);
    assert_string_equal(f.port->lines, "");
}

TEST(own_way_that_fails_ends_connecting)
{
    static const esp_loader_error_t errors[] = {ESP_LOADER_ERROR_IO, ESP_LOADER_ERROR_DISCONNECTED};
    for (size_t i = 0; i < 2; i++) {
        open_uart();
        f.port->ops.enter_bootloader_checked = enter_checked;
        outcome = errors[i];
        assert_int_equal(connect_with(1), errors[i]);
        assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_RESET);
        assert_int_equal(f.port->writes, 0);
    }
}

TEST(lines_that_fail_end_connecting_at_the_first)
{
    open_uart();
    f.port->ops.set_lines = broken_lines;
    assert_int_equal(connect_with(1), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(entries, 1);
    assert_int_equal(f.loader._detail.stage, ESP_LOADER_STAGE_RESET);
}

TEST(port_without_any_way_is_connected_to_as_it_is)
{
    open_uart();
    f.port->ops.set_lines = NULL;
    assert_int_equal(connect_with(1), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(f.port->writes, ATTEMPTS);
    open_uart();
    f.port->ops.set_lines = NULL;
    f.port->ops.enter_bootloader = enter;
    assert_int_equal(connect_with(1), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(entries, 1);
}

/* ---- out of it ---- */

TEST(own_reset_goes_before_the_lines_and_says_how_it_ended)
{
    open_uart();
    f.port->ops.reset_checked = reset_checked;
    f.port->ops.reset_target = reset;
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(resets, 1);
    assert_string_equal(f.port->lines, "");
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
    open_uart();
    f.port->ops.reset_target = reset;
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_SUCCESS);
    assert_string_equal(f.port->lines, "01 00");
    assert_int_equal(resets, 0);
    open_uart();
    f.port->link = ESP_LOADER_LINK_USB_SERIAL_JTAG; /* where a download flag may be left */
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_SUCCESS);
    assert_string_equal(f.port->lines, "00 01 00");
    open_uart();
    f.port->ops.set_lines = broken_lines;
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
    for (size_t link = 0; link < 2; link++) {
        for (size_t e = 0; e < 2; e++) {
            for (unsigned n = 0; n < 2 + link; n++) {
                open_uart();
                f.port->link = links[link];
                f.port->ops.set_lines = lines_that_break;
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
    open_uart();
    f.port->ops.set_lines = NULL;
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    f.port->ops.reset_target = reset;
    assert_int_equal(esp_loader_reset_target_checked(&f.loader), ESP_LOADER_SUCCESS);
    assert_int_equal(resets, 1);
}

/* A chip on USB-OTG does not act on the lines: its watchdog has to do it. A port that can reset needs none.
 */
TEST(watchdog_is_not_asked_where_the_port_can_reset)
{
    for (unsigned has_own = 0; has_own < 2; has_own++) {
        open_uart();
        f.port->link = ESP_LOADER_LINK_USB_OTG;
        f.port->ops.reset_checked = has_own ? reset_checked : NULL;
        f.loader._is.connected = true;
        f.loader._is.secure_download = true; /* no register is read before */
        f.loader._target = eli_target_by_chip_id(9);
        assert_int_equal(esp_loader_reset_target_checked(&f.loader),
                         has_own ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
#ifndef ESP_LOADER_SMALL /* which knows no other way */
        assert_int_equal(f.loader._detail.cause, has_own ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_SECURITY);
#endif
        assert_int_equal(resets, has_own);
        assert_int_equal(f.port->writes, 0);
        assert_int_equal(f.loader._is.connected, !has_own); /* one that was not reset is where it was */
    }
}
