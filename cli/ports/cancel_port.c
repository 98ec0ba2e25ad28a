/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's entries with the waiting cut into slices.
 */
#include "ports/cancel_port.h"

#include "ports/cancel.h"

enum { SLICE_MS = 100 };

static cli_port_t *self_of(esp_loader_port_t *port)
{
    /* The member in use is at the beginning of the union, and the port at the beginning of each. */
    return container_of(port, cli_port_t, as.serial.port);
}

_Static_assert(offsetof(cli_port_t, as.usb.port) == offsetof(cli_port_t, as.serial.port) &&
                   offsetof(cli_port_t, as.net.port) == offsetof(cli_port_t, as.serial.port),
               "any member leads to its cli_port_t");

static bool is_to_stop(const cli_port_t *self)
{
    return self->is_cancellable && cancel_is_due();
}

static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    const cli_port_t *self = self_of(port);
    const uint32_t start_ms = self->inner->now_ms(port);

    *out_read = 0;
    for (;;) {
        const uint32_t waited_ms = self->inner->now_ms(port) - start_ms;
        const uint32_t left_ms = waited_ms < timeout_ms ? timeout_ms - waited_ms : 0;

        if (is_to_stop(self)) {
            return ESP_LOADER_ERROR_CANCELLED;
        }
        esp_loader_error_t error =
            self->inner->read_some(port, buf, capacity, left_ms < SLICE_MS ? left_ms : SLICE_MS, out_read);
        if (error != ESP_LOADER_ERROR_TIMEOUT || left_ms <= SLICE_MS) {
            return error;
        }
    }
}

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    const cli_port_t *self = self_of(port);

    *out_written = 0;
    return is_to_stop(self) ? ESP_LOADER_ERROR_CANCELLED
                            : self->inner->write_all(port, data, size, timeout_ms, out_written);
}

static void delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    const cli_port_t *self = self_of(port);

    while (ms > 0 && !is_to_stop(self)) {
        const uint32_t slice_ms = ms < SLICE_MS ? ms : SLICE_MS;

        self->inner->delay_ms(port, slice_ms);
        ms -= slice_ms;
    }
}

void cancel_port_begin(cli_port_t *port)
{
    port->inner = port->port->ops;
    port->ops = *port->inner;
    port->ops.read_some = read_some;
    port->ops.write_all = write_all;
    port->ops.delay_ms = delay_ms;
    port->port->ops = &port->ops;
    port->is_cancellable = true;
}

void cancel_port_end(cli_port_t *port)
{
    port->is_cancellable = false;
}
