/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Skeleton of a port. Each function says what belongs into it; what is written here is what an entry must do
 * in any port, and what it returns while there is no device. Entries a transport has no use for are left out
 * of the table.
 */
#include "template_port.h"

#define DEFAULT_BAUD 115200u

static template_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, template_port_t, port);
}

/* Close the device. Called when nothing is open as well. */
static void port_deinit(esp_loader_port_t *port)
{
    self_of(port)->_state.is_open = false;
}

/* Open the device at the configured rate, drop what it has received so far, and leave its control lines
 * alone. */
static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    template_port_t *self = self_of(port);

    port_deinit(port); /* a program may call init again without deinit */
    if (self->baudrate == 0) {
        self->baudrate = DEFAULT_BAUD;
    }
    return ESP_LOADER_ERROR_PORT_NOT_FOUND; /* with a device: is_open = true, and success */
}

/* Hand @p size bytes to the transport, as one transfer where it has transfers; stop at the timeout. */
static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    (void)data;
    (void)size;
    (void)timeout_ms;
    *out_written = 0; /* count what was taken, also when failing */
    return self_of(port)->_state.is_open ? ESP_LOADER_ERROR_IO : ESP_LOADER_ERROR_DISCONNECTED;
}

/* Deliver what has arrived; when nothing has, sleep until the first byte or the timeout. Never poll byte by
 * byte. */
static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    (void)buf;
    (void)capacity;
    (void)timeout_ms;
    *out_read = 0;
    return self_of(port)->_state.is_open ? ESP_LOADER_ERROR_TIMEOUT : ESP_LOADER_ERROR_DISCONNECTED;
}

/* A free-running millisecond counter: a timer register, the RTOS tick. Wrapping is fine. */
static uint32_t port_now_ms(esp_loader_port_t *port)
{
    (void)port;
    return 0;
}

/* Let at least @p ms milliseconds pass. */
static void port_delay_ms(esp_loader_port_t *port, uint32_t ms)
{
    (void)port;
    (void)ms;
}

/* Both lines in one step of the transport. true = asserted, which is low at a UART's pin. */
static esp_loader_error_t port_set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    (void)port;
    (void)dtr;
    (void)rts;
    return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
}

const esp_loader_port_ops_t template_ops = {
    .init = port_init,
    .deinit = port_deinit,
    .delay_ms = port_delay_ms,
    .write_all = port_write_all,
    .read_some = port_read_some,
    .now_ms = port_now_ms,
    .set_lines = port_set_lines,
};
