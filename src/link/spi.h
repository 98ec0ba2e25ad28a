/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Frames over SPI: the chip is a half-duplex slave with a file of registers that the host reads and writes at any time, and
 * a buffer in each direction that is transferred by DMA. One buffer is one frame, without delimiters.
 * Source: ESP-IDF, SPI slave HD mode; the ROM of the ESP32-C3, spi_slave_download(), executed.
 */
#ifndef ELI_SPI_H
#define ELI_SPI_H

#include "link/port.h"

/** Values of the register that serves as a mailbox. */
enum {
    ELI_SPI_IDLE = 0xAA,  /**< the ROM waits for a host */
    ELI_SPI_READY = 0xA5, /**< the host is there; stays until the download is over */
};

/** Has the port everything a session over SPI needs? Chip select, reading, writing, and a clock. */
bool eli_spi_port_is_complete(const esp_loader_port_t *port);

/** What the chip is to think and the session to expect after a reset. */
void eli_spi_forget(esp_loader_t *loader);

/** The mailbox, before the session's deadline. */
esp_loader_error_t eli_spi_read_mailbox(esp_loader_t *loader, uint8_t *out_value);
esp_loader_error_t eli_spi_write_mailbox(esp_loader_t *loader, uint8_t value);

/** Waits until the chip takes a frame, and sends one.
 *  @param header  of at most ELI_SPI_HEADER_MAX bytes
 *  @return TIMEOUT: the chip takes none, or none of this size; the port's error */
esp_loader_error_t eli_spi_send(esp_loader_t *loader, const uint8_t *header, size_t header_size,
                                const uint8_t *payload, size_t payload_size);

/** Receives the next frame before the session's deadline.
 *  @retval ESP_LOADER_ERROR_INVALID_RESPONSE  it is longer than @p capacity */
esp_loader_error_t eli_spi_receive(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_size);

/** Drops a frame that the chip has for the host, and waits until it takes one, before the session's deadline.
 *  @param is_lost  a transfer did not reach the chip: what it says counts, whatever was said before
 *  @return TIMEOUT, or the port's error */
esp_loader_error_t eli_spi_drain(esp_loader_t *loader, bool is_lost);

#endif
