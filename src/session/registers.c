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

esp_loader_error_t eli_register_read(esp_loader_t *loader, uint32_t address, uint32_t *out_value)
{
    const eli_command_t command = {.opcode = ELI_READ_REG, .words = {address}, .word_count = 1};
    uint32_t sent_ms = eli_now_ms(loader);
    eli_reply_t reply;
    RETURN_ON_ERROR(eli_transact(loader, &command, address, &reply));
    uint32_t limit_ms = eli_now_ms(loader) - sent_ms + 1;
    uint32_t known_ms = loader->_round_trip_limit_ms;
    if (limit_ms < (known_ms != 0 ? known_ms : ELI_LATEST_ANSWER_MS)) {
        loader->_round_trip_limit_ms = limit_ms;
    }
    *out_value = reply.value;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_register_change(esp_loader_t *loader, uint32_t address, uint32_t value, uint32_t mask)
{
    const eli_command_t command = {
        .opcode = ELI_WRITE_REG, .words = {address, value, mask, 0 /* delay, us */}, .word_count = 4};
    return eli_transact(loader, &command, address, NULL);
}

esp_loader_error_t eli_register_write(esp_loader_t *loader, uint32_t address, uint32_t value)
{
    return eli_register_change(loader, address, value, ALL_BITS);
}

/* A stub takes several entries in one command. */
static esp_loader_error_t write_at_once(esp_loader_t *loader, uint32_t address, const uint32_t *values,
                                        size_t count)
{
    uint8_t entries[ELI_REGISTERS_MAX][WRITE_ENTRY_SIZE] = {0};
    const eli_command_t command = {
        .opcode = ELI_WRITE_REG, .payload = entries[0], .payload_size = (uint16_t)(count * WRITE_ENTRY_SIZE)};
    for (uint32_t i = 0; i < count; i++) {
        eli_put_u32(entries[i], address + 4 * i);
        eli_put_u32(entries[i] + 4, values[i]);
        eli_put_u32(entries[i] + 8, ALL_BITS);
    }
    return eli_transact(loader, &command, address, NULL);
}

esp_loader_error_t eli_registers_write(esp_loader_t *loader, uint32_t address, const uint32_t *values,
                                       size_t count)
{
    if (eli_is_stub(loader)) {
        return write_at_once(loader, address, values, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        RETURN_ON_ERROR(eli_register_change(loader, address + 4 * i, values[i], ALL_BITS));
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
