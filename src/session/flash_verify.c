/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * MD5 of a flash range, computed by the target, and comparing with it.
 */
#include "common/bytes.h"
#include "session/core.h"
#include "session/flash.h"
#include "session/limits.h"

#define ROM_REPLY_SIZE (2u * ESP_LOADER_MD5_SIZE) /* hexadecimal text; the stub sends raw bytes */

/* More than 15: it is none. */
static unsigned hex_digit(unsigned c)
{
    unsigned letter = (c | 0x20u) - 'a';
    return c <= '9' ? c - '0' : letter < 6 ? letter + 10 : letter | 16u;
}

static bool parse_hex(const uint8_t *text, uint8_t out[ESP_LOADER_MD5_SIZE])
{
    unsigned all = 0;
    for (unsigned i = 0; i < ROM_REPLY_SIZE; i++) {
        unsigned digit = hex_digit(text[i]);
        all |= digit;
        out[i / 2] = (uint8_t)((unsigned)out[i / 2] << 4 | digit); /* two push out what was there */
    }
    return all <= 15;
}

/* Before the first MD5 of an operation. */
static esp_loader_error_t open(esp_loader_t *loader, uint32_t address, uint32_t size)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_VERIFY));
    return eli_flash_has_md5(loader) ? eli_flash_open_range(loader, address, size)
                                     : eli_fail_unsupported(loader, address);
}

/* The same of a public one. */
static esp_loader_error_t attach(esp_loader_t *loader)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_VERIFY));
    return eli_flash_has_md5(loader) ? eli_flash_attach(loader) : ESP_LOADER_SUCCESS;
}

static esp_loader_error_t send(esp_loader_t *loader, uint32_t address, uint32_t size, eli_sent_t *out_sent)
{
    *out_sent =
        (eli_sent_t){.command = {.shape = {ELI_SPI_FLASH_MD5, 4, 1,
                                           eli_is_stub(loader) ? ESP_LOADER_MD5_SIZE : ROM_REPLY_SIZE, 0},
                                 .words = out_sent->words,
                                 .work_ms = eli_hash_ms(size)},
                     .words = {address, size, 0, 0}};
    return eli_transact_send(loader, &out_sent->command);
}

esp_loader_error_t eli_md5_send(esp_loader_t *loader, uint32_t address, uint32_t size, eli_sent_t *out_sent)
{
    RETURN_ON_ERROR(open(loader, address, size));
    return send(loader, address, size, out_sent);
}

esp_loader_error_t eli_md5_collect(esp_loader_t *loader, const eli_sent_t *sent,
                                   uint8_t out_md5[ESP_LOADER_MD5_SIZE], bool *out_is_doubtful)
{
    eli_reply_t reply;
    RETURN_ON_ERROR(eli_transact_await(loader, &sent->command, &reply));
    *out_is_doubtful = reply.is_echo;
    if (eli_is_stub(loader)) {
        eli_copy(out_md5, reply.payload, ESP_LOADER_MD5_SIZE);
    } else if (!parse_hex(reply.payload, out_md5)) {
        *out_is_doubtful = true;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_flash_md5(esp_loader_t *loader, uint32_t address, uint32_t size,
                                 uint8_t out_md5[ESP_LOADER_MD5_SIZE])
{
    bool is_doubtful;
    eli_sent_t sent;
    RETURN_ON_ERROR(open(loader, address, size));
    if (out_md5 == NULL) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, address, size);
    }
    for (int look = 0; look < 2; look++) {
        RETURN_ON_ERROR(send(loader, address, size, &sent));
        RETURN_ON_ERROR(eli_md5_collect(loader, &sent, out_md5, &is_doubtful));
        if (!is_doubtful) {
            return ESP_LOADER_SUCCESS;
        }
        eli_request_barrier(loader);
    }
    return eli_fail_for(loader, ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_MALFORMED_REPLY, address,
                        0);
}

esp_loader_error_t esp_loader_flash_md5(esp_loader_t *loader, uint32_t address, uint32_t size,
                                        uint8_t out_md5[ESP_LOADER_MD5_SIZE])
{
    RETURN_ON_ERROR(attach(loader));
    return eli_flash_md5(loader, address, size, out_md5);
}

/* memcmp() is three times as long. */
bool eli_is_same_md5(const uint8_t *a, const uint8_t *b)
{
    unsigned difference = 0;
    for (unsigned i = 0; i < ESP_LOADER_MD5_SIZE; i++) {
        difference |= (unsigned)a[i] ^ b[i];
    }
    return difference == 0;
}

esp_loader_error_t eli_flash_compare(esp_loader_t *loader, uint32_t address, uint32_t size,
                                     const uint8_t *expected_md5)
{
    uint8_t actual[ESP_LOADER_MD5_SIZE];
    bool is_doubtful;
    eli_sent_t sent;
    /* A mismatch is checked twice: right after a write, a busy flash or a stale cache has been seen to cause
     * one. So is a reply that may be an earlier one again; none can follow a barrier. */
    for (int look = 0; look < 2; look++) {
        RETURN_ON_ERROR(send(loader, address, size, &sent));
        RETURN_ON_ERROR(eli_md5_collect(loader, &sent, actual, &is_doubtful));
        if (!is_doubtful && eli_is_same_md5(actual, expected_md5)) {
            return ESP_LOADER_SUCCESS;
        }
        eli_request_barrier(loader);
    }
    return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_MD5, address, size);
}

esp_loader_error_t eli_flash_verify(esp_loader_t *loader, uint32_t address, uint32_t size,
                                    const uint8_t *expected_md5)
{
    RETURN_ON_ERROR(open(loader, address, size));
    return expected_md5 != NULL ? eli_flash_compare(loader, address, size, expected_md5)
                                : eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, address, size);
}

esp_loader_error_t esp_loader_flash_verify_known_md5(esp_loader_t *loader, uint32_t address, uint32_t size,
                                                     const uint8_t *expected_md5)
{
    RETURN_ON_ERROR(attach(loader));
    return eli_flash_verify(loader, address, size, expected_md5);
}
