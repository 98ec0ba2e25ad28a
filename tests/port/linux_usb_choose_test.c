/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which USB device a choice means, and that a device somebody uses is left alone.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "linux_usb_rig.h"
#include "pty.h"
#include "test.h"

TEST(text_is_serial_number_physical_port_or_ids)
{
    static const struct {
        const char *text;
        const char *bus_path;
        const char *serial;
        uint16_t vid;
        uint16_t pid;
    } cases[] = {
        {"usb:", NULL, NULL, 0, 0},
        {"usb:303A:1001", NULL, NULL, 0x303A, 0x1001},
        {"usb:1-2", "1-2", NULL, 0, 0},
        {"usb:12-2.3.14", "12-2.3.14", NULL, 0, 0},
        {"usb:AA:BB:CC:DD:EE:FF", NULL, "AA:BB:CC:DD:EE:FF", 0, 0},
        {"usb:12", NULL, "12", 0, 0},
        {"usb:1-", NULL, "1-", 0, 0},
        {"usb:1-2.", NULL, "1-2.", 0, 0},
        {"usb:1.2", NULL, "1.2", 0, 0},
        {"usb:1-2-3", NULL, "1-2-3", 0, 0},
        {"usb:303a:10011", NULL, "303a:10011", 0, 0},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        linux_usb_port_t port = {.serial = "old", .bus_path = "old", .usb_vid = 9, .usb_pid = 9};

        assert_true(linux_usb_choose(&port, cases[i].text));
        assert_int_equal(port.usb_vid, cases[i].vid);
        assert_int_equal(port.usb_pid, cases[i].pid);
        assert_int_equal(port.bus_path != NULL, cases[i].bus_path != NULL);
        assert_int_equal(port.serial != NULL, cases[i].serial != NULL);
        if (cases[i].bus_path != NULL) {
            assert_string_equal(port.bus_path, cases[i].bus_path);
        }
        if (cases[i].serial != NULL) {
            assert_string_equal(port.serial, cases[i].serial);
        }
    }
    assert_false(linux_usb_choose(&(linux_usb_port_t){0}, "/dev/usb:1"));
}

TEST_USB(exactly_one_device_must_fit)
{
    static const struct {
        const char *text;
        size_t count;
    } cases[] = {
        {"usb:", 1}, /* of the chips' own interfaces; the bridge must be named */
        {"usb:1a86:55d3", 1}, {"usb:1-4", 1}, {"usb:02:00:00:00:00:01", 1},
        {"usb:303a:1001", 1}, {"usb:1-3", 0}, {"usb:nobody", 0},
    };
    linux_device_t device;

    fake_sysfs_plug(&(fake_usb_t){.path = "1-4", .vid = "1a86", .pid = "55d3"});
    fake_sysfs_tty("1-4", "0", "ttyACM5", "166:5");
    fake_sysfs_tty("1-4", "2", "ttyACM6", "166:6"); /* still one device */
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(linux_usb_choose(&usb_port, cases[i].text));
        assert_int_equal(linux_usb_find(&usb_port, &device), cases[i].count);
    }
    assert_int_equal(port_init(), ESP_LOADER_ERROR_PORT_NOT_FOUND);

    fake_sysfs_plug(&(fake_usb_t){.path = "1-5", .vid = "303a", .pid = "0002"});
    assert_true(linux_usb_choose(&usb_port, "usb:"));
    assert_int_equal(linux_usb_find(&usb_port, NULL), 2);
    assert_int_equal(port_init(), ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_USB(device_whose_tty_another_program_uses_is_busy)
{
    char dev_root[128];
    char path[160];

    pty_open(&pty);
    port_under_test = &usb_port.port;
    snprintf(dev_root, sizeof(dev_root), "%s/dev", fake_sysfs_root);
    snprintf(path, sizeof(path), "%s/ttyACM0", dev_root);
    assert_int_equal(symlink(pty.path, path), 0);
    usb_port.dev_root = dev_root;
    int other = open(pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    assert_int_equal(port_init(), ESP_LOADER_ERROR_PORT_BUSY);
    assert_int_equal(fake_usb.contexts, 0); /* it was not even opened */
    close(other);
    assert_port_opens();
    close(pty.master);
}
