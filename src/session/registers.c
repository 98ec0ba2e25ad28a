/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Registers of the target.
 */
#include "common/bytes.h"
#include "session/chip.h"
#include "session/core.h"

#define ALL_BITS         0xFFFFFFFFu
#define WRITE_ENTRY_SIZE 16u /* address, value, mask, delay */
#define WRITE_SHAPE      ((eli_shape_t){ELI_WRITE_REG, 4, 1, 0, 0})

esp_loader_error_t eli_register_read(esp_loader_t *loader, uint32_t address, uint32_t *out_value)
{
    uint32_t sent_ms = ELI_KNOWS_NETWORKS ? eli_now_ms(loader) : 0;
    eli_reply_t reply;
    RETURN_ON_ERROR(eli_ask(loader, (eli_shape_t){ELI_READ_REG, 1, 1, 0, 0}, &address, &reply));
    if (ELI_KNOWS_NETWORKS) {
        uint32_t limit_ms = eli_now_ms(loader) - sent_ms + 1;
        uint32_t known_ms = loader->_round_trip_limit_ms;
        if (limit_ms < (known_ms != 0 ? known_ms : ELI_LATEST_ANSWER_MS)) {
            loader->_round_trip_limit_ms = limit_ms;
        }
    }
    *out_value = reply.value;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_registers_read(esp_loader_t *loader, uint32_t address, uint32_t *out, size_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        RETURN_ON_ERROR(eli_register_read(loader, address + 4 * i, &out[i]));
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_register_change(esp_loader_t *loader, uint32_t address, uint32_t value, uint32_t mask)
{
    const uint32_t words[] = {address, value, mask, 0 /* delay, us */};
    return eli_tell(loader, WRITE_SHAPE, words, 0);
}

esp_loader_error_t eli_register_write(esp_loader_t *loader, uint32_t address, uint32_t value)
{
    return eli_register_change(loader, address, value, ALL_BITS);
}

/* Does a stub get several entries in one command, as it takes them? Not in a build for little memory. */
#ifdef ESP_LOADER_SMALL
#define WRITES_AT_ONCE false
#else
#define WRITES_AT_ONCE true
#endif

static esp_loader_error_t write_at_once(esp_loader_t *loader, uint32_t address, const uint32_t *values,
                                        size_t count)
{
    uint8_t entries[ELI_REGISTERS_MAX][WRITE_ENTRY_SIZE] = {0};
    const eli_command_t command = {.shape = {.opcode = ELI_WRITE_REG, .address_word = 1},
                                   .words = &address,
                                   .payload = entries[0],
                                   .payload_size = (uint16_t)(count * WRITE_ENTRY_SIZE)};
    for (uint32_t i = 0; i < count; i++) {
        eli_put_u32(entries[i], address + 4 * i);
        eli_put_u32(entries[i] + 4, values[i]);
        eli_put_u32(entries[i] + 8, ALL_BITS);
    }
    eli_reply_t unused;
    return eli_transact(loader, &command, &unused);
}

esp_loader_error_t eli_registers_write(esp_loader_t *loader, uint32_t address, const uint32_t *values,
                                       size_t count)
{
    if (WRITES_AT_ONCE && eli_is_stub(loader)) {
        return write_at_once(loader, address, values, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        RETURN_ON_ERROR(eli_register_write(loader, address + 4 * i, values[i]));
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_register_enter(esp_loader_t *loader, uint32_t address)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_REGISTER));
    RETURN_ON_ERROR(eli_refuse_secure_download(loader, address));
    if (address % 4 != 0) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, address, 0);
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_read_register(esp_loader_t *loader, uint32_t address, uint32_t *value)
{
    RETURN_ON_ERROR(eli_register_enter(loader, address));
    return eli_register_read(loader, address, value);
}

esp_loader_error_t esp_loader_write_register(esp_loader_t *loader, uint32_t address, uint32_t value)
{
    RETURN_ON_ERROR(eli_register_enter(loader, address));
    return eli_register_write(loader, address, value);
}
