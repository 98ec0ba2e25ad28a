/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shared device, by tty_device.c and the kernel's calls for what a flasher needs none of: break, state of the
 * lines, counts of errors.
 */
#define _GNU_SOURCE
#include "server/shared_board.h"

#include <errno.h>
#include <linux/serial.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "linux_devices.h"
#include "server/com_port.h"

enum { USUAL_BAUD = 115200 };

static esp_loader_error_t apply_lines(shared_board_t *board)
{
    board->held_until_us = 0;
    if (!tty_device_ops.is_there(&board->tty)) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (board->rts) {
        linux_follow_note_reset(&board->follow);
    }
    esp_loader_error_t error = tty_device_ops.set_lines(&board->tty, board->dtr, board->rts);
    board->has_lines = error != ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    if (!board->has_lines) {
        error = ESP_LOADER_SUCCESS;
    }
    board->dtr_now = board->dtr;
    board->rts_now = board->rts;
    return error;
}

uint8_t shared_board_errors(shared_board_t *board)
{
    static const uint8_t bits[] = {COM_PORT_OVERRUN, COM_PORT_PARITY_ERROR, COM_PORT_FRAMING_ERROR,
                                   COM_PORT_BREAK};
    struct serial_icounter_struct counts;
    uint8_t errors = 0;

    if (ioctl(board->tty.fd, TIOCGICOUNT, &counts) != 0) {
        return 0;
    }
    const int now[] = {counts.overrun, counts.parity, counts.frame, counts.brk};
    for (size_t i = 0; i < sizeof(now) / sizeof(now[0]); i++) {
        errors |= now[i] != board->errors[i] ? bits[i] : 0;
        board->errors[i] = now[i];
    }
    return errors;
}

/** The device has been opened, which raises both lines. Also one that comes back gets them released: RTS once more would
 * reset it once more. */
static void begin(shared_board_t *board)
{
    linux_follow_begin(&board->follow, &board->device);
    board->dtr = false;
    board->rts = false;
    (void)apply_lines(board); /* one that has left again is noticed when it is read */
    (void)shared_board_errors(board);
}

esp_loader_error_t shared_board_open(shared_board_t *board, const char *path, const char *sysfs_root,
                                     const char *dev_root)
{
    *board = (shared_board_t){
        .path = path,
        .tty = {.fd = -1, .rate_baud = USUAL_BAUD, .sysfs_root = sysfs_root, .dev_root = dev_root},
        .follow = {.sysfs_root = sysfs_root},
    };
    esp_loader_error_t error = tty_device_open(&board->tty, path, &board->device);
    if (error == ESP_LOADER_SUCCESS) {
        begin(board);
    }
    return error;
}

void shared_board_close(shared_board_t *board)
{
    (void)tty_device_ops.close(&board->tty);
}

bool shared_board_note_loss(shared_board_t *board)
{
    (void)tty_device_ops.close(&board->tty);
    return linux_follow_note_loss(&board->follow);
}

esp_loader_error_t shared_board_find(shared_board_t *board)
{
    linux_device_t place;

    esp_loader_error_t error = linux_follow_find(&board->follow, &place);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    if (tty_device_ops.reopen(&board->tty, &place, &board->device) != ESP_LOADER_SUCCESS) {
        return ESP_LOADER_ERROR_TIMEOUT; /* udev has not given it its permissions yet */
    }
    begin(board);
    return ESP_LOADER_SUCCESS;
}

/** The tty that is now in the USB socket in which the device was; false when there is none. */
static bool find_in_place(const shared_board_t *board, linux_device_t *out_place)
{
    linux_device_t *devices = calloc(LINUX_DEVICES_MAX, sizeof(*devices));
    bool is_found = false;

    if (devices == NULL || board->device.usb_interface[0] == '\0') {
        free(devices);
        return false;
    }
    size_t count = linux_devices_list(board->tty.sysfs_root, devices, LINUX_DEVICES_MAX);
    for (size_t i = 0; i < count && !is_found; i++) {
        is_found = strcmp(devices[i].usb_interface, board->device.usb_interface) == 0;
        *out_place = devices[i];
    }
    free(devices);
    return is_found;
}

bool shared_board_is_back(shared_board_t *board)
{
    linux_device_t place;
    linux_device_t device;

    board->tty.rate_baud = USUAL_BAUD;
    esp_loader_error_t error = find_in_place(board, &place)
                                   ? tty_device_ops.reopen(&board->tty, &place, &device)
                                   : tty_device_open(&board->tty, board->path, &device);
    if (error != ESP_LOADER_SUCCESS) {
        return false;
    }
    board->device = device;
    begin(board);
    return true;
}

static bool is_lost(ssize_t result)
{
    return result == 0 || (result < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

size_t shared_board_read(shared_board_t *board, uint8_t *bytes, size_t capacity, bool *out_is_lost)
{
    ssize_t got = read(board->tty.fd, bytes, capacity);

    *out_is_lost = is_lost(got);
    if (got > 0) {
        linux_follow_note_read(&board->follow);
    }
    return got > 0 ? (size_t)got : 0;
}

size_t shared_board_write(shared_board_t *board, const uint8_t *bytes, size_t size, bool *out_is_lost)
{
    ssize_t put = write(board->tty.fd, bytes, size);

    *out_is_lost = is_lost(put);
    if (put > 0) {
        linux_follow_note_write(&board->follow);
    }
    return put > 0 ? (size_t)put : 0;
}

size_t shared_board_unsent(const shared_board_t *board)
{
    int size = 0;

    return shared_board_is_open(board) && ioctl(board->tty.fd, TIOCOUTQ, &size) == 0 && size > 0
               ? (size_t)size
               : 0;
}

esp_loader_error_t shared_board_set_lines(shared_board_t *board, bool dtr, bool rts, uint64_t now_us)
{
    const bool is_in_reset = !board->dtr_now && board->rts_now;
    const bool is_half = is_in_reset && dtr && rts &&
                         linux_device_kind(&board->device).link != ESP_LOADER_LINK_USB_SERIAL_JTAG;

    board->dtr = dtr;
    board->rts = rts;
    if (is_half && board->held_until_us == 0) {
        board->held_until_us = now_us + SHARED_BOARD_PAIRING_MS * UINT64_C(1000);
    }
    return is_half ? ESP_LOADER_SUCCESS : apply_lines(board);
}

esp_loader_error_t shared_board_tick(shared_board_t *board, uint64_t now_us)
{
    return board->held_until_us != 0 && now_us >= board->held_until_us ? apply_lines(board)
                                                                       : ESP_LOADER_SUCCESS;
}

esp_loader_error_t shared_board_set_rate(shared_board_t *board, uint32_t rate_baud)
{
    esp_loader_error_t error = tty_device_ops.set_rate(&board->tty, rate_baud);

    if (error == ESP_LOADER_SUCCESS) {
        board->tty.rate_baud = rate_baud;
    }
    return error;
}

void shared_board_set_break(shared_board_t *board, bool is_on)
{
    (void)ioctl(board->tty.fd, is_on ? TIOCSBRK : TIOCCBRK);
}

void shared_board_purge(shared_board_t *board, bool received, bool to_send)
{
    if (received) {
        (void)ioctl(board->tty.fd, TCFLSH, TCIFLUSH);
    }
    if (to_send) {
        (void)ioctl(board->tty.fd, TCFLSH, TCOFLUSH);
    }
}

uint8_t shared_board_modem(const shared_board_t *board)
{
    int lines = 0;

    if (!shared_board_is_open(board) || ioctl(board->tty.fd, TIOCMGET, &lines) != 0) {
        return 0;
    }
    return (uint8_t)(((lines & TIOCM_CTS) != 0 ? COM_PORT_CTS : 0) |
                     ((lines & TIOCM_DSR) != 0 ? COM_PORT_DSR : 0) |
                     ((lines & TIOCM_RNG) != 0 ? COM_PORT_RI : 0) |
                     ((lines & TIOCM_CAR) != 0 ? COM_PORT_CD : 0));
}
