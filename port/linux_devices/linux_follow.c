/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Following a device through a re-enumeration.
 */
#define _GNU_SOURCE
#include "linux_follow.h"

#include <stdlib.h>
#include <string.h>

#include "posix_io.h"

void linux_follow_begin(linux_follow_t *follow, const linux_device_t *device)
{
    follow->device = *device;
    follow->is_away = false;
}

void linux_follow_note_reset(linux_follow_t *follow)
{
    follow->is_reset = true;
    follow->has_written = false;
    follow->reset_at_us = posix_now_us();
}

void linux_follow_note_write(linux_follow_t *follow)
{
    follow->has_written = true;
}

void linux_follow_note_read(linux_follow_t *follow)
{
    follow->is_reset = follow->is_reset && !follow->has_written;
}

/** Only a chip's own USB leaves with the chip; a bridge that has left was unplugged. */
static bool can_reenumerate(const linux_device_t *device)
{
    return device->usb_path[0] != '\0' && linux_device_kind(device).link != ESP_LOADER_LINK_UART;
}

bool linux_follow_note_loss(linux_follow_t *follow)
{
    uint64_t now_us = posix_now_us();

    if (!follow->is_away && follow->is_reset && can_reenumerate(&follow->device) &&
        now_us - follow->reset_at_us <= (uint64_t)LINUX_FOLLOW_LEAVE_MS * 1000u) {
        follow->is_away = true;
        follow->return_by_us = now_us + (uint64_t)LINUX_FOLLOW_RETURN_MS * 1000u;
    }
    return follow->is_away;
}

/** Is @p now what @p before can have become? The interface must be the same where there was one: a bridge may
 * have several. */
static bool is_same_place(const linux_device_t *before, const linux_device_t *now)
{
    return before->usb_interface[0] != '\0' ? strcmp(before->usb_interface, now->usb_interface) == 0
                                            : strcmp(before->usb_path, now->usb_path) == 0;
}

/** The serial number is the chip's MAC on USB-Serial/JTAG. A chip that returns with another product id has
 * changed its descriptors, and with them perhaps the serial number. */
static bool is_other_board(const linux_device_t *before, const linux_device_t *now)
{
    return before->usb_vid == now->usb_vid && before->usb_pid == now->usb_pid &&
           strcmp(before->serial, now->serial) != 0;
}

esp_loader_error_t linux_follow_find(linux_follow_t *follow, linux_device_t *out_device)
{
    if (!follow->is_away) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    linux_device_t *devices = calloc(LINUX_DEVICES_MAX, sizeof(*devices));
    if (devices == NULL) {
        return ESP_LOADER_ERROR_IO;
    }
    bool is_over = posix_now_us() >= follow->return_by_us;
    esp_loader_error_t error = is_over ? ESP_LOADER_ERROR_DISCONNECTED : ESP_LOADER_ERROR_TIMEOUT;
    size_t count = linux_devices_list(follow->sysfs_root, devices, LINUX_DEVICES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!is_same_place(&follow->device, &devices[i])) {
            continue;
        }
        /* What has not left yet is not back. */
        if (devices[i].usb_number == follow->device.usb_number) {
            break;
        }
        error = ESP_LOADER_SUCCESS;
        *out_device = devices[i];
        if (is_other_board(&follow->device, &devices[i])) {
            follow->is_away = false;
            error = ESP_LOADER_ERROR_DISCONNECTED;
        }
        break;
    }
    free(devices);
    return error;
}
