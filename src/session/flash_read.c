/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading flash, in pieces that are verified one by one: reading changes nothing, so a piece of which
 * something was lost is read again. A ROM gives 64 bytes per command and is asked for the MD5 of the piece; a
 * stub gives a stream: frames of data, each acknowledged, then the MD5 of all. Source: esptool 5.6,
 * read_flash; esp-flasher-stub 1.4.
 *
 * A stub looks for the acknowledgement of a packet when it has sent it, and reads on when it is there. So it is
 * sent as soon as the packet begins to arrive, and the stub need not wait for it. Not before: a stub that counts more
 * acknowledgements than packets sends nothing any more.
 */
#include "session/core.h"
#include "session/flash.h"
#include "session/limits.h"

#include "common/bytes.h"

#define ROM_READ_SIZE    64u
#define STUB_PACKET_SIZE 4096u

/* What is read again at most; asking for its digest costs next to nothing. Over the chip's own USB, which loses
 * nothing, a stub is asked for everything at once, and when something is missing for as much as elsewhere. */
#define ROM_PIECE_SIZE  4096u
#define STUB_PIECE_SIZE 65536u

/* A ROM reads whole words, so those are asked for, and their digest. */
static esp_loader_error_t read_slowly(esp_loader_t *loader, uint8_t *buf, uint32_t address, uint32_t size)
{
    const uint32_t begin = address & ~3u;
    const uint32_t end = (address + size + 3) & ~3u;
    uint32_t skipped = address - begin;
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    eli_reply_t reply;
    esp_loader_md5_init(&md5);
    for (uint32_t next = begin; next < end;) {
        const uint32_t count = end - next < ROM_READ_SIZE ? end - next : ROM_READ_SIZE;
        const uint32_t words[] = {next, count};
        RETURN_ON_ERROR(
            eli_ask(loader, (eli_shape_t){ELI_READ_FLASH_SLOW, 2, 1, ROM_READ_SIZE, 0}, words, &reply));
        esp_loader_md5_update(&md5, reply.payload, count);
        const uint32_t wanted = size < count - skipped ? size : count - skipped;
        eli_copy(buf, reply.payload + skipped, wanted);
        buf += wanted;
        size -= wanted;
        skipped = 0;
        next += count;
    }
    esp_loader_md5_finish(&md5, digest);
    return eli_flash_verify(loader, begin, end - begin, digest);
}

static esp_loader_error_t acknowledge(esp_loader_t *loader, uint32_t done)
{
    uint8_t bytes[4];
    eli_put_u32(bytes, done);
    if (eli_carries_frames(loader)) {
        return eli_frame_ops(loader)->send_bare(loader, bytes, sizeof(bytes));
    }
    eli_link_begin_frame(loader);
    eli_link_put(loader, bytes, sizeof(bytes));
    return eli_link_end_frame(loader);
}

/* A build for little memory has no function that meets a packet half way. */
#ifdef ESP_LOADER_SMALL
#define ELI_READS_WHOLE_PACKETS true
#else
#define ELI_READS_WHOLE_PACKETS false
#endif

/* Receives a frame of exactly @p size bytes, and acknowledges that @p done have arrived with it; 0 = does not. Where no
 * part of it can be seen before the whole, it acknowledges what has arrived. */
static esp_loader_error_t receive(esp_loader_t *loader, uint8_t *buf, size_t size, uint32_t done)
{
    eli_port_set_deadline(loader, ELI_DEFAULT_TIMEOUT_MS + eli_patience_ms(loader) +
                                      eli_wire_ms(loader, ELI_FRAMES_SIZE + size));
    if (ELI_READS_WHOLE_PACKETS || eli_carries_frames(loader)) {
        size_t received;
        RETURN_ON_ERROR(eli_ops(loader)->receive(loader, buf, size, &received));
        if (received != size) {
            return ESP_LOADER_ERROR_INVALID_RESPONSE;
        }
        return done != 0 ? acknowledge(loader, done) : ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_link_await(loader));
    if (done != 0) {
        RETURN_ON_ERROR(acknowledge(loader, done));
    }
    return eli_link_receive_exactly(loader, buf, size);
}

static esp_loader_error_t stream(esp_loader_t *loader, uint8_t *buf, uint32_t size, uint32_t *out_done,
                                 uint8_t digest[ESP_LOADER_MD5_SIZE])
{
    uint8_t sent[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    esp_loader_md5_init(&md5);
    while (*out_done < size) {
        uint32_t left = size - *out_done;
        uint32_t packet = left < STUB_PACKET_SIZE ? left : STUB_PACKET_SIZE;
        RETURN_ON_ERROR(receive(loader, buf + *out_done, packet, *out_done + packet));
        esp_loader_md5_update(&md5, buf + *out_done, packet);
        *out_done += packet;
    }
    RETURN_ON_ERROR(receive(loader, sent, sizeof(sent), 0));
    esp_loader_md5_finish(&md5, digest);
    return eli_is_same_md5(sent, digest) ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_MD5;
}

/* A stub's digest is that of what it has read, wherever that was: no checksum covers the command. So where a
 * bit may be flipped on the way, the digest of the range is asked for as well. */
static esp_loader_error_t read_stream(esp_loader_t *loader, uint8_t *buf, uint32_t address, uint32_t size)
{
    const uint32_t words[] = {address, size, STUB_PACKET_SIZE, 1 /* in flight */};
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    uint32_t done = 0;
    RETURN_ON_ERROR(eli_tell(loader, (eli_shape_t){ELI_READ_FLASH, 4, 1, 0, 0}, words, 0));
    esp_loader_error_t err = stream(loader, buf, size, &done, digest);
    if (err != ESP_LOADER_SUCCESS) {
        eli_request_barrier(loader); /* any other frame ends a stream that goes on */
        return eli_fail_here(loader, err, address + done, size);
    }
    return eli_port_is_own_usb(loader) ? ESP_LOADER_SUCCESS : eli_flash_verify(loader, address, size, digest);
}

/* Lost or damaged on the way; for a ROM each command has been sent again already (transact.c). */
static bool is_worth_another(const esp_loader_t *loader)
{
    esp_loader_error_t cause = loader->_detail.cause;
    return cause == ESP_LOADER_ERROR_INVALID_MD5 ||
           (eli_is_stub(loader) &&
            (cause == ESP_LOADER_ERROR_TIMEOUT || cause == ESP_LOADER_ERROR_INVALID_RESPONSE ||
             cause == ESP_LOADER_ERROR_MALFORMED_REPLY));
}

/* Reads [address, address + *size), or less of it. */
static esp_loader_error_t read_piece(esp_loader_t *loader, uint8_t *buf, uint32_t address, uint32_t *size)
{
    for (unsigned trial = 0;; trial++) {
        eli_forget_failure(loader, ESP_LOADER_STAGE_READ);
        esp_loader_error_t err = eli_is_stub(loader) ? read_stream(loader, buf, address, *size)
                                                     : read_slowly(loader, buf, address, *size);
        if (err == ESP_LOADER_SUCCESS || trial == SERIAL_FLASHER_WRITE_BLOCK_RETRIES ||
            !is_worth_another(loader) || eli_ops(loader)->resync(loader) != ESP_LOADER_SUCCESS) {
            return err;
        }
        *size = *size < STUB_PIECE_SIZE ? *size : STUB_PIECE_SIZE;
    }
}

esp_loader_error_t esp_loader_flash_read(esp_loader_t *loader, uint8_t *buf, uint32_t address,
                                         uint32_t length)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_READ));
    if (loader->_is.secure_download ||
        (!eli_is_stub(loader) && !eli_has(eli_target(loader), ELI_ROM_READ_SLOW))) {
        return eli_fail_unsupported(loader, address);
    }
    if (buf == NULL && length > 0) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, address, length);
    }
    RETURN_ON_ERROR(eli_flash_attach(loader));
    RETURN_ON_ERROR(eli_flash_open_range(loader, address, length));
    uint32_t piece = !eli_is_stub(loader)          ? ROM_PIECE_SIZE
                     : eli_port_is_own_usb(loader) ? length
                                                   : STUB_PIECE_SIZE;
    for (uint32_t done = 0; done < length;) {
        const uint32_t wanted = length - done < piece ? length - done : piece;
        uint32_t size = wanted;
        RETURN_ON_ERROR(read_piece(loader, buf + done, address + done, &size));
        piece = size < wanted ? size : piece;
        done += size;
    }
    return ESP_LOADER_SUCCESS;
}
