/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading sysfs. Every tty leads to its device through a link; going up from there, the first folder with a
 * bInterfaceNumber is its USB interface and the first with an idVendor the USB device. Source: Linux
 * Documentation/ABI (sysfs-dev, sysfs-bus-usb, sysfs-tty).
 */
#define _GNU_SOURCE
#include "linux_devices.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "usb_bridge.h"

static const char *root_of(const char *sysfs_root)
{
    return sysfs_root != NULL ? sysfs_root : "/sys";
}

/** Copies what fits. */
static void copy_text(char *out, size_t size, const char *text)
{
    size_t length = strnlen(text, size - 1);

    memcpy(out, text, length);
    out[length] = '\0';
}

/** First line of an attribute; control characters, which would spoil a terminal, become '?'. */
static bool read_text(const char *folder, const char *name, char *out, size_t size)
{
    char path[PATH_MAX];
    char line[256] = "";

    out[0] = '\0';
    int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        return false;
    }
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    bool is_read = fgets(line, sizeof(line), file) != NULL;
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    for (char *at = line; *at != '\0'; at++) {
        *at = (unsigned char)*at < ' ' || *at == 0x7F ? '?' : *at;
    }
    copy_text(out, size, line);
    return is_read;
}

static bool read_number(const char *folder, const char *name, int base, unsigned long *out_value)
{
    char text[32];
    char *end = NULL;

    if (!read_text(folder, name, text, sizeof(text))) {
        return false;
    }
    *out_value = strtoul(text, &end, base);
    return end != text;
}

/** Fills the fields of the USB device whose folder is @p path; false when it is none. */
static bool describe_usb(const char *path, linux_device_t *device)
{
    unsigned long vid = 0;
    unsigned long pid = 0;
    unsigned long number = 0;

    if (!read_number(path, "idVendor", 16, &vid) || !read_number(path, "idProduct", 16, &pid)) {
        return false;
    }
    device->usb_vid = (uint16_t)vid;
    device->usb_pid = (uint16_t)pid;
    copy_text(device->usb_path, sizeof(device->usb_path), strrchr(path, '/') + 1);
    (void)read_number(path, "devnum", 10, &number);
    device->usb_number = (unsigned)number;
    (void)read_text(path, "product", device->product, sizeof(device->product));
    (void)read_text(path, "serial", device->serial, sizeof(device->serial));
    return true;
}

/** Describes the tty whose link in sysfs is @p link_path; false when it is not hardware. */
static bool describe_tty(const char *sysfs_root, const char *link_path, linux_device_t *device)
{
    char root[PATH_MAX];
    char path[PATH_MAX];

    memset(device, 0, sizeof(*device));
    if (realpath(sysfs_root, root) == NULL || realpath(link_path, path) == NULL ||
        strstr(path, "/devices/virtual/") != NULL) {
        return false;
    }
    copy_text(device->tty, sizeof(device->tty), strrchr(path, '/') + 1);
    size_t root_length = strlen(root);
    while (strlen(path) > root_length) {
        char text[8];
        if (device->usb_interface[0] == '\0' && read_text(path, "bInterfaceNumber", text, sizeof(text))) {
            copy_text(device->usb_interface, sizeof(device->usb_interface), strrchr(path, '/') + 1);
        }
        if (describe_usb(path, device)) {
            break;
        }
        *strrchr(path, '/') = '\0'; /* realpath() gave an absolute path */
    }
    return true;
}

bool linux_devices_find_tty(const char *sysfs_root, unsigned major, unsigned minor,
                            linux_device_t *out_device)
{
    char link_path[PATH_MAX];
    int length =
        snprintf(link_path, sizeof(link_path), "%s/dev/char/%u:%u", root_of(sysfs_root), major, minor);

    if (length > 0 && (size_t)length < sizeof(link_path) &&
        describe_tty(root_of(sysfs_root), link_path, out_device)) {
        return true;
    }
    memset(out_device, 0, sizeof(*out_device));
    return false;
}

/** The kernel makes ttyS0 and its like whether there is hardware or not; those without have type 0. */
static bool is_placeholder(const char *link_path)
{
    unsigned long type = 1;

    return read_number(link_path, "type", 10, &type) && type == 0;
}

static bool is_hub(const char *path)
{
    unsigned long device_class = 0;

    return read_number(path, "bDeviceClass", 16, &device_class) && device_class == 0x09;
}

static bool has_tty(const linux_device_t *devices, size_t count, const char *usb_path)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(devices[i].usb_path, usb_path) == 0) {
            return true;
        }
    }
    return false;
}

/** The list while it is made. */
typedef struct {
    const char *root;
    linux_device_t *devices;
    size_t capacity;
    size_t count;
} list_t;

static void add_tty(list_t *list, const char *path, const char *name)
{
    (void)name;
    if (!is_placeholder(path) && describe_tty(list->root, path, &list->devices[list->count])) {
        list->count++;
    }
}

static void add_usb(list_t *list, const char *path, const char *name)
{
    linux_device_t *device = &list->devices[list->count];
    char real[PATH_MAX];

    /* Interfaces have a colon in their name. */
    if (strchr(name, ':') != NULL || is_hub(path) || has_tty(list->devices, list->count, name) ||
        realpath(path, real) == NULL) {
        return;
    }
    memset(device, 0, sizeof(*device));
    if (describe_usb(real, device)) {
        list->count++;
    }
}

static void for_each(list_t *list, const char *folder_name,
                     void (*add)(list_t *list, const char *path, const char *name))
{
    char folder[PATH_MAX];
    struct dirent **entries = NULL;
    int length = snprintf(folder, sizeof(folder), "%s/%s", list->root, folder_name);

    int count =
        length > 0 && (size_t)length < sizeof(folder) ? scandir(folder, &entries, NULL, versionsort) : -1;
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];

        length = snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        if (length > 0 && (size_t)length < sizeof(path) && entries[i]->d_name[0] != '.' &&
            list->count < list->capacity) {
            add(list, path, entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
}

size_t linux_devices_list(const char *sysfs_root, linux_device_t *out_devices, size_t capacity)
{
    list_t list = {.root = root_of(sysfs_root), .devices = out_devices, .capacity = capacity};

    for_each(&list, "class/tty", add_tty);
    for_each(&list, "bus/usb/devices", add_usb);
    return list.count;
}

usb_kind_t linux_device_kind(const linux_device_t *device)
{
    if (device->usb_vid == 0) {
        return (usb_kind_t){"serial port", ESP_LOADER_LINK_UART, USB_FLASH_MAYBE};
    }
    return usb_kind_find(device->usb_vid, device->usb_pid);
}

uint32_t linux_device_max_rate(const linux_device_t *device)
{
    return usb_bridge_max_rate(device->usb_vid, device->usb_pid, device->product);
}
