/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Waiting for the return of a device that has left, and the port's entries around it.
 */
#define _GNU_SOURCE
#include "linux_followed.h"

#include "posix_io.h"

static linux_followed_t *self_of(esp_loader_port_t *port)
{
    return (linux_followed_t *)(void *)((char *)port + offsetof(linux_followed_port_t, followed));
}

void linux_followed_begin(linux_followed_t *self, const linux_followed_ops_t *ops, void *device,
                          const char *sysfs_root, const linux_device_t *found)
{
    *self = (linux_followed_t){
        .ops = ops, .device = device, .is_open = true, .follow = {.sysfs_root = sysfs_root}};
    linux_follow_begin(&self->follow, found);
}

void linux_followed_end(linux_followed_t *self)
{
    if (self->is_open) {
        (void)self->ops->close(self->device);
        self->is_open = false;
    }
}

/** The device turns out to have left: it is closed at once, which releases its name. */
static void note_loss(linux_followed_t *self)
{
    if (self->ops->close(self->device)) {
        (void)linux_follow_note_loss(&self->follow);
    }
}

/** Looks once. Opening may be refused until udev and libusb have seen the device. */
static esp_loader_error_t reopen(linux_followed_t *self)
{
    linux_device_t place;
    linux_device_t device;

    esp_loader_error_t error = linux_follow_find(&self->follow, &place);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    if (self->ops->reopen(self->device, &place, &device) != ESP_LOADER_SUCCESS) {
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    linux_follow_begin(&self->follow, &device);
    return ESP_LOADER_SUCCESS;
}

/** To be called when the device turns out to have left: waits until @p deadline_us for its return, if it may
 * return.
 *  @retval ESP_LOADER_SUCCESS  it is back and open */
static esp_loader_error_t wait_for_return(linux_followed_t *self, uint64_t deadline_us)
{
    note_loss(self);
    for (;;) {
        esp_loader_error_t error = reopen(self);
        if (error != ESP_LOADER_ERROR_TIMEOUT) {
            return error;
        }
        if (posix_now_us() >= self->follow.return_by_us) {
            return ESP_LOADER_ERROR_DISCONNECTED;
        }
        if (posix_now_us() >= deadline_us) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        posix_sleep_until(posix_deadline_us(LINUX_FOLLOW_POLL_MS));
    }
}

esp_loader_error_t linux_followed_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                            uint32_t timeout_ms, size_t *out_written)
{
    linux_followed_t *self = self_of(port);
    uint64_t deadline_us = posix_deadline_us(timeout_ms);

    *out_written = 0;
    if (!self->is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        esp_loader_error_t error = self->ops->write(self->device, data, size, deadline_us, out_written);
        if (error != ESP_LOADER_ERROR_DISCONNECTED) {
            linux_follow_note_write(&self->follow);
            return error;
        }
        error = wait_for_return(self, deadline_us);
        if (error != ESP_LOADER_SUCCESS) {
            return error;
        }
        *out_written = 0; /* what the device had when it was reset is lost */
    }
}

esp_loader_error_t linux_followed_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                            uint32_t timeout_ms, size_t *out_read)
{
    linux_followed_t *self = self_of(port);
    uint64_t deadline_us = posix_deadline_us(timeout_ms);

    *out_read = 0;
    if (!self->is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        esp_loader_error_t error = self->ops->read(self->device, buf, capacity, deadline_us, out_read);
        if (error == ESP_LOADER_ERROR_DISCONNECTED) {
            error = wait_for_return(self, deadline_us);
            if (error == ESP_LOADER_SUCCESS) {
                continue;
            }
        }
        if (error == ESP_LOADER_SUCCESS) {
            linux_follow_note_read(&self->follow);
        }
        return error;
    }
}

esp_loader_error_t linux_followed_set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    linux_followed_t *self = self_of(port);
    linux_follow_t *follow = &self->follow;
    const bool is_release = !dtr && !rts;

    if (!self->is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    const bool was_there = self->ops->is_there(self->device);
    if (was_there && rts) {
        linux_follow_note_reset(follow); /* before: the device may leave before it acknowledges */
    }
    esp_loader_error_t error =
        was_there ? self->ops->set_lines(self->device, dtr, rts) : ESP_LOADER_ERROR_DISCONNECTED;
    if (error != ESP_LOADER_ERROR_DISCONNECTED) {
        return error;
    }
    note_loss(self);
    if (was_there && rts && follow->is_away) {
        return ESP_LOADER_SUCCESS; /* it has obeyed */
    }
    error = wait_for_return(self, is_release ? posix_deadline_us(LINUX_FOLLOW_RELEASE_MS) : UINT64_MAX);
    if (is_release && (error == ESP_LOADER_SUCCESS || follow->is_away)) {
        return ESP_LOADER_SUCCESS;
    }
    if (error == ESP_LOADER_SUCCESS) {
        if (rts) {
            linux_follow_note_reset(follow);
        }
        error = self->ops->set_lines(self->device, dtr, rts);
    }
    return error;
}

esp_loader_error_t linux_followed_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    linux_followed_t *self = self_of(port);

    if (!self->is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    return rate_baud == 0 ? ESP_LOADER_ERROR_INVALID_PARAM : self->ops->set_rate(self->device, rate_baud);
}

const linux_device_t *linux_followed_device(const linux_followed_t *self)
{
    const linux_device_t *device = &self->follow.device;
    const bool is_known = device->tty[0] != '\0' || device->usb_path[0] != '\0';

    return self->is_open && is_known ? device : NULL;
}

uint32_t linux_followed_max_rate(esp_loader_port_t *port)
{
    const linux_device_t *device = linux_followed_device(self_of(port));

    return device != NULL ? linux_device_max_rate(device) : 0;
}

esp_loader_link_t linux_followed_link_kind(esp_loader_port_t *port)
{
    const linux_device_t *device = linux_followed_device(self_of(port));

    return device != NULL ? linux_device_kind(device).link : ESP_LOADER_LINK_UNKNOWN;
}
