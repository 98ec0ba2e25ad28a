/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * An imitation of /sys in a temporary folder: USB devices, ttys, and what links them.
 */
#ifndef FAKE_SYSFS_H
#define FAKE_SYSFS_H

/** Its root; one at a time. */
extern char fake_sysfs_root[64];

/** One USB device; NULL leaves an attribute out. */
typedef struct {
    const char *path; /**< "1-2.3" */
    const char *vid;  /**< "303a" */
    const char *pid;
    const char *product;
    const char *serial;
    const char *number; /**< devnum */
} fake_usb_t;

/** Setup and teardown of a test. */
int fake_sysfs_make(void **state);
int fake_sysfs_remove(void **state);
#define TEST_SYSFS(name) TEST_WITH(name, fake_sysfs_make, fake_sysfs_remove)

void fake_sysfs_folder(const char *path);
void fake_sysfs_file(const char *path, const char *content);
void fake_sysfs_link(const char *path, const char *target);

/** Plugs a device in. */
void fake_sysfs_plug(const fake_usb_t *usb);

/** Gives it a tty on interface "<path>:1.<interface>", with character device @p number ("166:0"). */
void fake_sysfs_tty(const char *usb_path, const char *interface, const char *tty, const char *number);

/** Takes device and ttys away again. */
void fake_sysfs_unplug(const char *usb_path);

#endif
