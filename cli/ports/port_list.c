/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * From devices to ports.
 */
#define _GNU_SOURCE
#include "ports/port_list.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/report.h"
#include "text/safe_text.h"

const char *port_list_sysfs_root(void)
{
    return getenv("ESP_LOADER_SYSFS");
}

const char *port_list_dev_root(void)
{
    return getenv("ESP_LOADER_DEV");
}

static bool is_own_usb(const usb_kind_t *kind)
{
    return kind->link == ESP_LOADER_LINK_USB_SERIAL_JTAG || kind->link == ESP_LOADER_LINK_USB_OTG;
}

static void name_port(port_entry_t *entry)
{
    const char *dev_root = port_list_dev_root();
    const linux_device_t *device = &entry->device;

    entry->port[0] = '\0';
    if (device->tty[0] != '\0') {
        snprintf(entry->port, sizeof(entry->port), "%s/%s", dev_root != NULL ? dev_root : "/dev",
                 device->tty);
    } else if (is_own_usb(&entry->kind)) {
        snprintf(entry->port, sizeof(entry->port), "usb:%s", device->usb_path);
    }
}

port_entry_t *port_list_read(size_t *out_count)
{
    linux_device_t *devices = calloc(LINUX_DEVICES_MAX, sizeof(*devices));
    port_entry_t *entries = calloc(LINUX_DEVICES_MAX, sizeof(*entries));

    *out_count = 0;
    if (devices == NULL || entries == NULL) {
        free(devices);
        free(entries);
        return NULL;
    }
    size_t count = linux_devices_list(port_list_sysfs_root(), devices, LINUX_DEVICES_MAX);
    for (size_t i = 0; i < count; i++) {
        port_entry_t *entry = &entries[*out_count];

        entry->device = devices[i];
        safe_text_clean(entry->device.product);
        safe_text_clean(entry->device.serial);
        entry->kind = linux_device_kind(&devices[i]);
        /* A USB device of an unknown kind without a tty is no serial device at all. */
        if (devices[i].tty[0] != '\0' || entry->kind.flash != USB_FLASH_MAYBE) {
            name_port(entry);
            (*out_count)++;
        }
    }
    free(devices);
    return entries;
}

bool port_list_is_candidate(const port_entry_t *entry)
{
    return entry->kind.flash == USB_FLASH_YES && entry->port[0] != '\0';
}

bool port_list_has_candidate(void)
{
    bool is_there = false;
    size_t count = 0;

    port_entry_t *entries = port_list_read(&count);
    for (size_t i = 0; i < count; i++) {
        is_there = is_there || port_list_is_candidate(&entries[i]);
    }
    free(entries);
    return is_there;
}

/** Why --port auto has not found the one. */
static void report_candidates(const port_entry_t *entries, size_t count, size_t candidate_count)
{
    if (candidate_count == 0) {
        report_line("no board is connected that can be flashed (see esp-loader ports)");
        return;
    }
    report_line("%u boards are connected: choose one with --port", (unsigned)candidate_count);
    for (size_t i = 0; i < count; i++) {
        if (port_list_is_candidate(&entries[i])) {
            report_note(NULL, "  %s  %s %s", entries[i].port, entries[i].kind.name, entries[i].device.serial);
        }
    }
}

cli_exit_t port_list_choose(char out_port[PORT_TEXT_SIZE])
{
    size_t candidate_count = 0;
    size_t count = 0;

    port_entry_t *entries = port_list_read(&count);
    for (size_t i = 0; i < count; i++) {
        if (port_list_is_candidate(&entries[i])) {
            snprintf(out_port, PORT_TEXT_SIZE, "%s", entries[i].port);
            candidate_count++;
        }
    }
    if (candidate_count != 1) {
        report_candidates(entries, count, candidate_count);
    }
    free(entries);
    return candidate_count == 1 ? CLI_OK : CLI_PORT;
}
