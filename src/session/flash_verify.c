/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * MD5 of a flash range, computed by the target, and comparing with it.
 */
#include "session/session.h"

#include <string.h>

/* Source: esptool 5.3, 8 s per MB. */
#define MD5_MS_PER_KIB 9u

#define ROM_REPLY_SIZE (2u * ESP_LOADER_MD5_SIZE) /* hexadecimal text; the stub sends raw bytes */

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_hex(const uint8_t *text, uint8_t out[ESP_LOADER_MD5_SIZE])
{
    int all = 0;
    memset(out, 0, ESP_LOADER_MD5_SIZE);
    for (unsigned i = 0; i < ROM_REPLY_SIZE; i++) {
        int digit = hex_digit(text[i]);
        all |= digit; /* negative once one is */
        out[i / 2] = (uint8_t)(out[i / 2] << 4 | (digit & 0xF));
    }
    return all >= 0;
}

/* Before the first MD5 of an operation. */
static esp_loader_error_t md5_enter(esp_loader_t *loader, uint32_t address, uint32_t size)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_VERIFY));
    if (loader->_is.secure_download || (!eli_is_stub(loader) && !eli_has(eli_target(loader), ELI_ROM_MD5))) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, address, 0);
    }
    RETURN_ON_ERROR(eli_flash_attach(loader));
    return eli_flash_check_range(loader, address, size);
}

static esp_loader_error_t send(esp_loader_t *loader, uint32_t address, uint32_t size, eli_sent_t *out_sent)
{
    *out_sent =
        (eli_sent_t){.command = {.opcode = ELI_SPI_FLASH_MD5,
                                 .words = {address, size, 0, 0},
                                 .word_count = 4,
                                 .reply_size = eli_is_stub(loader) ? ESP_LOADER_MD5_SIZE : ROM_REPLY_SIZE,
                                 .timeout_ms = eli_timeout_for(size, MD5_MS_PER_KIB)},
                     .address = address,
                     .size = size};
    return eli_transact_send(loader, &out_sent->command, address);
}

esp_loader_error_t eli_md5_send(esp_loader_t *loader, uint32_t address, uint32_t size, eli_sent_t *out_sent)
{
    RETURN_ON_ERROR(md5_enter(loader, address, size));
    return send(loader, address, size, out_sent);
}

esp_loader_error_t eli_md5_collect(esp_loader_t *loader, const eli_sent_t *sent,
                                   uint8_t out_md5[ESP_LOADER_MD5_SIZE])
{
    eli_reply_t reply;
    RETURN_ON_ERROR(eli_transact_await(loader, &sent->command, sent->address, &reply));
    if (eli_is_stub(loader)) {
        memcpy(out_md5, reply.payload, ESP_LOADER_MD5_SIZE);
    } else if (!parse_hex(reply.payload, out_md5)) {
        return eli_fail(loader, ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_MALFORMED_REPLY,
                        loader->_detail.stage, sent->address, 0);
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_flash_md5(esp_loader_t *loader, uint32_t address, uint32_t size,
                                        uint8_t out_md5[ESP_LOADER_MD5_SIZE])
{
    eli_sent_t sent;
    RETURN_ON_ERROR(md5_enter(loader, address, size));
    if (out_md5 == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, address, size);
    }
    RETURN_ON_ERROR(send(loader, address, size, &sent));
    return eli_md5_collect(loader, &sent, out_md5);
}

esp_loader_error_t esp_loader_flash_verify_known_md5(esp_loader_t *loader, uint32_t address, uint32_t size,
                                                     const uint8_t *expected_md5)
{
    uint8_t actual[ESP_LOADER_MD5_SIZE];
    eli_sent_t sent;
    RETURN_ON_ERROR(md5_enter(loader, address, size));
    if (expected_md5 == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, address, size);
    }
    /* A mismatch is looked at twice: right after a write, a busy flash or a stale cache has been seen to give
     * one. */
    for (int look = 0; look < 2; look++) {
        RETURN_ON_ERROR(send(loader, address, size, &sent));
        RETURN_ON_ERROR(eli_md5_collect(loader, &sent, actual));
        if (memcmp(actual, expected_md5, sizeof(actual)) == 0) {
            return ESP_LOADER_SUCCESS;
        }
    }
    return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_MD5, address, size);
}
