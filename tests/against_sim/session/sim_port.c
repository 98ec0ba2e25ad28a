/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sim_port.h"

#include <string.h>

#define USB_FRAME_US 1000u

static sim_port_t *self(esp_loader_port_t *port)
{
    return container_of(port, sim_port_t, base.port);
}

/* A handle does not survive the device's leaving the bus, even if it is back already. */
static bool is_gone(sim_port_t *port)
{
    if (port->is_open &&
        (!esp_sim_is_attached(port->sim) || esp_sim_attach_count(port->sim) != port->attach_count)) {
        port->is_open = false;
    }
    return !port->is_open;
}

/* Advances to the model's next event, but not beyond the deadline. false: the deadline has come. A bridge
 * hands over what its UART has received once per USB frame, so there time goes on in whole frames. */
static bool wait_until(sim_port_t *port, uint64_t deadline_us)
{
    if (esp_sim_now_us(port->sim) >= deadline_us) {
        return false;
    }
    uint64_t next_us = esp_sim_next_event_us(port->sim);
    if (port->base.link == ESP_LOADER_LINK_UART && next_us != UINT64_MAX) {
        next_us = (next_us + USB_FRAME_US - 1) / USB_FRAME_US * USB_FRAME_US;
    }
    esp_sim_run_until(port->sim, next_us < deadline_us ? next_us : deadline_us);
    return true;
}

static uint64_t deadline_in(const sim_port_t *port, uint32_t timeout_ms)
{
    return esp_sim_now_us(port->sim) + (uint64_t)timeout_ms * 1000;
}

static esp_loader_error_t init(esp_loader_port_t *base)
{
    sim_port_t *port = self(base);
    uint64_t deadline_us = deadline_in(port, port->open_wait_ms);
    while (!esp_sim_is_attached(port->sim)) {
        if (!wait_until(port, deadline_us)) {
            return ESP_LOADER_ERROR_PORT_NOT_FOUND;
        }
    }
    port->is_open = true;
    port->attach_count = esp_sim_attach_count(port->sim);
    return ESP_LOADER_SUCCESS;
}

static void deinit(esp_loader_port_t *base)
{
    self(base)->is_open = false;
}

static esp_loader_error_t write_all(esp_loader_port_t *base, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    sim_port_t *port = self(base);
    uint64_t deadline_us = deadline_in(port, timeout_ms);
    *out_written = 0;
    while (!is_gone(port)) {
        *out_written += esp_sim_host_write(port->sim, data + *out_written, size - *out_written);
        if (*out_written == size) {
            return ESP_LOADER_SUCCESS;
        }
        if (!wait_until(port, deadline_us)) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
    }
    return ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t read_some(esp_loader_port_t *base, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    sim_port_t *port = self(base);
    uint64_t deadline_us = deadline_in(port, timeout_ms);
    *out_read = 0;
    while (!is_gone(port)) {
        *out_read = esp_sim_host_read(port->sim, buf, capacity);
        if (*out_read > 0) {
            return ESP_LOADER_SUCCESS;
        }
        if (!wait_until(port, deadline_us)) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
    }
    return ESP_LOADER_ERROR_DISCONNECTED;
}

static uint32_t now_ms(esp_loader_port_t *base)
{
    return (uint32_t)(esp_sim_now_us(self(base)->sim) / 1000);
}

static void delay_ms(esp_loader_port_t *base, uint32_t ms)
{
    sim_port_t *port = self(base);
    esp_sim_run_until(port->sim, deadline_in(port, ms));
}

static esp_loader_error_t set_lines(esp_loader_port_t *base, bool dtr, bool rts)
{
    sim_port_t *port = self(base);
    if (is_gone(port)) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    esp_sim_host_set_lines(port->sim, dtr, rts);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t set_rate(esp_loader_port_t *base, uint32_t rate_baud)
{
    return esp_sim_host_set_rate(self(base)->sim, rate_baud) ? ESP_LOADER_SUCCESS
                                                             : ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
}

const esp_loader_port_ops_t sim_port_ops = {.init = init,
                                            .deinit = deinit,
                                            .delay_ms = delay_ms,
                                            .write_all = write_all,
                                            .read_some = read_some,
                                            .now_ms = now_ms,
                                            .set_lines = set_lines,
                                            .set_rate = set_rate};

void sim_port_init(sim_port_t *port, esp_sim_t *sim, esp_sim_wiring_t wiring)
{
    memset(port, 0, sizeof(*port));
    test_port_init(&port->base, &sim_port_ops);
    if (wiring == ESP_SIM_WIRING_NONE) {
        port->base.ops.set_lines = NULL;
    }
    port->sim = sim;
    port->base.link = wiring == ESP_SIM_WIRING_USJ   ? ESP_LOADER_LINK_USB_SERIAL_JTAG
                      : wiring == ESP_SIM_WIRING_OTG ? ESP_LOADER_LINK_USB_OTG
                                                     : ESP_LOADER_LINK_UART;
}
