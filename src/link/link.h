/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Frames over a byte stream: SLIP in both directions, one port write per frame, chunked reads.
 * Source of the framing: serial protocol document of esptool 5.3, "Low level protocol"; RFC 1055.
 */
#ifndef ELI_LINK_H
#define ELI_LINK_H

#include "link/port.h"

/** A transmit buffer of this size holds the frame of a block of 1 KiB: nothing is to be gathered. */
#define ELI_WHOLE_FRAME_SIZE 1152
#define ELI_SENDS_FRAMES     (ESP_LOADER_TX_BUFFER_SIZE < ELI_WHOLE_FRAME_SIZE)

/** Starts a frame in the transmit buffer. */
void eli_link_begin_frame(esp_loader_t *loader);

/** Adds bytes to the frame, escaped. A full buffer is sent; the first error is kept and ends all sending. */
void eli_link_put(esp_loader_t *loader, const uint8_t *data, size_t size);

/** Adds @p size times the same byte. */
void eli_link_put_fill(esp_loader_t *loader, uint8_t byte, size_t size);

/** Ends the frame and sends what is left, before the session's deadline. Returns the frame's first error. */
esp_loader_error_t eli_link_end_frame(esp_loader_t *loader);

/** Sends what the frame has so far. Right after its beginning that is a lone delimiter. */
esp_loader_error_t eli_link_flush(esp_loader_t *loader);

/** Receives the next non-empty frame into @p buf, unescaped, before the session's deadline. Frames that are
 * longer than @p capacity or badly escaped are skipped like any other noise.
 *  @return TIMEOUT, or the port's error */
esp_loader_error_t eli_link_receive(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_size);

/** After eli_link_await(): receives the frame that has begun, which has exactly @p size bytes, at least 1, into @p buf
 * before the session's deadline; in as few calls of the port as possible.
 *  @return INVALID_RESPONSE: it is shorter or longer, or badly escaped; TIMEOUT, or the port's error */
esp_loader_error_t eli_link_receive_exactly(esp_loader_t *loader, uint8_t *buf, size_t size);

/** Waits for the first byte of the next frame's content, which stays there, before the session's deadline. */
esp_loader_error_t eli_link_await(esp_loader_t *loader);

/** Forgets what was received and not looked at; the port may have more. */
static inline void eli_link_forget_input(esp_loader_t *loader)
{
    loader->_link.rx_next = loader->_link.rx_size;
}

/** Forgets everything received so far, here and in the port, without waiting. */
void eli_link_discard_input(esp_loader_t *loader);

#endif
