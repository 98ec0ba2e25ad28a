/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which device is meant. Decided from sysfs, so that no device is opened but the one.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "linux_usb_port.h"

enum { ID_DIGITS = 4 };

static const char prefix[] = "usb:";

static size_t count_of(const char *text, int (*is_member)(int))
{
    size_t count = 0;

    while (is_member((unsigned char)text[count]) != 0) {
        count++;
    }
    return count;
}

/** "303a:1001" */
static bool take_ids(const char *text, uint16_t *out_vid, uint16_t *out_pid)
{
    if (count_of(text, isxdigit) != ID_DIGITS || text[ID_DIGITS] != ':' ||
        count_of(text + ID_DIGITS + 1, isxdigit) != ID_DIGITS || text[2 * ID_DIGITS + 1] != '\0') {
        return false;
    }
    *out_vid = (uint16_t)strtoul(text, NULL, 16);
    *out_pid = (uint16_t)strtoul(text + ID_DIGITS + 1, NULL, 16);
    return true;
}

/** "1-2.3": bus, then a chain of ports */
static bool is_bus_path(const char *text)
{
    char separator = '-';

    for (;;) {
        size_t digits = count_of(text, isdigit);
        if (digits == 0) {
            return false;
        }
        text += digits;
        if (*text == '\0') {
            return separator == '.';
        }
        if (*text++ != separator) {
            return false;
        }
        separator = '.';
    }
}

bool linux_usb_choose(linux_usb_port_t *port, const char *text)
{
    if (strncmp(text, prefix, sizeof(prefix) - 1) != 0) {
        return false;
    }
    text += sizeof(prefix) - 1;
    port->bus_path = NULL;
    port->serial = NULL;
    port->usb_vid = 0;
    port->usb_pid = 0;
    if (*text == '\0' || take_ids(text, &port->usb_vid, &port->usb_pid)) {
        return true;
    }
    if (is_bus_path(text)) {
        port->bus_path = text;
    } else {
        port->serial = text;
    }
    return true;
}

static bool fits(const linux_usb_port_t *port, const linux_device_t *device)
{
    const bool is_given =
        port->bus_path != NULL || port->serial != NULL || port->usb_vid != 0 || port->usb_pid != 0;
    const esp_loader_link_t link = linux_device_kind(device).link;

    if (device->usb_path[0] == '\0') {
        return false;
    }
    if (!is_given) {
        return link == ESP_LOADER_LINK_USB_SERIAL_JTAG || link == ESP_LOADER_LINK_USB_OTG;
    }
    return (port->bus_path == NULL || strcmp(port->bus_path, device->usb_path) == 0) &&
           (port->serial == NULL || strcasecmp(port->serial, device->serial) == 0) &&
           (port->usb_vid == 0 || port->usb_vid == device->usb_vid) &&
           (port->usb_pid == 0 || port->usb_pid == device->usb_pid);
}

size_t linux_usb_find(const linux_usb_port_t *port, linux_device_t *out_device)
{
    linux_device_t *devices = calloc(LINUX_DEVICES_MAX, sizeof(*devices));
    const linux_device_t *found = NULL;
    size_t found_count = 0;

    if (devices == NULL) {
        return 0;
    }
    size_t count = linux_devices_list(port->sysfs_root, devices, LINUX_DEVICES_MAX);
    for (size_t i = 0; i < count; i++) {
        /* A device with several ttys is listed as often. */
        if (fits(port, &devices[i]) && (found == NULL || strcmp(found->usb_path, devices[i].usb_path) != 0)) {
            found = &devices[i];
            found_count++;
        }
    }
    if (found_count == 1 && out_device != NULL) {
        *out_device = *found;
    }
    free(devices);
    return found_count;
}
