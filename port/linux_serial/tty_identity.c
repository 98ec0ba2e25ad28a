/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * From a tty's device number to its USB ids: <sysfs>/dev/char/<major>:<minor> leads to the device, and the
 * first parent directory with an idVendor file is the USB device it belongs to. Sources: Linux
 * Documentation/ABI (sysfs-dev, sysfs-bus-usb); USB ids: espressif/usb-pids, esptool 5.3.
 */
#define _GNU_SOURCE
#include "tty_identity.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ESPRESSIF_VID = 0x303A };

static bool read_hex16(const char *folder, const char *name, uint16_t *out_value)
{
    char path[PATH_MAX];
    unsigned value = 0;
    bool is_read = false;

    int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        return false;
    }
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    is_read = fscanf(file, "%4x", &value) == 1;
    fclose(file);
    *out_value = (uint16_t)value;
    return is_read;
}

static esp_loader_link_t usb_link(uint16_t vid, uint16_t pid)
{
    if (vid != ESPRESSIF_VID) {
        return ESP_LOADER_LINK_UART;
    }
    switch (pid) {
    case 0x1001:
        return ESP_LOADER_LINK_USB_SERIAL_JTAG;
    case 0x0002: /* ESP32-S2 ROM */
    case 0x0009: /* ESP32-S3 ROM */
    case 0x0012: /* ESP32-P4 ROM */
        return ESP_LOADER_LINK_USB_OTG;
    case 0x1002: /* ESP USB bridge: a UART with the transistor circuit behind it */
        return ESP_LOADER_LINK_UART;
    default: /* an application of the user's, with line handling of its own */
        return ESP_LOADER_LINK_UNKNOWN;
    }
}

tty_identity_t tty_identity_find(const char *sysfs_root, unsigned major, unsigned minor)
{
    tty_identity_t identity = {.link = ESP_LOADER_LINK_UNKNOWN};
    char link_path[PATH_MAX];
    char root[PATH_MAX];
    char path[PATH_MAX];

    int length = snprintf(link_path, sizeof(link_path), "%s/dev/char/%u:%u", sysfs_root, major, minor);
    if (length < 0 || (size_t)length >= sizeof(link_path) || realpath(sysfs_root, root) == NULL ||
        realpath(link_path, path) == NULL) {
        return identity;
    }
    if (strstr(path, "/devices/virtual/") != NULL) {
        return identity;
    }
    size_t root_length = strlen(root);
    while (strlen(path) > root_length) {
        if (read_hex16(path, "idVendor", &identity.usb_vid) &&
            read_hex16(path, "idProduct", &identity.usb_pid)) {
            identity.link = usb_link(identity.usb_vid, identity.usb_pid);
            return identity;
        }
        *strrchr(path, '/') = '\0'; /* realpath() gave an absolute path */
    }
    identity.link = ESP_LOADER_LINK_UART; /* a serial controller on the board or in a slot */
    return identity;
}
