/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's entries, those that reset and wait.
 */
#include "ports/capture_port.h"

enum { CHUNK = 4096 };

static cli_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, cli_port_t, as.serial.port); /* as in cancel_port.c */
}

static void delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    cli_port_t *self = self_of(port);
    const esp_loader_port_ops_t *inner = self->captured;
    const uint32_t start_ms = inner->now_ms(port);
    uint32_t waited_ms = 0;

    while (waited_ms < ms) {
        uint8_t bytes[CHUNK];
        size_t size = 0;

        esp_loader_error_t error = inner->read_some(port, bytes, sizeof(bytes), ms - waited_ms, &size);
        if (size > 0) {
            self->capture.take(self->capture.ctx, bytes, size);
        }
        waited_ms = inner->now_ms(port) - start_ms;
        if (error != ESP_LOADER_SUCCESS && error != ESP_LOADER_ERROR_TIMEOUT && waited_ms < ms) {
            inner->delay_ms(port, ms - waited_ms); /* it has left; what follows will find out */
            return;
        }
    }
}

/** Failing is no reason not to reset: the caller sets the rate again, and reports it then. */
static void change_rate(cli_port_t *self)
{
    if (self->capture_rate_baud != 0 && self->captured->set_rate != NULL) {
        (void)self->captured->set_rate(self->port, self->capture_rate_baud);
    }
}

static esp_loader_error_t set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    cli_port_t *self = self_of(port);

    esp_loader_error_t error = self->captured->set_lines(port, dtr, rts);
    if (error == ESP_LOADER_SUCCESS && rts) {
        change_rate(self);
    }
    return error;
}

static esp_loader_error_t reset_checked(esp_loader_port_t *port)
{
    cli_port_t *self = self_of(port);

    change_rate(self);
    return self->captured->reset_checked(port);
}

void capture_port_begin(cli_port_t *port, uint32_t rate_baud, capture_sink_t sink)
{
    port->captured = port->port->ops;
    port->capture_ops = *port->captured;
    port->capture_ops.delay_ms = delay_ms;
    port->capture_ops.set_lines = port->captured->set_lines != NULL ? set_lines : NULL;
    port->capture_ops.reset_checked = port->captured->reset_checked != NULL ? reset_checked : NULL;
    port->capture_rate_baud = rate_baud;
    port->capture = sink;
    port->port->ops = &port->capture_ops;
}

void capture_port_end(cli_port_t *port)
{
    port->port->ops = port->captured;
}
