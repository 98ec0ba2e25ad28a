/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's entries with a line written for each call.
 */
#include "ports/trace_port.h"

static cli_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, cli_port_t, as.serial.port); /* as in cancel_port.c */
}

static void print_time(const cli_port_t *self)
{
    fprintf(self->trace, "%u ", (unsigned)(self->traced->now_ms(self->port) - self->trace_start_ms));
}

static void print_bytes(const cli_port_t *self, char direction, trace_frame_t *frame, const uint8_t *data,
                        size_t size)
{
    if (size == 0 || self->is_trace_hidden) {
        return;
    }
    print_time(self);
    fprintf(self->trace, "%c ", direction);
    for (size_t i = 0; i < size; i++) {
        fprintf(self->trace, "%02x", (unsigned)data[i]);
    }
    fputc('\n', self->trace);
    trace_frame_take(frame, self->trace, data, size);
}

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    cli_port_t *self = self_of(port);

    esp_loader_error_t error = self->traced->write_all(port, data, size, timeout_ms, out_written);
    print_bytes(self, '>', &self->trace_sent, data, *out_written <= size ? *out_written : 0);
    return error;
}

static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    cli_port_t *self = self_of(port);

    esp_loader_error_t error = self->traced->read_some(port, buf, capacity, timeout_ms, out_read);
    print_bytes(self, '<', &self->trace_received, buf, *out_read <= capacity ? *out_read : 0);
    return error;
}

static esp_loader_error_t set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    cli_port_t *self = self_of(port);

    print_time(self);
    fprintf(self->trace, "lines dtr=%d rts=%d\n", dtr, rts);
    return self->traced->set_lines(port, dtr, rts);
}

static esp_loader_error_t set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    cli_port_t *self = self_of(port);

    print_time(self);
    fprintf(self->trace, "rate %u\n", (unsigned)rate_baud);
    return self->traced->set_rate(port, rate_baud);
}

bool trace_port_begin(cli_port_t *port, const char *path)
{
    port->trace = fopen(path, "we");
    if (port->trace == NULL) {
        return false;
    }
    port->traced = port->port->ops;
    port->trace_start_ms = port->traced->now_ms(port->port);
    port->trace_ops = *port->traced;
    port->trace_ops.write_all = write_all;
    port->trace_ops.read_some = read_some;
    port->trace_ops.set_lines = port->traced->set_lines != NULL ? set_lines : NULL;
    port->trace_ops.set_rate = port->traced->set_rate != NULL ? set_rate : NULL;
    port->port->ops = &port->trace_ops;
    return true;
}

void trace_port_hide(cli_port_t *port, bool is_hidden)
{
    if (port->trace != NULL && port->is_trace_hidden != is_hidden) {
        fprintf(port->trace,
                is_hidden ? "# what follows is left out: it may hold keys\n" : "# end of what is left out\n");
    }
    port->is_trace_hidden = is_hidden;
}

bool trace_port_end(cli_port_t *port)
{
    FILE *trace = port->trace;

    port->trace = NULL;
    if (trace == NULL) {
        return true;
    }
    const bool is_written = ferror(trace) == 0;
    return fclose(trace) == 0 && is_written;
}
