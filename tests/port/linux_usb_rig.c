/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the USB port start from.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include "linux_usb_rig.h"
#include "test.h"

int usb_rig_make(void **state)
{
    usb_rig_t *rig = calloc(1, sizeof(*rig));
    void *sysfs = NULL;

    if (fake_sysfs_make(&sysfs) != 0) {
        return -1;
    }
    rig->sysfs = sysfs;
    rig->port = (linux_usb_port_t){
        .port.ops = &linux_usb_ops, .sysfs_root = rig->sysfs->root, .dev_root = "/nonexistent"};
    *state = rig;
    fake_usb_start();
    const fake_usb_t usb = {
        .path = "1-2", .vid = "303a", .pid = "1001", .serial = "02:00:00:00:00:01", .number = "1"};
    fake_sysfs_plug(rig->sysfs, &usb);
    fake_sysfs_tty(rig->sysfs, "1-2", "0", "ttyACM0", "166:0");
    return 0;
}

int usb_rig_remove(void **state)
{
    usb_rig_t *rig = *state;
    void *sysfs = rig->sysfs;

    free(rig);
    return fake_sysfs_remove(&sysfs);
}

const esp_loader_port_ops_t *usb_rig_ops(const usb_rig_t *rig)
{
    return rig->port.port.ops;
}

esp_loader_error_t usb_rig_open(usb_rig_t *rig)
{
    return usb_rig_ops(rig)->init(&rig->port.port);
}

void usb_rig_close(usb_rig_t *rig)
{
    usb_rig_ops(rig)->deinit(&rig->port.port);
    fake_usb_check_all_released();
}

uint32_t usb_rig_now_ms(usb_rig_t *rig)
{
    return usb_rig_ops(rig)->now_ms(&rig->port.port);
}

esp_loader_error_t usb_rig_read(usb_rig_t *rig, uint8_t *buf, size_t capacity, uint32_t timeout_ms,
                                size_t *out_read)
{
    return usb_rig_ops(rig)->read_some(&rig->port.port, buf, capacity, timeout_ms, out_read);
}

esp_loader_error_t usb_rig_write(usb_rig_t *rig, const uint8_t *data, size_t size, uint32_t timeout_ms,
                                 size_t *out_written)
{
    return usb_rig_ops(rig)->write_all(&rig->port.port, data, size, timeout_ms, out_written);
}

void usb_rig_unplug(usb_rig_t *rig)
{
    fake_usb_unplug();
    fake_sysfs_unplug(rig->sysfs, "1-2");
}

void usb_rig_plug(usb_rig_t *rig, const char *serial, const char *pid)
{
    const fake_usb_t usb = {.path = "1-2", .vid = "303a", .pid = pid, .serial = serial, .number = "2"};

    fake_sysfs_plug(rig->sysfs, &usb);
    fake_usb_plug();
}
