/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A USB board that is unplugged at any moment. What follows from it, also when it comes back, is in followed_test.c.
 */
#define _GNU_SOURCE
#include <string.h>

#include "linux_usb_rig.h"
#include "test.h"

TEST_USB(bytes_that_came_before_unplugging_are_read_first)
{
    uint8_t buf[8];
    size_t got = 0;

    assert_port_opens();
    fake_usb_send("last", 4);
    port_delay(1);
    usb_rig_unplug();
    assert_int_equal(port_read(buf, sizeof(buf), 1000, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 4);
    assert_port_disconnected();
}

TEST_USB(unplugging_ends_every_call_at_once)
{
    static uint8_t data[2000];
    uint8_t byte = 0;

    for (int call = 0; call < 4; call++) {
        size_t count = 0;

        assert_port_opens();
        fake_usb.out_room = 0;
        uint32_t before_ms = port_now_ms();
        fake_usb_after(40, fake_usb_unplug);
        switch (call) {
        case 0:
            assert_int_equal(port_read(&byte, 1, 10000, &count), ESP_LOADER_ERROR_DISCONNECTED);
            break;
        case 1:
            assert_int_equal(port_write(data, sizeof(data), 10000, &count), ESP_LOADER_ERROR_DISCONNECTED);
            break;
        case 2:
            port_delay(40);
            assert_int_equal(port_set_lines(false, true), ESP_LOADER_ERROR_DISCONNECTED);
            break;
        default:
            port_delay(60); /* a delay stays as long as it was */
            assert_in_range(port_now_ms() - before_ms, 60, 61);
            break;
        }
        assert_in_range(port_now_ms() - before_ms, 40, 61);
        assert_port_disconnected();
        port_deinit();
        fake_usb_plug();
    }
}

TEST_USB(unplugging_is_noticed_without_hot_plug_events_too)
{
    uint8_t byte = 0;
    size_t count = 0;

    fake_usb.has_no_hotplug = true;
    assert_port_opens();
    fake_usb_after(40, fake_usb_unplug);
    assert_int_equal(port_read(&byte, 1, 10000, &count), ESP_LOADER_ERROR_DISCONNECTED);
}

TEST_USB(errors_of_a_plug_being_pulled_are_a_disconnection)
{
    uint8_t byte = 0;
    size_t count = 0;

    for (int call = 0; call < 3; call++) {
        assert_port_opens();
        fake_usb_after(200, fake_usb_unplug);
        switch (call) {
        case 0:
            fake_usb.in_status = LIBUSB_TRANSFER_ERROR;
            assert_int_equal(port_read(&byte, 1, 1000, &count), ESP_LOADER_ERROR_DISCONNECTED);
            break;
        case 1:
            fake_usb.out_status = LIBUSB_TRANSFER_ERROR;
            assert_int_equal(port_write(&byte, 1, 1000, &count), ESP_LOADER_ERROR_DISCONNECTED);
            break;
        default:
            fake_usb.control_result = LIBUSB_ERROR_IO;
            assert_int_equal(port_set_lines(true, false), ESP_LOADER_ERROR_DISCONNECTED);
            fake_usb.control_result = 0;
            break;
        }
        port_deinit();
        fake_usb_plug();
    }
}
