/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Boards that are there, from sysfs and from the ports the user has named.
 */
#define _GNU_SOURCE
#include "ports/watch_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "linux_usb_port.h"

static bool is_usb(const char *port)
{
    return strncmp(port, "usb:", 4) == 0;
}

/** The physical port; with the interface where a device has more than its first. */
static void name_place(const linux_device_t *device, char out_place[LINUX_DEVICE_PATH_SIZE])
{
    const char *colon = strchr(device->usb_interface, ':');
    const bool is_first = colon == NULL || strcmp(colon, ":1.0") == 0;

    snprintf(out_place, LINUX_DEVICE_PATH_SIZE, "%s", is_first ? device->usb_path : device->usb_interface);
}

static void add(watch_boards_t *boards, const char *place, const char *port, const linux_device_t *device)
{
    watch_board_t *board = watch_boards_add(boards);

    if (board == NULL) {
        return; /* found again at the next look */
    }
    snprintf(board->place, sizeof(board->place), "%s", place);
    snprintf(board->port, sizeof(board->port), "%s", port);
    snprintf(board->serial, sizeof(board->serial), "%s", device->serial);
    board->usb_vid = device->usb_vid;
    board->usb_pid = device->usb_pid;
    board->is_accessible = is_usb(port) || access(port, R_OK | W_OK) == 0;
}

static void scan_all(watch_boards_t *boards)
{
    size_t entry_count = 0;

    port_entry_t *entries = port_list_read(&entry_count);
    for (size_t i = 0; i < entry_count; i++) {
        if (port_list_is_candidate(&entries[i])) {
            char place[LINUX_DEVICE_PATH_SIZE];

            name_place(&entries[i].device, place);
            add(boards, place, entries[i].port, &entries[i].device);
        }
    }
    free(entries);
}

/** What the port named @p text leads to; false when nothing is there. */
static bool find_device(const char *text, linux_device_t *out_device)
{
    linux_usb_port_t usb = {.sysfs_root = port_list_sysfs_root()};
    struct stat status;

    memset(out_device, 0, sizeof(*out_device));
    if (linux_usb_choose(&usb, text)) {
        return linux_usb_find(&usb, out_device) == 1;
    }
    if (stat(text, &status) != 0) {
        return false;
    }
    (void)linux_devices_find_tty(port_list_sysfs_root(), major(status.st_rdev), minor(status.st_rdev),
                                 out_device);
    return true;
}

void watch_scan(const char *const *ports, size_t port_count, watch_boards_t *boards)
{
    if (port_count == 0) {
        scan_all(boards);
        return;
    }
    for (size_t i = 0; i < port_count; i++) {
        linux_device_t device;

        if (find_device(ports[i], &device)) {
            add(boards, ports[i], ports[i], &device);
        }
    }
}
