/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Status registers and parameters of the flash chip. A file of its own, so that a program which does not ask for
 * them does not link it. Source: data sheet of the Winbond W25Q64JV; JEDEC JESD216; esptool 5.6 (16 bits of WRSR for
 * parts without WRSR2).
 */
#include "session/chip.h"
#include "session/core.h"
#include "session/flash.h"
#include "target/target.h"

#define MAX_REGISTERS 3u
#define WREN          0x06u
#define WREN_VOLATILE 0x50u
#define WRDI          0x04u
#define WRSR          0x01u
#define RDSFDP        0x5Au
#define STATUS_BUSY   0x01u
#define BUSY_MS       2000u
#define BUSY_READS    1000u /* of a port without a clock */
#define SFDP_END      ((uint32_t)1 << 24)
#define ADDRESS_BITS  24u
#define DUMMY_BITS    8u
#define PIECE_WORDS   4u

static const uint8_t read_opcodes[MAX_REGISTERS] = {0x05, 0x35, 0x15};
static const uint8_t write_opcodes[MAX_REGISTERS] = {WRSR, 0x31, 0x11};

static esp_loader_error_t enter(esp_loader_t *loader, unsigned count)
{
    RETURN_ON_ERROR(eli_flash_id_enter(loader));
    if (count == 0 || count > MAX_REGISTERS) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, count);
    }
    return eli_flash_attach(loader);
}

/* A command that brings nothing, with up to 16 bits of data. */
static esp_loader_error_t command(esp_loader_t *loader, uint32_t opcode, uint32_t data, uint32_t bits)
{
    const eli_target_t *target = eli_target(loader);
    uint32_t words[5] = {ELI_SPI_USR_COMMAND, 0, ELI_SPI_COMMAND_8BIT | opcode, 0, 0};

    if (bits != 0) {
        words[0] |= ELI_SPI_USR_MOSI;
        words[1] = eli_spi_has_lengths(target) ? 0 : (bits - 1) << ELI_SPI_MOSI_SHIFT;
        words[3] = bits - 1;
        RETURN_ON_ERROR(eli_register_write(loader, eli_spi_w0(target), data));
    }
    return eli_spi_command(loader, words, NULL, 0);
}

static esp_loader_error_t wait_until_done(esp_loader_t *loader)
{
    const uint32_t started_ms = eli_now_ms(loader);
    uint32_t status;

    for (uint32_t reads = 0; reads < BUSY_READS && eli_now_ms(loader) - started_ms < BUSY_MS; reads++) {
        RETURN_ON_ERROR(eli_spi_read(loader, read_opcodes[0], &status, 1));
        if ((status & STATUS_BUSY) == 0) {
            return ESP_LOADER_SUCCESS;
        }
    }
    return eli_fail_here(loader, ESP_LOADER_ERROR_TIMEOUT, 0, 0);
}

static esp_loader_error_t write_enabled(esp_loader_t *loader, bool is_non_volatile, uint32_t opcode,
                                        uint32_t data, uint32_t bits)
{
    RETURN_ON_ERROR(command(loader, is_non_volatile ? WREN : WREN_VOLATILE, 0, 0));
    RETURN_ON_ERROR(command(loader, opcode, data, bits));
    return wait_until_done(loader);
}

esp_loader_error_t esp_loader_flash_read_status_registers(esp_loader_t *loader, unsigned count,
                                                          uint32_t *out_status)
{
    uint32_t status = 0;

    RETURN_ON_ERROR(enter(loader, count));
    for (unsigned i = 0; i < count; i++) {
        uint32_t word;

        RETURN_ON_ERROR(eli_spi_read(loader, read_opcodes[i], &word, 1));
        status |= (word & 0xFF) << (8 * i);
    }
    *out_status = status;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_flash_write_status_registers(esp_loader_t *loader, unsigned count,
                                                           uint32_t status, bool is_non_volatile)
{
    RETURN_ON_ERROR(enter(loader, count));
    if (count == 2) {
        RETURN_ON_ERROR(write_enabled(loader, is_non_volatile, WRSR, status & 0xFFFF, 16));
    }
    for (unsigned i = 0; i < count; i++) {
        RETURN_ON_ERROR(
            write_enabled(loader, is_non_volatile, write_opcodes[i], status >> (8 * i) & 0xFF, 8));
    }
    return command(loader, WRDI, 0, 0);
}

static esp_loader_error_t read_sfdp_piece(esp_loader_t *loader, uint32_t address, uint32_t out[PIECE_WORDS])
{
    const eli_target_t *target = eli_target(loader);
    const uint32_t word = eli_has(target, ELI_SPI_ADDRESS_IS_HIGH) ? address << (32 - ADDRESS_BITS) : address;

    RETURN_ON_ERROR(eli_register_write(loader, target->spi_base + 4, word));
    return eli_spi_read_after(loader, RDSFDP, ELI_SPI_USR_ADDRESS | ELI_SPI_USR_DUMMY,
                              (uint32_t)(ADDRESS_BITS - 1) << ELI_SPI_ADDRESS_SHIFT | (DUMMY_BITS - 1), out,
                              PIECE_WORDS);
}

esp_loader_error_t esp_loader_flash_read_sfdp(esp_loader_t *loader, uint32_t address, uint8_t *out,
                                              size_t size)
{
    uint32_t words[PIECE_WORDS];

    RETURN_ON_ERROR(enter(loader, 1));
    if (out == NULL || address >= SFDP_END || size > SFDP_END - address) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, address, (uint32_t)size);
    }
    for (size_t i = 0; i < size; i++) {
        const size_t place = i % sizeof(words);

        if (place == 0) {
            RETURN_ON_ERROR(read_sfdp_piece(loader, address + (uint32_t)i, words));
        }
        out[i] = (uint8_t)(words[place / 4] >> (place % 4 * 8));
    }
    return ESP_LOADER_SUCCESS;
}
