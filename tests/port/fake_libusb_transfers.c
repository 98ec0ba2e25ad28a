/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Transfers and events of the imitated libusb. Source of its behaviour: libusb 1.0 API reference.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "fake_libusb_bus.h"
#include "test.h"

/* ---- transfers ---- */

struct libusb_transfer *LIBUSB_CALL libusb_alloc_transfer(int iso_packets)
{
    assert_int_equal(iso_packets, 0);
    fake_usb.transfers++;
    return calloc(1, sizeof(struct libusb_transfer));
}

static size_t place_of(const struct libusb_transfer *transfer)
{
    size_t i = 0;

    while (i < fake_usb_bus.pending_count && fake_usb_bus.pending[i] != transfer) {
        i++;
    }
    return i;
}

void LIBUSB_CALL libusb_free_transfer(struct libusb_transfer *transfer)
{
    if (transfer != NULL) {
        assert_int_equal(place_of(transfer), fake_usb_bus.pending_count); /* not while it is libusb's */
        fake_usb.transfers--;
        free(transfer);
    }
}

static bool is_in(const struct libusb_transfer *transfer)
{
    return (transfer->endpoint & LIBUSB_ENDPOINT_IN) != 0;
}

static void count_pending(void)
{
    fake_usb.pending_total = (unsigned)fake_usb_bus.pending_count;
    fake_usb.pending_in = 0;
    for (size_t i = 0; i < fake_usb_bus.pending_count; i++) {
        fake_usb.pending_in += is_in(fake_usb_bus.pending[i]) ? 1u : 0u;
    }
}

int LIBUSB_CALL libusb_submit_transfer(struct libusb_transfer *transfer)
{
    assert_ptr_equal(transfer->dev_handle, &fake_usb_bus.handle);
    assert_int_equal(place_of(transfer), fake_usb_bus.pending_count);
    assert_int_equal(fake_usb.claimed, 3);
    assert_true(transfer->endpoint == 0x81 || transfer->endpoint == 0x01);
    if (fake_usb_bus.is_handle_stale) {
        return LIBUSB_ERROR_NO_DEVICE;
    }
    assert_true(fake_usb_bus.pending_count < PENDING_MAX);
    if (is_in(transfer)) {
        unsigned length = (unsigned)transfer->length;
        fake_usb.longest_in = length > fake_usb.longest_in ? length : fake_usb.longest_in;
    } else {
        fake_usb.out_transfers++;
    }
    fake_usb_bus.is_cancelled[fake_usb_bus.pending_count] = false;
    fake_usb_bus.pending[fake_usb_bus.pending_count++] = transfer;
    count_pending();
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_cancel_transfer(struct libusb_transfer *transfer)
{
    size_t place = place_of(transfer);

    if (place == fake_usb_bus.pending_count) {
        return LIBUSB_ERROR_NOT_FOUND;
    }
    fake_usb_bus.is_cancelled[place] = !fake_usb.never_calls_back;
    return LIBUSB_SUCCESS;
}

static void complete(size_t place, enum libusb_transfer_status status, size_t length)
{
    struct libusb_transfer *transfer = fake_usb_bus.pending[place];

    for (size_t i = place; i + 1 < fake_usb_bus.pending_count; i++) {
        fake_usb_bus.pending[i] = fake_usb_bus.pending[i + 1];
        fake_usb_bus.is_cancelled[i] = fake_usb_bus.is_cancelled[i + 1];
    }
    fake_usb_bus.pending_count--;
    count_pending();
    transfer->status = status;
    transfer->actual_length = (int)length;
    transfer->callback(transfer);
}

static size_t oldest(bool in)
{
    size_t i = 0;

    while (i < fake_usb_bus.pending_count && is_in(fake_usb_bus.pending[i]) != in) {
        i++;
    }
    return i;
}

/** One thing that has happened; false when nothing has. */
static bool deliver_in(void)
{
    size_t place = oldest(true);

    if (place == fake_usb_bus.pending_count) {
        return false;
    }
    if (fake_usb.in_status != LIBUSB_TRANSFER_COMPLETED) {
        enum libusb_transfer_status status = fake_usb.in_status;
        fake_usb.in_status = LIBUSB_TRANSFER_COMPLETED;
        complete(place, status, 0);
        return true;
    }
    if (fake_usb_bus.packet_count == 0) {
        return false;
    }
    packet_t packet = fake_usb_bus.packets[0];
    assert_true(packet.size <= (size_t)fake_usb_bus.pending[place]->length);
    memmove(&fake_usb_bus.packets[0], &fake_usb_bus.packets[1], --fake_usb_bus.packet_count * sizeof(packet));
    memcpy(fake_usb_bus.pending[place]->buffer, packet.bytes, packet.size);
    complete(place, LIBUSB_TRANSFER_COMPLETED, packet.size);
    return true;
}

/** What of a sending transfer the device has taken. */
static size_t take_out(const struct libusb_transfer *transfer)
{
    size_t size = (size_t)transfer->length < fake_usb.out_room ? (size_t)transfer->length : fake_usb.out_room;

    assert_true(size <= sizeof(fake_usb.out) - fake_usb.out_size);
    memcpy(fake_usb.out + fake_usb.out_size, transfer->buffer, size);
    fake_usb.out_size += size;
    fake_usb.out_room -= fake_usb.out_room == SIZE_MAX ? 0 : size;
    return size;
}

static bool deliver_out(void)
{
    size_t place = oldest(false);

    if (place == fake_usb_bus.pending_count) {
        return false;
    }
    if (fake_usb.out_status != LIBUSB_TRANSFER_COMPLETED) {
        enum libusb_transfer_status status = fake_usb.out_status;
        fake_usb.out_status = LIBUSB_TRANSFER_COMPLETED;
        complete(place, status, 0);
        return true;
    }
    if ((size_t)fake_usb_bus.pending[place]->length > fake_usb.out_room) {
        return false; /* held back */
    }
    complete(place, LIBUSB_TRANSFER_COMPLETED, take_out(fake_usb_bus.pending[place]));
    return true;
}

static bool deliver_cancelled(void)
{
    for (size_t i = 0; i < fake_usb_bus.pending_count; i++) {
        if (fake_usb_bus.is_cancelled[i]) {
            size_t taken = is_in(fake_usb_bus.pending[i]) ? 0 : take_out(fake_usb_bus.pending[i]);
            complete(i, LIBUSB_TRANSFER_CANCELLED, taken);
            return true;
        }
    }
    return false;
}

static bool deliver_loss(void)
{
    if (fake_usb_bus.is_handle_stale && fake_usb_bus.pending_count > 0) {
        complete(0, LIBUSB_TRANSFER_NO_DEVICE, 0);
        return true;
    }
    if (fake_usb_bus.leaving != NULL) {
        struct libusb_device *device = fake_usb_bus.leaving;

        fake_usb_bus.leaving = NULL;
        if (fake_usb_bus.hotplug != NULL) {
            fake_usb_bus.hotplug(&fake_usb_bus.context, device, LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
                                 fake_usb_bus.hotplug_data);
        }
        fake_usb_unref(device);
        return true;
    }
    return false;
}

int LIBUSB_CALL libusb_handle_events_timeout(libusb_context *context, struct timeval *timeout)
{
    bool has_happened = false;

    assert_ptr_equal(context, &fake_usb_bus.context);
    if (fake_usb_bus.on_events != NULL) {
        fake_usb_bus.on_events();
    }
    while (deliver_loss() || deliver_cancelled() || deliver_out() || deliver_in()) {
        has_happened = true;
    }
    if (!has_happened) {
        fake_usb_skip_us((uint64_t)timeout->tv_sec * 1000000u + (uint64_t)timeout->tv_usec);
    }
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_control_transfer(libusb_device_handle *handle, uint8_t type, uint8_t number,
                                        uint16_t value, uint16_t index, unsigned char *data, uint16_t size,
                                        unsigned int timeout)
{
    assert_ptr_equal(handle, &fake_usb_bus.handle);
    assert_int_equal(type, 0x21);
    assert_int_equal(index, 0);
    assert_in_range(timeout, 1, 1000);
    if (fake_usb_bus.is_handle_stale) {
        return LIBUSB_ERROR_NO_DEVICE;
    }
    if (fake_usb.control_result != 0) {
        return fake_usb.control_result;
    }
    if (number == 0x22) {
        assert_true(fake_usb.line_count < FAKE_USB_LINES_MAX && size == 0);
        fake_usb.lines[fake_usb.line_count++] = (uint8_t)value;
    } else {
        assert_int_equal(number, 0x20);
        assert_int_equal(size, 7);
        fake_usb.rate_baud = (uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16;
        assert_memory_equal(data + 3, "\0\0\0\x08", 4);
    }
    return size;
}

int LIBUSB_CALL libusb_clear_halt(libusb_device_handle *handle, unsigned char endpoint)
{
    assert_ptr_equal(handle, &fake_usb_bus.handle);
    (void)endpoint;
    fake_usb.halts_cleared++;
    return LIBUSB_SUCCESS;
}
