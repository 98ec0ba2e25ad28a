/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * RFC 2217 over a connected socket: sends and receives for the codec in rfc2217.h, waits for
 * acknowledgements, and keeps data that arrives meanwhile.
 */
#ifndef ESP_LOADER_PORT_RFC2217_LINK_H
#define ESP_LOADER_PORT_RFC2217_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "posix_io.h"
#include "rfc2217.h"

enum {
    RFC2217_TX_SIZE = 4096, /**< a frame of the library fits, also when every byte must be escaped */
    RFC2217_RX_SIZE = 16384 /**< what may arrive while an acknowledgement is awaited */
};

/** One connection. Owned by the caller, who also opens and closes the socket. */
typedef struct {
    posix_stream_t stream;
    bool ignores_set_control; /**< do not wait for acknowledgements of SET-CONTROL: none came */
    bool lines_are_confirmed; /**< the last change of the lines has been acknowledged */
    uint32_t round_trip_ms;   /**< what the server has taken to acknowledge its settings */
    rfc2217_t codec;
    size_t tx_size; /**< bytes in tx; those before tx_sent have been sent */
    size_t tx_sent;
    uint8_t tx[RFC2217_TX_SIZE];
    size_t rx_size; /**< decoded bytes in rx; those before rx_taken have been delivered */
    size_t rx_taken;
    uint8_t rx[RFC2217_RX_SIZE];
} rfc2217_link_t;

/** Negotiates, sets 8N1 without flow control at @p rate_baud, and purges the server's buffers. DTR and RTS
 * stay as they are.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the server refuses something of it
 *  @retval ESP_LOADER_ERROR_TIMEOUT           it did not acknowledge everything before @p deadline_us
 *  @retval ESP_LOADER_ERROR_DISCONNECTED, ESP_LOADER_ERROR_IO */
esp_loader_error_t rfc2217_link_open(rfc2217_link_t *link, posix_stream_t stream, bool ignores_set_control,
                                     uint32_t rate_baud, uint64_t deadline_us);

/** As `read_some` of esp_loader_io.h, until @p deadline_us of posix_now_us(). */
esp_loader_error_t rfc2217_link_read_some(rfc2217_link_t *link, uint8_t *buf, size_t capacity,
                                          uint64_t deadline_us, size_t *out_read);

/** As `write_all` of esp_loader_io.h, until @p deadline_us. After a TIMEOUT what was escaped but not sent is
 * kept and goes out first the next time; it counts as written. */
esp_loader_error_t rfc2217_link_write_all(rfc2217_link_t *link, const uint8_t *data, size_t size,
                                          uint64_t deadline_us, size_t *out_written);

/** Sets DTR and RTS; returns when the server has acknowledged both. A server that acknowledges neither within
 * half a second and two round trips is taken for one that never does: from then on nothing is waited for.
 * Espressif's own server is one, and obeys; ser2net is one for a device without lines.
 *  @retval ESP_LOADER_ERROR_TIMEOUT  it acknowledged only one within two seconds and two round trips, or none
 *                                    any more
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  it acknowledged another state: its device has no such line
 *  @retval ESP_LOADER_ERROR_IO       too much data came first
 *  @retval ESP_LOADER_ERROR_DISCONNECTED */
esp_loader_error_t rfc2217_link_set_lines(rfc2217_link_t *link, bool dtr, bool rts);

/** Sets the rate; returns when the server has acknowledged it.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  it acknowledged a rate more than 3 % off
 *  @retval ESP_LOADER_ERROR_TIMEOUT           it did not within two seconds and two round trips
 *  @retval ESP_LOADER_ERROR_IO                too much data came first
 *  @retval ESP_LOADER_ERROR_DISCONNECTED */
esp_loader_error_t rfc2217_link_set_rate(rfc2217_link_t *link, uint32_t rate_baud);

#endif
