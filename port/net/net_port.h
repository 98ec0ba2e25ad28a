/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Port for serial devices reached over TCP: a raw byte stream (socket://, no control lines, no rate) and RFC
 * 2217 (rfc2217://, both). Servers: ser2net, the pyserial example servers, many device servers, esp-sim.
 */
#ifndef NET_PORT_H
#define NET_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_loader_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One connection. What a designated initialiser does not name is zero: the default, and required for
 *  `_connection`. */
typedef struct {
    esp_loader_port_t port;           /**< .ops = &net_ops */
    esp_loader_log_level_t log_level; /**< highest level written to standard error; 0 = nothing is */
    /** socket://HOST:PORT or rfc2217://HOST:PORT[?ign_set_control]. HOST is a name, an IPv4 address or an
     *  IPv6 address in brackets. `ign_set_control` is for servers that never acknowledge requests about DTR
     *  and RTS: it spares the one wait that finds that out. Must stay valid while the port is used. */
    const char *url;
    uint32_t connect_timeout_ms; /**< for connecting and negotiating, ms; 0 = 10000. The time the system
                                      takes to resolve a host name is not included. */
    uint32_t baudrate;           /**< rfc2217://, rate after opening, baud; 0 = 115200 */
    bool (*is_cancelled)(void);  /**< asked while `init` waits: true ends it with CANCELLED; may be NULL */

    struct net_connection *_connection; /**< from init to deinit, on the heap */
} net_port_t;

/** The port's table. Its `init` returns
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     the URL is malformed
 *  @retval ESP_LOADER_ERROR_PORT_NOT_FOUND    no such host, or nothing listens there
 *  @retval ESP_LOADER_ERROR_PORT_ACCESS       forbidden by a firewall of this machine
 *  @retval ESP_LOADER_ERROR_TIMEOUT           no answer in time
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  rfc2217://: the server refuses the option, the rate or 8N1
 *  @retval ESP_LOADER_ERROR_DISCONNECTED      the server hung up, as one does that serves another client
 *  @retval ESP_LOADER_ERROR_IO                anything else
 *
 *  RFC 2217 has no request for DTR and RTS together: `set_lines` sends two in one segment, ordered so that
 *  the pair never passes through (DTR off, RTS on), which is reset, on its way to another state. It returns
 *  when the server has acknowledged both. A server that acknowledges neither within half a second and two
 *  round trips is taken for one that never does, and the sequences go on without waiting; from then on
 *  `link_kind` says UART, because such a server plays the reset of a bridge by itself or has no lines at all.
 *  For socket:// `init` replaces port.ops by a table without `set_lines` and `set_rate`. */
extern const esp_loader_port_ops_t net_ops;

/** Does the server obey requests about DTR and RTS, if at all, without a word? False before the first of
 * them. */
bool net_port_lines_are_unconfirmed(const net_port_t *port);

#ifdef __cplusplus
}
#endif

#endif
