/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Frames through an SDIO card: the chip's SDIO slave in download mode (sdio.c), and the packets that its ROM takes (sip.c).
 * A frame of N bytes lies at the last N addresses of a window of function 1; the chip shows how much it has room for, and
 * how long its own frame is. Sources: the registers of the SDIO slave as ESP-IDF names them; SDIO simplified specification
 * 3.00; esp-stub-lib (C5, C6); sip_boot_rx_ctrl() and slc_init_attach() in the published ROMs of C5, C6 and C61.
 */
#ifndef ELI_SDIO_H
#define ELI_SDIO_H

#include "link/port.h"

#define ELI_SDIO_VENDOR 0x0092u /* of the manufacturer, in the card's CIS */

/** What a card says of itself. */
typedef struct {
    uint16_t vendor;
    uint16_t device;
} eli_sdio_id_t;

/** Has the port what a session over SDIO needs? */
bool eli_sdio_is_complete(const esp_loader_port_t *port);

/** Initialises the card, enables function 1 and reads who it is, before the session's deadline.
 *  @return TIMEOUT: no card, or it did not become ready; INVALID_RESPONSE: it has no id; or the port's error */
esp_loader_error_t eli_sdio_open(esp_loader_t *loader, eli_sdio_id_t *out);

/** Prepares the slave for packets: the last step before the first one.
 *  @return INVALID_RESPONSE: it does not keep what is written; or the port's error */
esp_loader_error_t eli_sdio_prepare(esp_loader_t *loader);

/** Begins a frame of @p size bytes, at most 16384; adds bytes to it; ends it and returns its first error. */
void eli_sdio_begin(esp_loader_t *loader, size_t size);
void eli_sdio_put(esp_loader_t *loader, const uint8_t *data, size_t size);
void eli_sdio_put_fill(esp_loader_t *loader, uint8_t byte, size_t size);
esp_loader_error_t eli_sdio_end(esp_loader_t *loader);

/** Waits until a stub has room for a frame of @p size bytes, before the session's deadline. */
esp_loader_error_t eli_sdio_await_room(esp_loader_t *loader, size_t size);

/** Receives a stub's next frame into @p buf before the session's deadline. Frames that are longer than @p capacity are
 * read and skipped.
 *  @return TIMEOUT; INVALID_RESPONSE: the length that it states is impossible; or the port's error */
esp_loader_error_t eli_sdio_receive(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_size);

/* ---- what the ROM takes (sip.c); before the session's deadline ---- */

/** Writes @p size bytes of RAM, in packets that the ROM confirms one by one.
 *  @return TIMEOUT: it has not taken a packet, and no other can be sent */
esp_loader_error_t eli_sip_write(esp_loader_t *loader, uint32_t address, const uint8_t *data, size_t size);

/** Writes a register. */
esp_loader_error_t eli_sip_write_register(esp_loader_t *loader, uint32_t address, uint32_t value);

/** Ends the loader and jumps. The ROM does it only if RAM was written before. */
esp_loader_error_t eli_sip_boot(esp_loader_t *loader, uint32_t entry);

/* between the two files */

/** The card's credits: of a stub, units of 512 bytes; of the ROM, packets taken, modulo 4096. */
esp_loader_error_t eli_sdio_read_credits(esp_loader_t *loader, uint32_t *out);

/** Between two looks at a register: waits a little, the first looks excepted.
 *  @param looks  how many there were, counts
 *  @return TIMEOUT: the session's deadline has passed */
esp_loader_error_t eli_sdio_pause(esp_loader_t *loader, unsigned *looks);

#endif
