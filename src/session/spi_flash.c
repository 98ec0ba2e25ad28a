/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flash chip of the target: attach it, identify it, set its size in the loader.
 * Source: flash identification of esptool 5.3 (user commands of the SPI peripheral); JEDEC JESD216.
 */
#include "session/chip.h"
#include "session/core.h"
#include "session/flash.h"
#include "session/limits.h"
#include "target/fields.h"

#define RDID        0x9Fu
#define SPI_CMD_USR ((uint32_t)1 << 18)

/* Geometry that SPI_SET_PARAMS wants, bytes: the same for every supported flash chip. */
#define PAGE_SIZE   0x100u
#define STATUS_MASK 0xFFFFu

/* Sets USR, USR1, USR2 (and MOSI_DLEN, MISO_DLEN), lets the command run, fetches what it brought. */
static esp_loader_error_t run(esp_loader_t *loader, const eli_target_t *target, const uint32_t *words,
                              uint32_t *out, uint32_t count)
{
    uint32_t busy;
    RETURN_ON_ERROR(
        eli_registers_write(loader, eli_spi_usr(target), words, eli_spi_has_lengths(target) ? 5 : 3));
    RETURN_ON_ERROR(eli_register_write(loader, target->spi_base, SPI_CMD_USR));
    RETURN_ON_ERROR(eli_register_read(loader, target->spi_base, &busy)); /* it takes microseconds */
    if ((busy & SPI_CMD_USR) != 0) {
        return eli_fail_for(loader, ESP_LOADER_ERROR_INVALID_RESPONSE, ESP_LOADER_ERROR_FLASH_ID,
                            target->spi_base, 0);
    }
    return eli_registers_read(loader, eli_spi_w0(target), out, count);
}

esp_loader_error_t eli_spi_command(esp_loader_t *loader, const uint32_t words[5], uint32_t *out,
                                   uint32_t count)
{
    const eli_target_t *target = eli_target(loader);
    uint32_t saved[3]; /* USR, USR1, USR2 */
    RETURN_ON_ERROR(eli_registers_read(loader, eli_spi_usr(target), saved, 3));
    esp_loader_error_t err = run(loader, target, words, out, count);
    esp_loader_error_t restored = eli_registers_write(loader, eli_spi_usr(target), saved, 3);
    return err == ESP_LOADER_SUCCESS ? restored : err;
}

esp_loader_error_t eli_spi_read(esp_loader_t *loader, uint32_t opcode, uint32_t *out, uint32_t count)
{
    const uint32_t last_bit = 32 * count - 1;
    const uint32_t words[5] = {ELI_SPI_USR_COMMAND | ELI_SPI_USR_MISO,
                               eli_spi_has_lengths(eli_target(loader)) ? 0 : last_bit << ELI_SPI_MISO_SHIFT,
                               ELI_SPI_COMMAND_8BIT | opcode, 0, last_bit};

    return eli_spi_command(loader, words, out, count);
}

/* Capacity code to bytes, 0 = unknown. Codes are powers of two from 0x12 on, with jumps at 0x20 and 0x32 for
 * parts of other families; Adesto keeps its code in the middle byte. Source: esptool 5.3
 * DETECTED_FLASH_SIZES. */
static uint32_t size_from_id(uint32_t id)
{
    uint32_t code = id >> 16;
    if ((id & 0xFF) == 0x1F) {
        code = id >> 8 & 0x1F;
        code = code >= 0x04 && code <= 0x09 ? code + 15 : 0;
    } else if (code >= 0x20 && code <= 0x22) {
        code -= 6;
    } else if (code >= 0x32 && code <= 0x3A) {
        code -= 0x20;
    }
    return code >= 0x12 && code <= 0x1C ? 1u << code : 0;
}

/* Reads the id, or the size in it. If the id has none, none is assumed: beyond the end of a flash is its
 * start. */
static esp_loader_error_t identify(esp_loader_t *loader, bool is_size_wanted, uint32_t *out)
{
    uint32_t id = 0;
    RETURN_ON_ERROR(eli_spi_read(loader, RDID, &id, 1));
    id &= 0xFFFFFF;
    bool is_possible = id - 1 < 0xFFFFFE; /* neither all zeros nor all ones */
    uint32_t value = is_size_wanted ? size_from_id(id) : id;
    if (is_possible && value != 0) {
        *out = value;
        return ESP_LOADER_SUCCESS;
    }
    return eli_fail_for(loader,
                        is_possible ? ESP_LOADER_ERROR_UNSUPPORTED_FUNC : ESP_LOADER_ERROR_INVALID_RESPONSE,
                        is_possible ? ESP_LOADER_ERROR_FLASH_SIZE : ESP_LOADER_ERROR_FLASH_ID, 0, id);
}

static esp_loader_error_t read_pads(esp_loader_t *loader, uint32_t *out_pads)
{
    *out_pads = 0;
    return eli_has(eli_target(loader), ELI_SPI_PADS_IN_EFUSE) && !loader->_is.secure_download
               ? eli_efuse_read(loader, eli_spi_pads, ELI_SPI_PADS_PARTS, out_pads)
               : ESP_LOADER_SUCCESS;
}

/* A ROM without a command for it attaches the flash when FLASH_BEGIN has a size of 0. */
static esp_loader_error_t spi_attach(esp_loader_t *loader)
{
    eli_shape_t shape = {.opcode = ELI_SPI_ATTACH, .word_count = 2};
    uint32_t words[4] = {0};
    if (ELI_KNOWS_PINS && loader->_flash_pins != 0) {
        words[0] = loader->_flash_pins;
        shape.word_count = eli_is_stub(loader) ? 1 : 2;
        return eli_tell(loader, shape, words, 0);
    }
    if (eli_is_stub(loader)) {
        return ESP_LOADER_SUCCESS; /* a stub attaches the flash at the usual pins when it starts */
    }
    if (eli_has(eli_target(loader), ELI_ROM_SPI_ATTACH)) {
        RETURN_ON_ERROR(read_pads(loader, &words[0]));
    } else {
        shape = (eli_shape_t){.opcode = ELI_FLASH_BEGIN, .word_count = 4};
        words[2] = eli_flash_block_size(loader);
    }
    return eli_tell(loader, shape, words, 0);
}

static esp_loader_error_t spi_set_params(esp_loader_t *loader, uint32_t size)
{
    const eli_shape_t shape = {.opcode = ELI_SPI_SET_PARAMS, .word_count = 6};
    const uint32_t words[] = {0 /* id */,      size,      ELI_ERASE_BLOCK_SIZE,
                              ELI_SECTOR_SIZE, PAGE_SIZE, STATUS_MASK};
    if (!eli_is_stub(loader) && !eli_has(eli_target(loader), ELI_ROM_SPI_ATTACH)) {
        return ESP_LOADER_SUCCESS; /* a ROM that has the one command has the other */
    }
    if (!ELI_BOUNDS_ERASES) {
        return eli_tell(loader, shape, words, 0);
    }
    loader->_told_flash_size = 0; /* unknown until it is acknowledged */
    RETURN_ON_ERROR(eli_tell(loader, shape, words, 0));
    loader->_told_flash_size = size;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_flash_set_end(esp_loader_t *loader, uint32_t end)
{
    return !ELI_BOUNDS_ERASES || end == loader->_told_flash_size ? ESP_LOADER_SUCCESS
                                                                 : spi_set_params(loader, end);
}

esp_loader_error_t eli_flash_attach(esp_loader_t *loader)
{
    esp_loader_stage_t stage = loader->_detail.stage;
    if (loader->_is.flash_attached) {
        return ESP_LOADER_SUCCESS;
    }
    loader->_detail.stage = ESP_LOADER_STAGE_ATTACH;
    RETURN_ON_ERROR(spi_attach(loader));
    if (loader->_flash_size == 0) {
        RETURN_ON_ERROR(identify(loader, true, &loader->_flash_size));
    }
    RETURN_ON_ERROR(spi_set_params(loader, loader->_flash_size));
    loader->_is.flash_attached = true;
    loader->_detail.stage = stage;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_flash_open_range(esp_loader_t *loader, uint32_t offset, uint32_t size)
{
    RETURN_ON_ERROR(eli_flash_check_range(loader, offset, size));
    return ELI_BOUNDS_ERASES && offset + size > loader->_told_flash_size
               ? spi_set_params(loader, loader->_flash_size)
               : ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_flash_id_enter(esp_loader_t *loader)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_ATTACH));
    RETURN_ON_ERROR(eli_refuse_secure_download(loader, 0));
    return loader->_is.flash_attached ? ESP_LOADER_SUCCESS : spi_attach(loader);
}

esp_loader_error_t esp_loader_flash_read_id(esp_loader_t *loader, uint32_t *out_id)
{
    RETURN_ON_ERROR(eli_flash_id_enter(loader));
    return identify(loader, false, out_id);
}

esp_loader_error_t esp_loader_flash_detect_size(esp_loader_t *loader, uint32_t *flash_size)
{
    RETURN_ON_ERROR(eli_flash_id_enter(loader));
    return identify(loader, true, flash_size);
}
