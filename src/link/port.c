/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Maps both generations of port entries to one interface. First-generation ports read exactly what they are
 * asked for, so they are asked for one byte at a time; their timer lives in the port and there is only one,
 * which is why the library keeps a single deadline.
 */
#include "link/port.h"

_Static_assert(ESP_LOADER_TX_BUFFER_SIZE >= 64 && ESP_LOADER_TX_BUFFER_SIZE <= UINT16_MAX,
               "ESP_LOADER_TX_BUFFER_SIZE: 64 to 65535, the length type of a first-generation port");
_Static_assert(ESP_LOADER_RX_BUFFER_SIZE >= 16 && ESP_LOADER_RX_BUFFER_SIZE <= UINT16_MAX,
               "ESP_LOADER_RX_BUFFER_SIZE: 16 to 65535");

bool eli_port_is_complete(const esp_loader_port_t *port)
{
    const esp_loader_port_ops_t *ops = port->ops;
    return ops != NULL && (ops->write_all != NULL || ops->write != NULL) &&
           (ops->read_some != NULL || ops->read != NULL) &&
           (ops->now_ms != NULL || (ops->start_timer != NULL && ops->remaining_time != NULL)) &&
           (ops->set_lines == NULL || ops->delay_ms != NULL);
}

esp_loader_error_t eli_port_write(esp_loader_t *loader, const uint8_t *data, size_t size)
{
    esp_loader_port_t *port = loader->_port;
    uint32_t timeout_ms = eli_port_remaining_ms(loader);
    if (port->ops->write_all == NULL) {
        return port->ops->write(port, data, (uint16_t)size, timeout_ms);
    }
    size_t written = 0;
    return port->ops->write_all(port, data, size, timeout_ms, &written);
}

esp_loader_error_t eli_port_read(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_read)
{
    esp_loader_port_t *port = loader->_port;
    uint32_t timeout_ms = eli_port_remaining_ms(loader);
    *out_read = 0;
    if (port->ops->read_some == NULL) {
        esp_loader_error_t err = port->ops->read(port, buf, 1, timeout_ms);
        *out_read = err == ESP_LOADER_SUCCESS ? 1 : 0;
        return err;
    }
    esp_loader_error_t err = port->ops->read_some(port, buf, capacity, timeout_ms, out_read);
    if (*out_read > capacity) { /* a broken port must not make us read outside the buffer */
        *out_read = 0;
        return ESP_LOADER_ERROR_IO;
    }
    if (err == ESP_LOADER_SUCCESS && *out_read == 0) {
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    return err;
}

esp_loader_error_t eli_port_read_sure(esp_loader_t *loader, uint8_t *buf, size_t size, size_t *out_read)
{
    esp_loader_port_t *port = loader->_port;
    if (port->ops->read_some != NULL) {
        return eli_port_read(loader, buf, size, out_read);
    }
    uint16_t count = size < UINT16_MAX ? (uint16_t)size : UINT16_MAX;
    esp_loader_error_t err = port->ops->read(port, buf, count, eli_port_remaining_ms(loader));
    *out_read = err == ESP_LOADER_SUCCESS ? count : 0;
    return err;
}

void eli_port_set_deadline(esp_loader_t *loader, uint32_t timeout_ms)
{
    esp_loader_port_t *port = loader->_port;
    loader->_link.is_overdue = false;
    if (port->ops->now_ms != NULL) {
        loader->_deadline_ms = port->ops->now_ms(port) + timeout_ms;
    } else {
        port->ops->start_timer(port, timeout_ms);
    }
}

uint32_t eli_port_remaining_ms(const esp_loader_t *loader)
{
    esp_loader_port_t *port = loader->_port;
    if (port->ops->now_ms == NULL) {
        return port->ops->remaining_time(port);
    }
    uint32_t left = loader->_deadline_ms - port->ops->now_ms(port);
    return left > UINT32_MAX / 2 ? 0 : left; /* wrapped: the deadline is in the past */
}

uint32_t eli_now_ms(const esp_loader_t *loader)
{
    esp_loader_port_t *port = loader->_port;
    return port->ops->now_ms != NULL ? port->ops->now_ms(port) : 0;
}

void eli_port_delay(const esp_loader_t *loader, uint32_t ms)
{
    if (ms != 0 && loader->_port->ops->delay_ms != NULL) {
        loader->_port->ops->delay_ms(loader->_port, ms);
    }
}

esp_loader_error_t eli_port_set_rate(const esp_loader_t *loader, uint32_t rate_baud)
{
    esp_loader_port_t *port = loader->_port;
    if (port->ops->set_rate != NULL) {
        return port->ops->set_rate(port, rate_baud);
    }
    if (port->ops->change_transmission_rate != NULL) {
        return port->ops->change_transmission_rate(port, rate_baud);
    }
    return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
}

esp_loader_link_t eli_port_link_kind(const esp_loader_t *loader)
{
    esp_loader_port_t *port = loader->_port;
    return port->ops->link_kind != NULL ? port->ops->link_kind(port) : ESP_LOADER_LINK_UNKNOWN;
}

void eli_port_log(const esp_loader_t *loader, esp_loader_log_level_t level, const char *fmt, ...)
{
    if (loader->_port->ops->log != NULL) {
        va_list args;
        va_start(args, fmt);
        loader->_port->ops->log(loader->_port, level, fmt, args);
        va_end(args);
    }
}
