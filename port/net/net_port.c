/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The net port's table: chooses between a raw stream and RFC 2217 and owns the socket. URLs are parsed in
 * net_url.c, the connection is opened in tcp_connect.c, RFC 2217 is spoken in rfc2217_link.c.
 */
#include "net_port.h"

#include <stdlib.h>
#include <unistd.h>

#include "net_url.h"
#include "posix_io.h"
#include "posix_log.h"
#include "rfc2217_link.h"
#include "tcp_connect.h"

/* For socket://, which has neither lines nor rate. */
static const esp_loader_port_ops_t raw_ops;

enum { DEFAULT_BAUD = 115200, DEFAULT_CONNECT_TIMEOUT_MS = 10000 };

struct net_connection {
    posix_stream_t stream;
    bool is_rfc2217;
    rfc2217_link_t rfc2217; /* used only then */
};

POSIX_LOGGING_PORT(net_port_t);

static net_port_t *self_of(esp_loader_port_t *port)
{
    return container_of(port, net_port_t, port);
}

static void port_deinit(esp_loader_port_t *port)
{
    net_port_t *self = self_of(port);

    if (self->_connection == NULL) {
        return;
    }
    close(self->_connection->stream.fd);
    free(self->_connection);
    self->_connection = NULL;
}

static esp_loader_error_t connect_and_negotiate(net_port_t *self, const net_url_t *url,
                                                struct net_connection *connection)
{
    const uint64_t deadline_us = posix_deadline_us(self->connect_timeout_ms == 0 ? DEFAULT_CONNECT_TIMEOUT_MS
                                                                                 : self->connect_timeout_ms);

    connection->is_rfc2217 = url->is_rfc2217;
    connection->stream = (posix_stream_t){.is_socket = true, .is_cancelled = self->is_cancelled};
    esp_loader_error_t error = tcp_connect(url->host, url->service, deadline_us, &connection->stream);
    if (error != ESP_LOADER_SUCCESS || !url->is_rfc2217) {
        return error;
    }
    error = rfc2217_link_open(&connection->rfc2217, connection->stream, url->ignores_set_control,
                              self->baudrate == 0 ? DEFAULT_BAUD : self->baudrate, deadline_us);
    if (error != ESP_LOADER_SUCCESS) {
        close(connection->stream.fd);
    }
    return error;
}

static esp_loader_error_t port_init(esp_loader_port_t *port)
{
    net_port_t *self = self_of(port);
    net_url_t url;

    port_deinit(port);
    if (self->url == NULL || !net_url_parse(self->url, &url)) {
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    port->ops = url.is_rfc2217 ? &net_ops : &raw_ops;
    struct net_connection *connection = calloc(1, sizeof(*connection));
    if (connection == NULL) {
        return ESP_LOADER_ERROR_IO;
    }
    esp_loader_error_t error = connect_and_negotiate(self, &url, connection);
    if (error != ESP_LOADER_SUCCESS) {
        free(connection);
        return error;
    }
    connection->stream.is_cancelled = NULL;
    connection->rfc2217.stream.is_cancelled = NULL;
    self->_connection = connection;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t port_write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                         uint32_t timeout_ms, size_t *out_written)
{
    struct net_connection *connection = self_of(port)->_connection;
    const uint64_t deadline_us = posix_deadline_us(timeout_ms);

    *out_written = 0;
    if (connection == NULL) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    return connection->is_rfc2217
               ? rfc2217_link_write_all(&connection->rfc2217, data, size, deadline_us, out_written)
               : posix_write_all(connection->stream, data, size, deadline_us, out_written);
}

static esp_loader_error_t port_read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                         uint32_t timeout_ms, size_t *out_read)
{
    struct net_connection *connection = self_of(port)->_connection;
    const uint64_t deadline_us = posix_deadline_us(timeout_ms);

    *out_read = 0;
    if (connection == NULL) {
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    return connection->is_rfc2217
               ? rfc2217_link_read_some(&connection->rfc2217, buf, capacity, deadline_us, out_read)
               : posix_read_some(connection->stream, buf, capacity, deadline_us, out_read);
}

static esp_loader_error_t port_set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    struct net_connection *connection = self_of(port)->_connection;

    return connection != NULL ? rfc2217_link_set_lines(&connection->rfc2217, dtr, rts)
                              : ESP_LOADER_ERROR_DISCONNECTED;
}

static esp_loader_error_t port_set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    struct net_connection *connection = self_of(port)->_connection;

    if (rate_baud == 0) { /* in RFC 2217 a question, not a rate */
        return ESP_LOADER_ERROR_INVALID_PARAM;
    }
    return connection != NULL ? rfc2217_link_set_rate(&connection->rfc2217, rate_baud)
                              : ESP_LOADER_ERROR_DISCONNECTED;
}

/* A server that acknowledges no change of lines either has none or, as Espressif's does, plays the reset of a
 * bridge itself when it sees how one begins. */
static esp_loader_link_t port_link_kind(esp_loader_port_t *port)
{
    return net_port_lines_are_unconfirmed(self_of(port)) ? ESP_LOADER_LINK_UART : ESP_LOADER_LINK_UNKNOWN;
}

bool net_port_lines_are_unconfirmed(const net_port_t *self)
{
    return self->_connection != NULL && self->_connection->is_rfc2217 &&
           self->_connection->rfc2217.ignores_set_control;
}

#define COMMON_ENTRIES                                                                                       \
    .init = port_init, .deinit = port_deinit, .delay_ms = posix_port_delay_ms, .log = posix_port_log,        \
    .log_hex = posix_port_log_hex, .write_all = port_write_all, .read_some = port_read_some,                 \
    .now_ms = posix_port_now_ms

const esp_loader_port_ops_t net_ops = {
    COMMON_ENTRIES,
    .set_lines = port_set_lines,
    .set_rate = port_set_rate,
    .link_kind = port_link_kind,
};

static const esp_loader_port_ops_t raw_ops = {
    COMMON_ENTRIES,
};
