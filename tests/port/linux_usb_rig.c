/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the USB port start from.
 */
#define _GNU_SOURCE
#include "linux_usb_rig.h"
#include "test.h"

linux_usb_port_t usb_port;

int usb_rig_make(void **state)
{
    static const fake_usb_t usb = {
        .path = "1-2", .vid = "303a", .pid = "1001", .serial = "02:00:00:00:00:01", .number = "1"};

    if (fake_sysfs_make(state) != 0) {
        return -1;
    }
    usb_port = (linux_usb_port_t){
        .port.ops = &linux_usb_ops, .sysfs_root = fake_sysfs_root, .dev_root = "/nonexistent"};
    port_under_test = &usb_port.port;
    fake_usb_start();
    fake_sysfs_plug(&usb);
    fake_sysfs_tty("1-2", "0", "ttyACM0", "166:0");
    return 0;
}

int usb_rig_remove(void **state)
{
    port_deinit();
    fake_usb_check_all_released();
    return fake_sysfs_remove(state);
}

void usb_rig_unplug(void)
{
    fake_usb_unplug();
    fake_sysfs_unplug("1-2");
}

void usb_rig_plug(const fake_usb_t *usb)
{
    fake_sysfs_plug(usb);
    fake_usb_plug();
}
