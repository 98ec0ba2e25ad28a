/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A USB board that leaves: unplugged at any moment, and gone for a while because it was reset. The imitation
 * of libusb fails the test when a transfer is freed too early or not at all.
 */
#define _GNU_SOURCE
#include <string.h>

#include "linux_usb_rig.h"
#include "test.h"

static const char board_serial[] = "02:00:00:00:00:01";

static void expect_disconnected(usb_rig_t *rig)
{
    esp_loader_port_t *port = &rig->port.port;
    uint8_t byte = 0;
    size_t count = 9;
    uint32_t before_ms = usb_rig_now_ms(rig);

    assert_int_equal(usb_rig_read(rig, &byte, 1, 10000, &count), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
    assert_int_equal(usb_rig_write(rig, &byte, 1, 10000, &count), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port->ops->set_lines(port, true, false), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port->ops->set_lines(port, false, false), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(port->ops->set_rate(port, 115200), ESP_LOADER_ERROR_DISCONNECTED);
    assert_in_range(usb_rig_now_ms(rig) - before_ms, 0, 2);
}

TEST_WITH(bytes_that_came_before_unplugging_are_read_first, usb_rig_make, usb_rig_remove)
{
    usb_rig_t *rig = *state;
    uint8_t buf[8];
    size_t got = 0;

    assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
    fake_usb_send("last", 4);
    usb_rig_ops(rig)->delay_ms(&rig->port.port, 1);
    usb_rig_unplug(rig);
    assert_int_equal(usb_rig_read(rig, buf, sizeof(buf), 1000, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 4);
    expect_disconnected(rig);
    usb_rig_close(rig);
}

TEST_WITH(unplugging_ends_every_call_at_once, usb_rig_make, usb_rig_remove)
{
    static uint8_t data[2000];
    usb_rig_t *rig = *state;
    esp_loader_port_t *port = &rig->port.port;
    uint8_t byte = 0;

    for (int call = 0; call < 4; call++) {
        size_t count = 0;

        assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
        fake_usb.out_room = 0;
        uint32_t before_ms = usb_rig_now_ms(rig);
        fake_usb_unplug_in(40);
        switch (call) {
        case 0:
            assert_int_equal(usb_rig_read(rig, &byte, 1, 10000, &count), ESP_LOADER_ERROR_DISCONNECTED);
            break;
        case 1:
            assert_int_equal(usb_rig_write(rig, data, sizeof(data), 10000, &count),
                             ESP_LOADER_ERROR_DISCONNECTED);
            break;
        case 2:
            port->ops->delay_ms(port, 40);
            assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_ERROR_DISCONNECTED);
            break;
        default:
            port->ops->delay_ms(port, 60); /* a delay stays as long as it was */
            assert_in_range(usb_rig_now_ms(rig) - before_ms, 60, 61);
            break;
        }
        assert_in_range(usb_rig_now_ms(rig) - before_ms, 40, 61);
        expect_disconnected(rig);
        port->ops->deinit(port);
        fake_usb_plug();
    }
    fake_usb_check_all_released();
}

TEST_WITH(unplugging_is_noticed_without_hot_plug_events_too, usb_rig_make, usb_rig_remove)
{
    usb_rig_t *rig = *state;
    uint8_t byte = 0;
    size_t count = 0;

    fake_usb.has_no_hotplug = true;
    assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
    fake_usb_unplug_in(40);
    assert_int_equal(usb_rig_read(rig, &byte, 1, 10000, &count), ESP_LOADER_ERROR_DISCONNECTED);
    usb_rig_close(rig);
}

TEST_WITH(errors_of_a_plug_being_pulled_are_a_disconnection, usb_rig_make, usb_rig_remove)
{
    usb_rig_t *rig = *state;
    uint8_t byte = 0;
    size_t count = 0;

    for (int call = 0; call < 3; call++) {
        assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
        fake_usb_unplug_in(200);
        switch (call) {
        case 0:
            fake_usb.in_status = LIBUSB_TRANSFER_ERROR;
            assert_int_equal(usb_rig_read(rig, &byte, 1, 1000, &count), ESP_LOADER_ERROR_DISCONNECTED);
            break;
        case 1:
            fake_usb.out_status = LIBUSB_TRANSFER_ERROR;
            assert_int_equal(usb_rig_write(rig, &byte, 1, 1000, &count), ESP_LOADER_ERROR_DISCONNECTED);
            break;
        default:
            fake_usb.control_result = LIBUSB_ERROR_IO;
            assert_int_equal(usb_rig_ops(rig)->set_lines(&rig->port.port, true, false),
                             ESP_LOADER_ERROR_DISCONNECTED);
            fake_usb.control_result = 0;
            break;
        }
        usb_rig_ops(rig)->deinit(&rig->port.port);
        fake_usb_plug();
    }
    fake_usb_check_all_released();
}

TEST_WITH(closing_after_unplugging_gives_everything_back, usb_rig_make, usb_rig_remove)
{
    usb_rig_t *rig = *state;

    assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
    usb_rig_unplug(rig); /* nobody has looked since */
    usb_rig_close(rig);
}

/* ---- resets ---- */

TEST_WITH(board_that_leaves_before_it_acknowledges_has_obeyed, usb_rig_make, usb_rig_remove)
{
    usb_rig_t *rig = *state;
    esp_loader_port_t *port = &rig->port.port;
    uint8_t byte = 0;
    size_t count = 0;

    assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
    fake_usb.control_result = LIBUSB_ERROR_NO_DEVICE;
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    fake_usb.control_result = 0;
    usb_rig_unplug(rig);
    assert_int_equal(fake_usb.line_count, 0);
    uint32_t before_ms = usb_rig_now_ms(rig);
    assert_int_equal(port->ops->set_lines(port, false, false), ESP_LOADER_SUCCESS);
    assert_in_range(usb_rig_now_ms(rig) - before_ms, LINUX_FOLLOW_RELEASE_MS, LINUX_FOLLOW_RELEASE_MS + 100);
    usb_rig_plug(rig, board_serial, "1001");
    assert_int_equal(usb_rig_write(rig, &byte, 1, 100, &count), ESP_LOADER_SUCCESS);
    usb_rig_close(rig);
}

TEST_WITH(board_that_leaves_at_a_reset_is_used_again, usb_rig_make, usb_rig_remove)
{
    usb_rig_t *rig = *state;
    esp_loader_port_t *port = &rig->port.port;
    uint8_t buf[8];
    size_t count = 0;

    assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    usb_rig_unplug(rig);
    assert_int_equal(port->ops->set_lines(port, false, false), ESP_LOADER_SUCCESS);
    assert_int_equal(usb_rig_write(rig, buf, 1, 100, &count), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(usb_rig_read(rig, buf, 1, 100, &count), ESP_LOADER_ERROR_TIMEOUT);
    usb_rig_plug(rig, board_serial, "1001");
    fake_usb.open_result = LIBUSB_ERROR_ACCESS; /* udev has not seen it yet */
    assert_int_equal(usb_rig_read(rig, buf, 1, 100, &count), ESP_LOADER_ERROR_TIMEOUT);
    fake_usb.open_result = LIBUSB_SUCCESS;
    assert_int_equal(usb_rig_write(rig, (const uint8_t *)"hello", 5, 100, &count), ESP_LOADER_SUCCESS);
    assert_memory_equal(fake_usb.out, "hello", 5);
    fake_usb_send("answer", 6);
    assert_int_equal(usb_rig_read(rig, buf, sizeof(buf), 100, &count), ESP_LOADER_SUCCESS);
    assert_int_equal(count, 6);
    usb_rig_close(rig);
}

TEST_WITH(board_that_leaves_after_an_answer_is_disconnected_even_if_it_comes_back, usb_rig_make,
          usb_rig_remove)
{
    usb_rig_t *rig = *state;
    esp_loader_port_t *port = &rig->port.port;
    uint8_t byte = 0;
    size_t count = 0;

    assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    fake_usb_send("E", 1); /* boot messages are no answer */
    assert_int_equal(usb_rig_read(rig, &byte, 1, 100, &count), ESP_LOADER_SUCCESS);
    assert_true(rig->port._followed.follow.is_reset);
    assert_int_equal(usb_rig_write(rig, &byte, 1, 100, &count), ESP_LOADER_SUCCESS);
    fake_usb_send("A", 1);
    assert_int_equal(usb_rig_read(rig, &byte, 1, 100, &count), ESP_LOADER_SUCCESS);
    usb_rig_unplug(rig);
    usb_rig_plug(rig, board_serial, "1001");
    assert_int_equal(usb_rig_read(rig, &byte, 1, 1000, &count), ESP_LOADER_ERROR_DISCONNECTED);
    expect_disconnected(rig);
    usb_rig_close(rig);
}

TEST_WITH(board_that_comes_back_as_another_device_is_known_as_that, usb_rig_make, usb_rig_remove)
{
    usb_rig_t *rig = *state;
    esp_loader_port_t *port = &rig->port.port;

    assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    usb_rig_unplug(rig);
    usb_rig_plug(rig, "0", "0009");
    assert_int_equal(port->ops->set_lines(port, true, false), ESP_LOADER_SUCCESS);
    assert_int_equal(port->ops->link_kind(port), ESP_LOADER_LINK_USB_OTG);
    usb_rig_close(rig);
}

TEST_WITH(another_board_in_the_same_place_is_not_taken_for_the_first, usb_rig_make, usb_rig_remove)
{
    usb_rig_t *rig = *state;
    esp_loader_port_t *port = &rig->port.port;
    uint8_t byte = 0;
    size_t count = 0;

    assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    usb_rig_unplug(rig);
    usb_rig_plug(rig, "02:00:00:00:00:02", "1001");
    assert_int_equal(usb_rig_read(rig, &byte, 1, 1000, &count), ESP_LOADER_ERROR_DISCONNECTED);
    expect_disconnected(rig);
    usb_rig_close(rig);
}

TEST_WITH(board_that_does_not_come_back_is_disconnected_after_five_seconds, usb_rig_make, usb_rig_remove)
{
    usb_rig_t *rig = *state;
    esp_loader_port_t *port = &rig->port.port;
    uint8_t byte = 0;
    size_t count = 0;

    assert_int_equal(usb_rig_open(rig), ESP_LOADER_SUCCESS);
    assert_int_equal(port->ops->set_lines(port, false, true), ESP_LOADER_SUCCESS);
    usb_rig_unplug(rig);
    uint32_t before_ms = usb_rig_now_ms(rig);
    assert_int_equal(usb_rig_read(rig, &byte, 1, 20000, &count), ESP_LOADER_ERROR_DISCONNECTED);
    assert_in_range(usb_rig_now_ms(rig) - before_ms, 4900, 5100);
    usb_rig_close(rig);
}
