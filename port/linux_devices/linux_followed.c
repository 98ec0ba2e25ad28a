/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The transfers of a device that may leave and return.
 */
#define _GNU_SOURCE
#include "linux_followed.h"

#include "posix_io.h"

/** The device turns out to have left: it is closed at once, which gives its name free. */
static void note_loss(linux_followed_t *self)
{
    if (self->ops->close(self->port)) {
        (void)linux_follow_note_loss(&self->follow);
    }
}

/** Looks once. Opening may be refused until udev and libusb have seen the device. */
static esp_loader_error_t reopen(linux_followed_t *self)
{
    linux_device_t device;

    esp_loader_error_t error = linux_follow_find(&self->follow, &device);
    if (error != ESP_LOADER_SUCCESS) {
        return error;
    }
    return self->ops->reopen(self->port, &device) == ESP_LOADER_SUCCESS ? ESP_LOADER_SUCCESS
                                                                        : ESP_LOADER_ERROR_TIMEOUT;
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
        posix_port_delay_ms(self->port, LINUX_FOLLOW_POLL_MS);
    }
}

esp_loader_error_t linux_followed_write(linux_followed_t *self, const uint8_t *data, size_t size,
                                        uint32_t timeout_ms, size_t *out_written)
{
    uint64_t deadline_us = posix_deadline_us(timeout_ms);

    *out_written = 0;
    if (!self->is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        esp_loader_error_t error = self->ops->write(self->port, data, size, deadline_us, out_written);
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

esp_loader_error_t linux_followed_read(linux_followed_t *self, uint8_t *buf, size_t capacity,
                                       uint32_t timeout_ms, size_t *out_read)
{
    uint64_t deadline_us = posix_deadline_us(timeout_ms);

    *out_read = 0;
    if (!self->is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    for (;;) {
        esp_loader_error_t error = self->ops->read(self->port, buf, capacity, deadline_us, out_read);
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

esp_loader_error_t linux_followed_set_lines(linux_followed_t *self, bool dtr, bool rts)
{
    linux_follow_t *follow = &self->follow;
    const bool is_release = !dtr && !rts;

    if (!self->is_open) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    const bool was_there = self->ops->is_there(self->port);
    if (was_there && rts) {
        linux_follow_note_reset(follow); /* before: the device may leave before it acknowledges */
    }
    esp_loader_error_t error =
        was_there ? self->ops->set_lines(self->port, dtr, rts) : ESP_LOADER_ERROR_DISCONNECTED;
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
        error = self->ops->set_lines(self->port, dtr, rts);
    }
    return error;
}
