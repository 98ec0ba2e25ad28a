/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The USB port in use: opening, transfers, time-outs, lines, and giving everything back.
 */
#define _GNU_SOURCE
#include <string.h>

#include "linux_usb_rig.h"
#include "test.h"

TEST_USB(board_opens_with_receiving_under_way_and_goes_back_to_its_driver)
{
    assert_port_opens();
    assert_int_equal(fake_usb.claimed, 3);
    assert_in_range(fake_usb.pending_in, 8, 64);
    assert_int_equal(fake_usb.longest_in, 64); /* a longer one would hold back a full packet */
    assert_int_equal(fake_usb.line_count, 0);
    assert_int_equal(port_link(), ESP_LOADER_LINK_USB_SERIAL_JTAG);
    port_deinit();
    assert_int_equal(fake_usb.driver_has, 2);
}

TEST_USB(without_libusb_the_port_says_so_and_works_once_it_is_there)
{
    static const char *const lacking[] = {NULL, "libusb_init", "libusb_handle_events_timeout"};
    unsigned version[3] = {0};

    for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++) {
        fake_usb.is_absent = lacking[i] == NULL;
        fake_usb.lacks = lacking[i];
        assert_int_equal(port_init(), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(fake_usb.contexts, 0);
        assert_false(linux_usb_library_version(&version[0], &version[1], &version[2]));
    }
    fake_usb.lacks = NULL;
    assert_true(linux_usb_library_version(&version[0], &version[1], &version[2]));
    assert_int_equal(version[0] * 10000 + version[1] * 100 + version[2], 10234);
    assert_port_opens();
}

TEST_USB(init_again_without_deinit_reopens)
{
    for (int i = 0; i < 3; i++) {
        assert_port_opens();
        assert_int_equal(fake_usb.contexts, 1);
    }
    port_deinit();
    port_deinit();
}

TEST_USB(refusals_are_told_apart_and_leave_nothing_open)
{
    static const struct {
        int open_result;
        int claim_result;
        bool has_no_cdc;
        esp_loader_error_t error;
    } cases[] = {
        {LIBUSB_ERROR_ACCESS, 0, false, ESP_LOADER_ERROR_PORT_ACCESS},
        {LIBUSB_ERROR_NO_DEVICE, 0, false, ESP_LOADER_ERROR_PORT_NOT_FOUND},
        {LIBUSB_ERROR_OTHER, 0, false, ESP_LOADER_ERROR_IO},
        {0, LIBUSB_ERROR_BUSY, false, ESP_LOADER_ERROR_PORT_BUSY},
        {0, 0, true, ESP_LOADER_ERROR_PORT_NOT_FOUND},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fake_usb.open_result = cases[i].open_result;
        fake_usb.claim_result = cases[i].claim_result;
        fake_usb.has_no_cdc = cases[i].has_no_cdc;
        assert_int_equal(port_init(), cases[i].error);
        assert_int_equal(fake_usb.contexts, 0);
    }
}

TEST_USB(packets_are_read_in_order_in_any_portion)
{
    uint8_t buf[200];
    size_t got = 0;

    assert_port_opens();
    fake_usb_send("\xc0", 1);
    fake_usb_send("", 0); /* says nothing, and ends no wait */
    fake_usb_send("abcdefgh", 8);
    assert_int_equal(port_read(buf, 4, 0, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 4);
    assert_memory_equal(buf,
                        "\xc0"
                        "abc",
                        4);
    assert_int_equal(port_read(buf, sizeof(buf), 100, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 5);
    assert_memory_equal(buf, "defgh", 5);
    assert_int_equal(port_read(buf, sizeof(buf), 0, &got), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(got, 0);
    uint32_t before_ms = port_now_ms();
    assert_int_equal(port_read(buf, sizeof(buf), 100, &got), ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(port_now_ms() - before_ms, 100, 101);
}

TEST_USB(device_is_held_off_while_nobody_reads_and_nothing_is_lost)
{
    uint8_t packet[64];
    uint8_t buf[1000];
    size_t total = 0;

    assert_port_opens();
    for (unsigned i = 0; i < 100; i++) {
        memset(packet, (int)i, sizeof(packet));
        fake_usb_send(packet, sizeof(packet));
    }
    port_delay(50);
    assert_int_equal(fake_usb.pending_in, 0); /* all transfers full: the device has to wait */
    while (total < 6400) {
        size_t got = 0;
        assert_int_equal(port_read(buf, sizeof(buf), 0, &got), ESP_LOADER_SUCCESS);
        for (size_t i = 0; i < got; i++) {
            assert_int_equal(buf[i], (total + i) / 64);
        }
        total += got;
    }
    assert_int_equal(total, 6400);
}

TEST_USB(frame_is_one_transfer_and_longer_data_goes_out_whole)
{
    static uint8_t data[10000];
    size_t written = 0;

    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7 >> 3);
    }
    assert_port_opens();
    assert_int_equal(port_write(data, 2100, 100, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, 2100);
    assert_int_equal(fake_usb.out_transfers, 1);
    assert_int_equal(port_write(data + 2100, 7900, 100, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(written, 7900);
    assert_int_equal(fake_usb.out_size, sizeof(data));
    assert_memory_equal(fake_usb.out, data, sizeof(data));
}

TEST_USB(write_to_a_busy_chip_times_out_and_tells_what_was_taken)
{
    static uint8_t data[1000];
    size_t written = 0;

    assert_port_opens();
    fake_usb.out_room = 128;
    uint32_t before_ms = port_now_ms();
    assert_int_equal(port_write(data, sizeof(data), 300, &written), ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(port_now_ms() - before_ms, 300, 301);
    assert_int_equal(written, 128);
    fake_usb.out_room = SIZE_MAX;
    assert_int_equal(port_write(data, 10, 300, &written), ESP_LOADER_SUCCESS);
    assert_int_equal(fake_usb.out_size, 138);
}

TEST_USB(transfer_errors_are_reported_and_the_port_goes_on)
{
    static const enum libusb_transfer_status statuses[] = {LIBUSB_TRANSFER_ERROR, LIBUSB_TRANSFER_OVERFLOW,
                                                           LIBUSB_TRANSFER_STALL};
    uint8_t byte = 0;
    size_t count = 0;

    assert_port_opens();
    for (size_t i = 0; i < 3; i++) {
        unsigned halts = fake_usb.halts_cleared;
        fake_usb.in_status = statuses[i];
        assert_int_equal(port_read(&byte, 1, 100, &count), ESP_LOADER_ERROR_IO);
        fake_usb.out_status = statuses[i];
        assert_int_equal(port_write(&byte, 1, 100, &count), ESP_LOADER_ERROR_IO);
        assert_int_equal(count, 0);
        assert_int_equal(fake_usb.halts_cleared - halts, statuses[i] == LIBUSB_TRANSFER_STALL ? 2 : 0);
        fake_usb_send("x", 1);
        assert_int_equal(port_read(&byte, 1, 100, &count), ESP_LOADER_SUCCESS);
        assert_int_equal(port_write(&byte, 1, 100, &count), ESP_LOADER_SUCCESS);
    }
}

TEST_USB(lines_go_out_as_pairs_even_if_they_do_not_change)
{
    assert_port_opens();
    assert_int_equal(port_set_lines(false, false), ESP_LOADER_SUCCESS);
    assert_int_equal(port_set_lines(true, false), ESP_LOADER_SUCCESS);
    assert_int_equal(port_set_lines(true, true), ESP_LOADER_SUCCESS);
    assert_int_equal(port_set_lines(false, true), ESP_LOADER_SUCCESS);
    assert_int_equal(port_set_lines(false, true), ESP_LOADER_SUCCESS);
    assert_int_equal(fake_usb.line_count, 5);
    assert_memory_equal(fake_usb.lines, "\x00\x01\x03\x02\x02", 5);
    assert_int_equal(port_set_rate(921600), ESP_LOADER_SUCCESS);
    assert_int_equal(fake_usb.rate_baud, 921600);
}

TEST_USB(refused_request_is_told_from_a_failed_one)
{
    static const struct {
        int result;
        esp_loader_error_t error;
    } cases[] = {
        {LIBUSB_ERROR_PIPE, ESP_LOADER_ERROR_UNSUPPORTED_FUNC},
        {LIBUSB_ERROR_TIMEOUT, ESP_LOADER_ERROR_TIMEOUT},
        {LIBUSB_ERROR_IO, ESP_LOADER_ERROR_IO},
    };

    assert_port_opens();
    for (size_t i = 0; i < 3; i++) {
        fake_usb.control_result = cases[i].result;
        assert_int_equal(port_set_lines(true, false), cases[i].error);
    }
}

TEST_USB(waiting_collects_what_the_chip_says)
{
    assert_port_opens();
    unsigned pending = fake_usb.pending_in;
    fake_usb_send("ESP-ROM:", 8);
    uint32_t before_ms = port_now_ms();
    port_delay(100);
    assert_in_range(port_now_ms() - before_ms, 100, 101);
    assert_int_equal(fake_usb.pending_in, pending - 1);
}

TEST_USB(transfer_that_never_comes_back_is_given_up_but_not_freed)
{
    assert_port_opens();
    fake_usb.never_calls_back = true;
    uint32_t before_ms = port_now_ms();
    port_deinit();
    assert_in_range(port_now_ms() - before_ms, 1000, 3000);
    assert_true(fake_usb.pending_total > 0);
    fake_usb_abandon();
}

TEST_USB(closed_port_is_disconnected_for_every_call)
{
    assert_port_disconnected();
    assert_int_equal(port_link(), ESP_LOADER_LINK_UNKNOWN);
    port_delay(1);
}
