/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A device that leaves the bus because it was reset comes back, often under another name. This says whether
 * one that has left may come back, and finds it: the same physical port, and no other board in it.
 */
#ifndef ESP_LOADER_PORT_LINUX_FOLLOW_H
#define ESP_LOADER_PORT_LINUX_FOLLOW_H

#include "linux_devices.h"

/** What is followed. All zero = nothing: linux_follow_find() then says DISCONNECTED. */
typedef struct {
    const char *sysfs_root; /**< NULL = "/sys" */
    linux_device_t device;  /**< as it was opened */
    bool is_reset;          /**< a reset was ordered, at reset_at_us, and nothing has been answered since */
    uint64_t reset_at_us;
    bool has_written; /**< something was sent since then */
    bool is_away;     /**< it has left and may come back until return_by_us */
    uint64_t return_by_us;
} linux_follow_t;

/** How soon after a reset a device must leave for the reset to be the cause, and how long after leaving it
 * may take to come back, milliseconds. Source: esptool 5.3, espressif/esp-serial-flasher (both reopen for
 * about 3 s); measured times of enumeration are below 1 s. */
enum { LINUX_FOLLOW_LEAVE_MS = 1500, LINUX_FOLLOW_RETURN_MS = 5000, LINUX_FOLLOW_POLL_MS = 50 };

/** How long the end of a reset sequence waits for a device that has left at its beginning, milliseconds: so
 * that the first command finds it. An application that takes the USB for itself never comes back. */
enum { LINUX_FOLLOW_RELEASE_MS = 2000 };

/** From now on @p device is followed. */
void linux_follow_begin(linux_follow_t *follow, const linux_device_t *device);

/** The control lines have just been changed in a way that resets the target. */
void linux_follow_note_reset(linux_follow_t *follow);

/** Something has been sent. */
void linux_follow_note_write(linux_follow_t *follow);

/** Something has been received: the answer, if anything has been sent. */
void linux_follow_note_read(linux_follow_t *follow);

/** The device has left.
 *  @return whether it may come back; if not, it was unplugged */
bool linux_follow_note_loss(linux_follow_t *follow);

/** Looks for the device once.
 *  @param out_device  where it is now; set on success
 *  @retval ESP_LOADER_ERROR_TIMEOUT       not there yet
 *  @retval ESP_LOADER_ERROR_DISCONNECTED  it does not come back, or another board is in its place */
esp_loader_error_t linux_follow_find(linux_follow_t *follow, linux_device_t *out_device);

#endif
