/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The lines of a shared board, on a device of the test's own: the step from RTS alone to both lines.
 */
#include <string.h>

#include "server/shared_board.h"
#include "test.h"

enum { MS = 1000 };

static struct {
    esp_loader_link_t link;
    bool has_lines;
    char lines[64]; /**< each change as two digits, DTR and RTS */
} device;

/* ---- in the place of tty_device.c and linux_devices.c ---- */

static esp_loader_error_t set_lines(void *tty, bool dtr, bool rts)
{
    char *end = device.lines + strlen(device.lines);

    (void)tty;
    if (!device.has_lines) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    *end++ = dtr ? '1' : '0';
    *end++ = rts ? '1' : '0';
    *end++ = ' ';
    *end = '\0';
    return ESP_LOADER_SUCCESS;
}

static bool is_there(void *tty)
{
    (void)tty;
    return true;
}

const linux_followed_ops_t tty_device_ops = {.set_lines = set_lines, .is_there = is_there};

esp_loader_error_t tty_device_open(tty_device_t *self, const char *path, linux_device_t *out_device)
{
    (void)path;
    memset(out_device, 0, sizeof(*out_device));
    self->fd = -1; /* no call of the kernel reaches anything */
    return ESP_LOADER_SUCCESS;
}

usb_kind_t linux_device_kind(const linux_device_t *of)
{
    (void)of;
    return (usb_kind_t){.name = "", .link = device.link};
}

size_t linux_devices_list(const char *sysfs_root, linux_device_t *out_devices, size_t capacity)
{
    (void)sysfs_root;
    (void)out_devices;
    (void)capacity;
    return 0;
}

/* ---- */

static shared_board_t opened(esp_loader_link_t link)
{
    shared_board_t board;

    memset(&device, 0, sizeof(device));
    device.link = link;
    device.has_lines = true;
    assert_int_equal(shared_board_open(&board, "/dev/tty", NULL, NULL), ESP_LOADER_SUCCESS);
    assert_string_equal(device.lines, "00 ");
    device.lines[0] = '\0';
    return board;
}

TEST(a_bridge_goes_from_reset_to_download_mode_in_one_step)
{
    shared_board_t board = opened(ESP_LOADER_LINK_UART);

    shared_board_set_lines(&board, false, true, 0);
    shared_board_set_lines(&board, true, true, 100 * MS);
    shared_board_tick(&board, 150 * MS);
    shared_board_set_lines(&board, true, false, 200 * MS);
    shared_board_tick(&board, 5000 * MS);
    assert_string_equal(device.lines, "01 10 ");
}

TEST(both_lines_on_after_reset_are_only_late)
{
    shared_board_t board = opened(ESP_LOADER_LINK_UNKNOWN);

    shared_board_set_lines(&board, false, true, 0);
    shared_board_set_lines(&board, true, true, 100 * MS);
    shared_board_set_lines(&board, true, true, 400 * MS); /* the time does not begin anew */
    shared_board_tick(&board, 599 * MS);
    assert_string_equal(device.lines, "01 ");
    shared_board_tick(&board, 600 * MS);
    assert_string_equal(device.lines, "01 11 ");
}

TEST(back_to_reset_is_no_change)
{
    shared_board_t board = opened(ESP_LOADER_LINK_UART);

    shared_board_set_lines(&board, false, true, 0);
    shared_board_set_lines(&board, true, true, 100 * MS);
    shared_board_set_lines(&board, false, true, 200 * MS);
    shared_board_tick(&board, 5000 * MS);
    assert_string_equal(device.lines, "01 01 ");
}

TEST(other_steps_are_made_at_once)
{
    shared_board_t board = opened(ESP_LOADER_LINK_UART);

    shared_board_set_lines(&board, true, false, 0);
    shared_board_set_lines(&board, true, true, 0);
    shared_board_set_lines(&board, false, true, 0);
    shared_board_set_lines(&board, false, false, 0);
    assert_string_equal(device.lines, "10 11 01 00 ");
}

TEST(a_chips_own_usb_has_no_pairs)
{
    shared_board_t board = opened(ESP_LOADER_LINK_USB_SERIAL_JTAG);

    shared_board_set_lines(&board, false, true, 0);
    shared_board_set_lines(&board, true, true, 0);
    assert_string_equal(device.lines, "01 11 ");
}

TEST(a_device_without_lines_is_no_failure)
{
    shared_board_t board = opened(ESP_LOADER_LINK_UNKNOWN);

    device.has_lines = false;
    assert_int_equal(shared_board_set_lines(&board, true, false, 0), ESP_LOADER_SUCCESS);
    assert_false(board.has_lines);
}
