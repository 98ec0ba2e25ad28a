/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Packets for the ROM, which answers none. It has one buffer of 268 bytes, and counts a credit for each packet when it has
 * carried it out: only then is the next one sent. It does not look at sequence numbers; those of other hosts begin at 0 with
 * each session, so ours do.
 */
#include "common/bytes.h"
#include "link/sdio.h"

enum { WRITE_MEMORY = 1, WRITE_REGISTER = 3, BOOTUP = 5, FLAG_SYNC = 0x04 };
enum { HEADER_SIZE = 12, WORDS_SIZE = 8 };

/* 256 bytes in all. Source: other hosts for this interface. */
#define DATA_MAX 236u

/* What has no number of its own. */
#define NO_DATA_SEQUENCE 0u

static esp_loader_error_t send(esp_loader_t *loader, uint8_t command, uint32_t first, uint32_t second,
                               const uint8_t *data, size_t size)
{
    uint8_t head[HEADER_SIZE + WORDS_SIZE];
    const size_t padding = -size & 3;
    const size_t total = sizeof(head) + size + padding;
    const bool is_numbered = command == WRITE_MEMORY;
    eli_put_u32(head, (uint32_t)total << 16 | (is_numbered ? 0 : (uint32_t)FLAG_SYNC << 8));
    eli_put_u32(head + 4, command);
    eli_put_u32(head + 8, is_numbered ? loader->_buffers.sdio._packets++ : NO_DATA_SEQUENCE);
    eli_put_u32(head + HEADER_SIZE, first);
    eli_put_u32(head + HEADER_SIZE + 4, second);
    eli_sdio_begin(loader, total);
    eli_sdio_put(loader, head, sizeof(head));
    eli_sdio_put(loader, data, size);
    eli_sdio_put_fill(loader, 0, padding);
    return eli_sdio_end(loader);
}

/* Waits until the ROM has one credit more than before the packet. */
static esp_loader_error_t await_credit(esp_loader_t *loader)
{
    const uint32_t wanted = (loader->_buffers.sdio._credits + 1u) & 0xFFF;
    unsigned looks = 0;
    for (;;) {
        uint32_t credits;
        RETURN_ON_ERROR(eli_sdio_read_credits(loader, &credits));
        if (credits == wanted) {
            loader->_buffers.sdio._credits = (uint16_t)wanted;
            return ESP_LOADER_SUCCESS;
        }
        RETURN_ON_ERROR(eli_sdio_pause(loader, &looks));
    }
}

esp_loader_error_t eli_sip_write(esp_loader_t *loader, uint32_t address, const uint8_t *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        size_t piece = size - done < DATA_MAX ? size - done : DATA_MAX;
        RETURN_ON_ERROR(
            send(loader, WRITE_MEMORY, address + (uint32_t)done, (uint32_t)piece, data + done, piece));
        RETURN_ON_ERROR(await_credit(loader));
        done += piece;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_sip_write_register(esp_loader_t *loader, uint32_t address, uint32_t value)
{
    RETURN_ON_ERROR(send(loader, WRITE_REGISTER, address, value, NULL, 0));
    return await_credit(loader);
}

esp_loader_error_t eli_sip_boot(esp_loader_t *loader, uint32_t entry)
{
    return send(loader, BOOTUP, entry, 1 /* the link is not used any more */, NULL, 0);
}
