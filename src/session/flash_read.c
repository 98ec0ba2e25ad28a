/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading flash. A ROM gives 64 bytes per command, a stub a stream: frames of data, each acknowledged, then
 * the MD5 of all. There is no retransmission. Source: esptool 5.6, read_flash; esp-flasher-stub 1.4.
 */
#include "session/session.h"

#include <string.h>

#include "common/bytes.h"

#define ROM_READ_SIZE    64u
#define STUB_PACKET_SIZE 4096u

static esp_loader_error_t read_slow(esp_loader_t *loader, uint32_t address, uint8_t *buf, uint32_t size,
                                    bool *out_is_echo)
{
    const eli_command_t command = {.opcode = ELI_READ_FLASH_SLOW,
                                   .words = {address, size},
                                   .word_count = 2,
                                   .reply_size = ROM_READ_SIZE};
    eli_reply_t reply;
    RETURN_ON_ERROR(eli_transact(loader, &command, address, &reply));
    memcpy(buf, reply.payload, size);
    *out_is_echo = reply.is_echo;
    return ESP_LOADER_SUCCESS;
}

/* Much of a flash is alike, so a piece that is the one before is not asked for again; the MD5 of all tells
 * whether it was a doubled reply. */
static esp_loader_error_t read_pieces(esp_loader_t *loader, uint8_t *buf, uint32_t address, uint32_t length)
{
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    bool has_echo = false;
    for (uint32_t done = 0; done < length;) {
        uint32_t size = length - done < ROM_READ_SIZE ? length - done : ROM_READ_SIZE;
        bool is_echo = false;
        RETURN_ON_ERROR(read_slow(loader, address + done, buf + done, size, &is_echo));
        has_echo = has_echo || is_echo;
        done += size;
    }
    if (!has_echo) {
        return ESP_LOADER_SUCCESS;
    }
    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, buf, length);
    esp_loader_md5_finish(&md5, digest);
    return esp_loader_flash_verify_known_md5(loader, address, length, digest);
}

static esp_loader_error_t acknowledge(esp_loader_t *loader, uint32_t done)
{
    uint8_t bytes[4];
    eli_put_u32(bytes, done);
    eli_link_begin_frame(loader);
    eli_link_put(loader, bytes, sizeof(bytes));
    return eli_link_end_frame(loader);
}

/* One frame, exactly @p size long. */
static esp_loader_error_t receive_exactly(esp_loader_t *loader, uint8_t *buf, size_t size)
{
    size_t received;
    eli_port_set_deadline(loader, ELI_DEFAULT_TIMEOUT_MS);
    RETURN_ON_ERROR(eli_link_receive(loader, buf, size, &received));
    return received == size ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_RESPONSE;
}

static esp_loader_error_t stream(esp_loader_t *loader, uint8_t *buf, uint32_t size, uint32_t *out_done)
{
    uint8_t sent[ESP_LOADER_MD5_SIZE];
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    esp_loader_md5_init(&md5);
    while (*out_done < size) {
        uint32_t left = size - *out_done;
        uint32_t packet = left < STUB_PACKET_SIZE ? left : STUB_PACKET_SIZE;
        RETURN_ON_ERROR(receive_exactly(loader, buf + *out_done, packet));
        esp_loader_md5_update(&md5, buf + *out_done, packet);
        *out_done += packet;
        RETURN_ON_ERROR(acknowledge(loader, *out_done));
    }
    RETURN_ON_ERROR(receive_exactly(loader, sent, sizeof(sent)));
    esp_loader_md5_finish(&md5, digest);
    return memcmp(sent, digest, sizeof(digest)) == 0 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_MD5;
}

static esp_loader_error_t read_stream(esp_loader_t *loader, uint8_t *buf, uint32_t address, uint32_t size)
{
    const eli_command_t command = {.opcode = ELI_READ_FLASH,
                                   .words = {address, size, STUB_PACKET_SIZE, 1 /* in flight */},
                                   .word_count = 4};
    uint32_t done = 0;
    RETURN_ON_ERROR(eli_transact(loader, &command, address, NULL));
    esp_loader_error_t err = stream(loader, buf, size, &done);
    if (err != ESP_LOADER_SUCCESS) {
        loader->_is.needs_resync = true; /* any other frame ends a stream that goes on */
        return eli_fail_here(loader, err, address + done, size);
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_flash_read(esp_loader_t *loader, uint8_t *buf, uint32_t address,
                                         uint32_t length)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_READ));
    bool is_stub = eli_is_stub(loader);
    RETURN_ON_ERROR(eli_refuse_secure_download(loader, address));
    if (!is_stub && !eli_has(eli_target(loader), ELI_ROM_READ_SLOW)) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, address, 0);
    }
    if (buf == NULL && length > 0) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, address, length);
    }
    RETURN_ON_ERROR(eli_flash_attach(loader));
    RETURN_ON_ERROR(eli_flash_check_range(loader, address, length));
    if (is_stub && length > 0) {
        return read_stream(loader, buf, address, length);
    }
    return read_pieces(loader, buf, address, length);
}
