/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What sysfs says about serial and USB devices, from an imitation of its folders.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "fake_sysfs.h"
#include "linux_devices.h"
#include "test.h"

TEST_SYSFS(usb_devices_are_told_apart_by_their_ids)
{
    static const struct {
        const char *vid;
        const char *pid;
        esp_loader_link_t link;
        usb_flash_t flash;
    } cases[] = {
        {"303a", "1001", ESP_LOADER_LINK_USB_SERIAL_JTAG, USB_FLASH_YES},
        {"303a", "0002", ESP_LOADER_LINK_USB_OTG, USB_FLASH_YES},
        {"303a", "0009", ESP_LOADER_LINK_USB_OTG, USB_FLASH_YES},
        {"303a", "0012", ESP_LOADER_LINK_USB_OTG, USB_FLASH_YES},
        {"303a", "1002", ESP_LOADER_LINK_UART, USB_FLASH_YES},
        {"303a", "4001", ESP_LOADER_LINK_UNKNOWN, USB_FLASH_NO},
        {"10c4", "ea60", ESP_LOADER_LINK_UART, USB_FLASH_YES},
        {"1a86", "1001", ESP_LOADER_LINK_UART, USB_FLASH_MAYBE}, /* the product id alone says nothing */
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const fake_usb_t usb = {.path = "1-2", .vid = cases[i].vid, .pid = cases[i].pid};
        linux_device_t device;

        fake_sysfs_plug(&usb);
        fake_sysfs_tty("1-2", "0", "ttyACM0", "166:0");
        assert_true(linux_devices_find_tty(fake_sysfs_root, 166, 0, &device));
        assert_int_equal(linux_device_kind(&device).link, cases[i].link);
        assert_int_equal(linux_device_kind(&device).flash, cases[i].flash);
        assert_int_equal(device.usb_vid, strtoul(cases[i].vid, NULL, 16));
        assert_int_equal(device.usb_pid, strtoul(cases[i].pid, NULL, 16));
        fake_sysfs_unplug("1-2");
    }
}

TEST(bridges_state_the_rates_that_they_are_good_for)
{
    static const struct {
        uint16_t vid, pid;
        const char *product;
        uint32_t max_baud;
    } cases[] = {
        {0x10C4, 0xEA60, "CP2102N USB to UART Bridge Controller", 3000000},
        {0x10C4, 0xEA60, "CP2104 USB to UART Bridge Controller", 2000000},
        {0x10C4, 0xEA60, "CP2102 USB to UART Bridge Controller", 921600},
        {0x10C4, 0xEA60, "", 921600},
        {0x1A86, 0x7523, "USB Serial", 2000000},
        {0x1A86, 0x55D4, "USB Single Serial", 4000000},
        {0x0403, 0x6001, "FT232R USB UART", 3000000},
        {0x303A, 0x1001, "USB JTAG/serial debug unit", 0},
        {0x1234, 0x5678, "CP2102N", 0},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        linux_device_t device = {.usb_vid = cases[i].vid, .usb_pid = cases[i].pid};
        strcpy(device.product, cases[i].product);
        assert_int_equal(linux_device_max_rate(&device), cases[i].max_baud);
    }
}

TEST_SYSFS(tty_knows_its_physical_port_and_the_names_of_its_device)
{
    const fake_usb_t usb = {.path = "1-2.3",
                            .vid = "303a",
                            .pid = "1001",
                            .product = "USB JTAG/serial debug unit",
                            .serial = "AA:BB:CC:DD:EE:FF",
                            .number = "17"};
    linux_device_t device;

    fake_sysfs_plug(&usb);
    fake_sysfs_tty("1-2.3", "0", "ttyACM12", "166:12");
    assert_true(linux_devices_find_tty(fake_sysfs_root, 166, 12, &device));
    assert_string_equal(device.tty, "ttyACM12");
    assert_string_equal(device.usb_path, "1-2.3");
    assert_string_equal(device.usb_interface, "1-2.3:1.0");
    assert_string_equal(device.product, "USB JTAG/serial debug unit");
    assert_string_equal(device.serial, "AA:BB:CC:DD:EE:FF");
    assert_int_equal(device.usb_number, 17);
}

TEST_SYSFS(texts_are_cut_to_their_field_and_made_printable)
{
    const fake_usb_t usb = {.path = "1-2",
                            .vid = "303a",
                            .pid = "1001",
                            .product = "a\033[2Jb\177",
                            .serial =
                                "0123456789012345678901234567890123456789012345678901234567890123456789"};
    linux_device_t device;

    fake_sysfs_plug(&usb);
    assert_int_equal(linux_devices_list(fake_sysfs_root, &device, 1), 1);
    assert_string_equal(device.product, "a?[2Jb?");
    assert_int_equal(strlen(device.serial), LINUX_DEVICE_TEXT_SIZE - 1);
}

TEST_SYSFS(serial_controller_of_the_board_is_a_uart)
{
    linux_device_t device;

    fake_sysfs_folder("devices/platform/serial8250/tty/ttyS0");
    fake_sysfs_link("dev/char/4:64", "devices/platform/serial8250/tty/ttyS0");
    assert_true(linux_devices_find_tty(fake_sysfs_root, 4, 64, &device));
    assert_int_equal(linux_device_kind(&device).link, ESP_LOADER_LINK_UART);
    assert_int_equal(device.usb_vid, 0);
}

TEST_SYSFS(virtual_and_unlisted_terminals_are_not_found)
{
    linux_device_t device;

    fake_sysfs_folder("devices/virtual/tty/tty1");
    fake_sysfs_link("dev/char/4:1", "devices/virtual/tty/tty1");
    assert_false(linux_devices_find_tty(fake_sysfs_root, 4, 1, &device));
    assert_false(linux_devices_find_tty(fake_sysfs_root, 136, 0, &device));
    assert_false(linux_devices_find_tty("/nonexistent", 4, 1, &device));
}

TEST_SYSFS(list_has_hardware_only_in_the_order_of_names)
{
    static const char *const expected[] = {"ttyACM2", "ttyACM10", "ttyS1", "", ""};
    linux_device_t devices[8];

    fake_sysfs_plug(&(fake_usb_t){.path = "1-2", .vid = "303a", .pid = "1001"});
    fake_sysfs_tty("1-2", "0", "ttyACM10", "166:10");
    fake_sysfs_plug(&(fake_usb_t){.path = "1-4", .vid = "1a86", .pid = "55d2"});
    fake_sysfs_tty("1-4", "0", "ttyACM2", "166:2");
    fake_sysfs_plug(&(fake_usb_t){.path = "1-5", .vid = "303a", .pid = "0002"}); /* no driver */
    fake_sysfs_plug(&(fake_usb_t){.path = "1-10", .vid = "046d", .pid = "c31c"});
    fake_sysfs_plug(&(fake_usb_t){.path = "1-1", .vid = "1d6b", .pid = "0002"});
    fake_sysfs_file("devices/pci0/usb1/1-1/bDeviceClass", "09");
    fake_sysfs_folder("devices/virtual/tty/tty1");
    fake_sysfs_link("class/tty/tty1", "devices/virtual/tty/tty1");
    fake_sysfs_folder("devices/platform/serial8250/tty/ttyS0"); /* no hardware behind it */
    fake_sysfs_file("devices/platform/serial8250/tty/ttyS0/type", "0");
    fake_sysfs_link("class/tty/ttyS0", "devices/platform/serial8250/tty/ttyS0");
    fake_sysfs_folder("devices/platform/serial8250/tty/ttyS1");
    fake_sysfs_file("devices/platform/serial8250/tty/ttyS1/type", "4");
    fake_sysfs_link("class/tty/ttyS1", "devices/platform/serial8250/tty/ttyS1");

    assert_int_equal(linux_devices_list(fake_sysfs_root, devices, 8), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(devices[i].tty, expected[i]);
    }
    assert_string_equal(devices[3].usb_path, "1-5");
    assert_string_equal(devices[4].usb_path, "1-10");
    assert_int_equal(linux_devices_list(fake_sysfs_root, devices, 2), 2);
    assert_int_equal(linux_devices_list("/nonexistent", devices, 8), 0);
}
