/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The folders and links of /sys that name USB devices and ttys.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_sysfs.h"
#include "test.h"

enum { PATH_SIZE = 512 };

static const char controller[] = "devices/pci0/usb1";

char fake_sysfs_root[64];

/** Prints a path that has to fit. */
__attribute__((format(printf, 2, 3))) static void write_path(char path[PATH_SIZE], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int length = vsnprintf(path, PATH_SIZE, format, args);
    va_end(args);
    assert_in_range(length, 1, PATH_SIZE - 1);
}

int fake_sysfs_make(void **state)
{
    (void)state;
    snprintf(fake_sysfs_root, sizeof(fake_sysfs_root), "/tmp/fake_sysfs.XXXXXX");
    if (mkdtemp(fake_sysfs_root) == NULL) {
        return -1;
    }
    fake_sysfs_folder("class/tty");
    fake_sysfs_folder("dev/char");
    fake_sysfs_folder("bus/usb/devices");
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

int fake_sysfs_remove(void **state)
{
    (void)state;
    return nftw(fake_sysfs_root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

void fake_sysfs_folder(const char *path)
{
    char full[PATH_SIZE];

    write_path(full, "%s/%s", fake_sysfs_root, path);
    for (char *slash = strchr(full + strlen(fake_sysfs_root) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(mkdir(full, 0777) == 0 || errno == EEXIST);
        *slash = '/';
    }
    assert_true(mkdir(full, 0777) == 0 || errno == EEXIST);
}

void fake_sysfs_file(const char *path, const char *content)
{
    char full[PATH_SIZE];

    write_path(full, "%s/%s", fake_sysfs_root, path);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fprintf(file, "%s\n", content);
    assert_int_equal(fclose(file), 0);
}

void fake_sysfs_link(const char *path, const char *target)
{
    char full[PATH_SIZE];
    char whole_target[PATH_SIZE];

    write_path(full, "%s/%s", fake_sysfs_root, path);
    write_path(whole_target, "%s/%s", fake_sysfs_root, target);
    assert_int_equal(symlink(whole_target, full), 0);
}

static void attribute(const char *usb_path, const char *name, const char *value)
{
    char path[PATH_SIZE];

    if (value != NULL) {
        write_path(path, "%s/%s/%s", controller, usb_path, name);
        fake_sysfs_file(path, value);
    }
}

void fake_sysfs_plug(const fake_usb_t *usb)
{
    char path[PATH_SIZE];
    char link[PATH_SIZE];

    write_path(path, "%s/%s", controller, usb->path);
    fake_sysfs_folder(path);
    write_path(link, "bus/usb/devices/%s", usb->path);
    fake_sysfs_link(link, path);
    attribute(usb->path, "idVendor", usb->vid);
    attribute(usb->path, "idProduct", usb->pid);
    attribute(usb->path, "product", usb->product);
    attribute(usb->path, "serial", usb->serial);
    attribute(usb->path, "devnum", usb->number);
}

void fake_sysfs_tty(const char *usb_path, const char *interface, const char *tty, const char *number)
{
    char path[PATH_SIZE];
    char link[PATH_SIZE];

    write_path(path, "%s/%s/%s:1.%s/tty/%s", controller, usb_path, usb_path, interface, tty);
    fake_sysfs_folder(path);
    write_path(link, "dev/char/%s", number);
    fake_sysfs_link(link, path);
    write_path(link, "class/tty/%s", tty);
    fake_sysfs_link(link, path);
    write_path(path, "%s/%s/%s:1.%s/bInterfaceNumber", controller, usb_path, usb_path, interface);
    fake_sysfs_file(path, interface);
}

/** Removes the links of @p folder that lead nowhere. */
static void remove_dangling(const char *folder)
{
    char path[PATH_SIZE];
    struct stat status;

    write_path(path, "%s/%s", fake_sysfs_root, folder);
    DIR *entries = opendir(path);
    assert_non_null(entries);
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        write_path(path, "%s/%s/%s", fake_sysfs_root, folder, entry->d_name);
        if (stat(path, &status) != 0) {
            assert_int_equal(unlink(path), 0);
        }
    }
    closedir(entries);
}

void fake_sysfs_unplug(const char *usb_path)
{
    char path[PATH_SIZE];

    write_path(path, "%s/%s/%s", fake_sysfs_root, controller, usb_path);
    assert_int_equal(nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
    remove_dangling("bus/usb/devices");
    remove_dangling("class/tty");
    remove_dangling("dev/char");
}
