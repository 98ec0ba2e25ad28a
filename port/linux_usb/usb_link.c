/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Transfers. Receiving keeps many transfers of one packet each with the kernel: one packet, because a chip
 * does not end a full packet with an empty one, so a longer transfer would hold it back; many, because a chip
 * drops what is not collected within 50 ms, also between our functions' calls. A transfer that has brought
 * bytes waits in a queue until they are read and is then submitted again, so that the device is held off when
 * we are slow. Sources: libusb 1.0 API reference; ESP32-C3 TRM ch. 30 (USB Serial/JTAG).
 *
 * A transfer belongs to libusb from submission until its callback, and nothing is freed before. Should libusb
 * never call back, the memory is given up instead.
 */
#define _GNU_SOURCE
#include "usb_link_state.h"

#include <stdlib.h>
#include <string.h>

#include "posix_io.h"

enum {
    CONTROL_TIMEOUT_MS = 1000,
    LEAVE_TIMEOUT_MS = 500, /* between the errors of a device being pulled out and the news that it is gone */
};

/* Source: USB CDC, PSTN 1.2. */
enum { SET_LINE_CODING = 0x20, SET_CONTROL_LINE_STATE = 0x22, LINE_CODING_SIZE = 7 };

static esp_loader_error_t error_of(int code)
{
    switch (code) {
    case LIBUSB_SUCCESS:
        return ESP_LOADER_SUCCESS;
    case LIBUSB_ERROR_NO_DEVICE:
        return ESP_LOADER_ERROR_DISCONNECTED;
    case LIBUSB_ERROR_TIMEOUT:
        return ESP_LOADER_ERROR_TIMEOUT;
    case LIBUSB_ERROR_PIPE:
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    default:
        return ESP_LOADER_ERROR_IO;
    }
}

/* ---- events ---- */

/** Lets libusb call back what has happened; returns at @p until_us at the latest, and after each event. */
static void serve(usb_link_t *link, uint64_t until_us)
{
    uint64_t now_us = posix_now_us();
    uint64_t left_us = until_us > now_us ? until_us - now_us : 0;
    struct timeval timeout = {.tv_sec = (time_t)(left_us / 1000000u),
                              .tv_usec = (suseconds_t)(left_us % 1000000u)};

    (void)link->usb.handle_events_timeout(link->context,
                                          &timeout); /* interrupted by a signal: called again */
}

/** Submits; a failure that is not the device's leaving shows as a stuck receiver. */
static void submit_in(usb_slot_t *slot)
{
    int code = slot->link->usb.submit_transfer(slot->transfer);

    slot->is_pending = code == LIBUSB_SUCCESS;
    if (code == LIBUSB_ERROR_NO_DEVICE) {
        slot->link->is_gone = true;
    } else if (code != LIBUSB_SUCCESS) {
        slot->link->is_in_stuck = true;
    }
}

static void LIBUSB_CALL on_in(struct libusb_transfer *transfer)
{
    usb_slot_t *slot = transfer->user_data;
    usb_link_t *link = slot->link;

    slot->is_pending = false;
    switch (transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
        break;
    case LIBUSB_TRANSFER_NO_DEVICE:
        link->is_gone = true;
        break;
    case LIBUSB_TRANSFER_CANCELLED:
        break;
    case LIBUSB_TRANSFER_STALL:
        link->is_in_halted = true;
        link->is_in_stuck = true;
        break;
    case LIBUSB_TRANSFER_ERROR:
    case LIBUSB_TRANSFER_TIMED_OUT:
    case LIBUSB_TRANSFER_OVERFLOW:
    default:
        link->is_in_stuck = true;
        break;
    }
    if (transfer->actual_length > 0) {
        size_t last = (link->queue_first + link->queue_count++) % USB_LINK_IN_COUNT;
        link->queue[last] = (uint8_t)(slot - link->in);
    } else if (transfer->status == LIBUSB_TRANSFER_COMPLETED && !link->is_closing) {
        submit_in(slot); /* an empty packet says nothing */
    }
}

static void LIBUSB_CALL on_out(struct libusb_transfer *transfer)
{
    usb_slot_t *slot = transfer->user_data;

    slot->is_pending = false;
    if (transfer->status == LIBUSB_TRANSFER_NO_DEVICE) {
        slot->link->is_gone = true;
    }
}

int LIBUSB_CALL usb_link_on_hotplug(libusb_context *context, libusb_device *device,
                                    libusb_hotplug_event event, void *user_data)
{
    usb_link_t *link = user_data;

    (void)context;
    if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT && device == link->device) {
        link->is_gone = true;
    }
    return 0; /* stay registered */
}

/** After an error: was it the device being pulled out? */
static esp_loader_error_t lost_or(usb_link_t *link, esp_loader_error_t error)
{
    uint64_t until_us = posix_deadline_us(LEAVE_TIMEOUT_MS);

    while (!link->is_gone && posix_now_us() < until_us) {
        serve(link, until_us);
    }
    return link->is_gone ? ESP_LOADER_ERROR_DISCONNECTED : error;
}

/* ---- beginning and end ---- */

static bool allocate_slot(usb_link_t *link, usb_slot_t *slot, size_t size)
{
    slot->link = link;
    slot->data = malloc(size);
    slot->transfer = link->usb.alloc_transfer(0);
    return slot->data != NULL && slot->transfer != NULL;
}

esp_loader_error_t usb_link_start_receiving(usb_link_t *link)
{
    if (!allocate_slot(link, &link->out, USB_LINK_OUT_SIZE)) {
        return ESP_LOADER_ERROR_IO;
    }
    for (size_t i = 0; i < USB_LINK_IN_COUNT; i++) {
        usb_slot_t *slot = &link->in[i];

        if (!allocate_slot(link, slot, USB_LINK_IN_SIZE)) {
            return ESP_LOADER_ERROR_IO;
        }
        libusb_fill_bulk_transfer(slot->transfer, link->handle, link->cdc.in_endpoint, slot->data,
                                  link->cdc.in_packet, on_in, slot, 0);
        submit_in(slot);
    }
    return link->is_gone ? ESP_LOADER_ERROR_PORT_NOT_FOUND : ESP_LOADER_SUCCESS;
}

static bool is_any_pending(const usb_link_t *link)
{
    for (size_t i = 0; i < USB_LINK_IN_COUNT; i++) {
        if (link->in[i].is_pending) {
            return true;
        }
    }
    return link->out.is_pending;
}

static void free_slot(usb_link_t *link, usb_slot_t *slot)
{
    if (slot->transfer != NULL) { /* else libusb may not even be loaded */
        link->usb.free_transfer(slot->transfer);
    }
    free(slot->data);
}

bool usb_link_stop(usb_link_t *link)
{
    uint64_t until_us = posix_deadline_us(USB_LINK_CANCEL_MS);

    link->is_closing = true;
    for (size_t i = 0; i < USB_LINK_IN_COUNT; i++) {
        if (link->in[i].is_pending) {
            (void)link->usb.cancel_transfer(
                link->in[i].transfer); /* refused: it is complete, about to be told */
        }
    }
    if (link->out.is_pending) {
        (void)link->usb.cancel_transfer(link->out.transfer);
    }
    while (is_any_pending(link) && posix_now_us() < until_us) {
        serve(link, until_us);
    }
    if (is_any_pending(link)) {
        return false;
    }
    for (size_t i = 0; i < USB_LINK_IN_COUNT; i++) {
        free_slot(link, &link->in[i]);
    }
    free_slot(link, &link->out);
    return true;
}

/* ---- transfers ---- */

/** Outcome of the transfer that has ended; @p is_timeout: because the caller's time was over. */
static esp_loader_error_t out_outcome(usb_link_t *link, bool is_timeout)
{
    if (link->is_gone) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    switch (link->out.transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
        return ESP_LOADER_SUCCESS;
    case LIBUSB_TRANSFER_CANCELLED:
        return is_timeout ? ESP_LOADER_ERROR_TIMEOUT : ESP_LOADER_ERROR_IO;
    case LIBUSB_TRANSFER_STALL:
        (void)link->usb.clear_halt(link->handle, link->cdc.out_endpoint);
        return ESP_LOADER_ERROR_IO;
    case LIBUSB_TRANSFER_ERROR:
    case LIBUSB_TRANSFER_TIMED_OUT:
    case LIBUSB_TRANSFER_NO_DEVICE:
    case LIBUSB_TRANSFER_OVERFLOW:
    default:
        return lost_or(link, ESP_LOADER_ERROR_IO);
    }
}

/** Sends the content of the sending slot's buffer. */
static esp_loader_error_t send_piece(usb_link_t *link, size_t size, uint64_t deadline_us, size_t *out_sent)
{
    struct libusb_transfer *transfer = link->out.transfer;
    bool is_timeout = false;

    *out_sent = 0;
    libusb_fill_bulk_transfer(transfer, link->handle, link->cdc.out_endpoint, link->out.data, (int)size,
                              on_out, &link->out, 0);
    int code = link->usb.submit_transfer(transfer);
    if (code != LIBUSB_SUCCESS) {
        link->is_gone = link->is_gone || code == LIBUSB_ERROR_NO_DEVICE;
        return lost_or(link, ESP_LOADER_ERROR_IO);
    }
    link->out.is_pending = true;
    while (link->out.is_pending && posix_now_us() < deadline_us) {
        serve(link, deadline_us);
    }
    if (link->out.is_pending) {
        uint64_t until_us = posix_deadline_us(USB_LINK_CANCEL_MS);

        is_timeout = true;
        (void)link->usb.cancel_transfer(transfer);
        while (link->out.is_pending && posix_now_us() < until_us) {
            serve(link, until_us);
        }
        if (link->out.is_pending) {
            return ESP_LOADER_ERROR_IO;
        }
    }
    *out_sent = (size_t)transfer->actual_length;
    return out_outcome(link, is_timeout);
}

esp_loader_error_t usb_link_write(usb_link_t *link, const uint8_t *data, size_t size, uint64_t deadline_us,
                                  size_t *out_written)
{
    *out_written = 0;
    if (link->out.is_pending) {
        return ESP_LOADER_ERROR_IO; /* libusb has kept the last one */
    }
    while (*out_written < size && !link->is_gone) {
        size_t left = size - *out_written;
        size_t piece = left < USB_LINK_OUT_SIZE ? left : USB_LINK_OUT_SIZE;
        size_t sent = 0;

        memcpy(link->out.data, data + *out_written, piece);
        esp_loader_error_t error = send_piece(link, piece, deadline_us, &sent);
        *out_written += sent;
        if (error != ESP_LOADER_SUCCESS) {
            return error;
        }
    }
    return link->is_gone ? ESP_LOADER_ERROR_DISCONNECTED : ESP_LOADER_SUCCESS;
}

/** Copies from the oldest received packets. */
static size_t take(usb_link_t *link, uint8_t *buf, size_t capacity)
{
    size_t taken = 0;

    while (taken < capacity && link->queue_count > 0) {
        usb_slot_t *slot = &link->in[link->queue[link->queue_first]];
        size_t there = (size_t)slot->transfer->actual_length - link->used;
        size_t count = there < capacity - taken ? there : capacity - taken;

        memcpy(buf + taken, slot->data + link->used, count);
        taken += count;
        link->used += count;
        if (count == there) {
            link->used = 0;
            link->queue_first = (link->queue_first + 1) % USB_LINK_IN_COUNT;
            link->queue_count--;
            if (!link->is_in_stuck && !link->is_gone) {
                submit_in(slot);
            }
        }
    }
    return taken;
}

/** Receives again after a failure, which is returned. */
static esp_loader_error_t restart_receiving(usb_link_t *link)
{
    if (lost_or(link, ESP_LOADER_SUCCESS) != ESP_LOADER_SUCCESS) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    if (link->is_in_halted) {
        (void)link->usb.clear_halt(link->handle, link->cdc.in_endpoint);
        link->is_in_halted = false;
    }
    link->is_in_stuck = false;
    for (size_t i = 0; i < USB_LINK_IN_COUNT && !link->is_gone && !link->is_in_stuck; i++) {
        if (!link->in[i].is_pending) {
            submit_in(&link->in[i]);
        }
    }
    return link->is_gone ? ESP_LOADER_ERROR_DISCONNECTED : ESP_LOADER_ERROR_IO;
}

esp_loader_error_t usb_link_read(usb_link_t *link, uint8_t *buf, size_t capacity, uint64_t deadline_us,
                                 size_t *out_read)
{
    serve(link, 0);
    for (;;) {
        *out_read = take(link, buf, capacity);
        if (*out_read > 0) {
            return ESP_LOADER_SUCCESS;
        }
        if (link->is_gone) {
            return ESP_LOADER_ERROR_DISCONNECTED;
        }
        if (link->is_in_stuck) {
            return restart_receiving(link);
        }
        if (posix_now_us() >= deadline_us) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        serve(link, deadline_us);
    }
}

/* ---- requests ---- */

static esp_loader_error_t request(usb_link_t *link, uint8_t number, uint16_t value, uint8_t *data,
                                  uint16_t size)
{
    if (link->is_gone) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    int code = link->usb.control_transfer(
        link->handle, LIBUSB_ENDPOINT_OUT | LIBUSB_REQUEST_TYPE_CLASS | LIBUSB_RECIPIENT_INTERFACE, number,
        value, link->cdc.control_interface, data, size, CONTROL_TIMEOUT_MS);
    if (code >= 0) {
        return ESP_LOADER_SUCCESS;
    }
    if (code == LIBUSB_ERROR_NO_DEVICE) {
        link->is_gone = true;
    }
    return error_of(code) == ESP_LOADER_ERROR_IO ? lost_or(link, ESP_LOADER_ERROR_IO) : error_of(code);
}

esp_loader_error_t usb_link_set_lines(usb_link_t *link, bool dtr, bool rts)
{
    return request(link, SET_CONTROL_LINE_STATE, (uint16_t)((dtr ? 1u : 0u) | (rts ? 2u : 0u)), NULL, 0);
}

esp_loader_error_t usb_link_set_rate(usb_link_t *link, uint32_t rate_baud)
{
    uint8_t coding[LINE_CODING_SIZE] = {(uint8_t)rate_baud,
                                        (uint8_t)(rate_baud >> 8),
                                        (uint8_t)(rate_baud >> 16),
                                        (uint8_t)(rate_baud >> 24),
                                        0 /* one stop bit */,
                                        0 /* no parity */,
                                        8};

    return request(link, SET_LINE_CODING, 0, coding, sizeof(coding));
}

bool usb_link_is_gone(usb_link_t *link)
{
    serve(link, 0);
    return link->is_gone;
}

void usb_link_wait(usb_link_t *link, uint64_t until_us)
{
    while (!link->is_gone && posix_now_us() < until_us) {
        serve(link, until_us);
    }
}
