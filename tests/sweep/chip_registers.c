/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The target's registers: storage that reads 0 until it is written, but for the word that names the older
 * chips and the SPI controller, through which a host asks the flash chip for its identification. Source of
 * the addresses: esptool 5.3, target classes.
 */
#include "chip.h"

enum { MAGIC_ADDRESS = 0x40001000, SPI_START = 1 << 18, READ_ID = 0x9F };

typedef struct {
    uint32_t magic;
    uint32_t spi;
    uint32_t usr2; /* the opcode is in its low byte */
    uint32_t w0;
} map_t;

static const map_t maps[] = {
    [CHIP_ESP32] = {0x00F01D83, 0x3FF42000, 0x24, 0x80},
    [CHIP_ESP32S2] = {0x000007C6, 0x3F402000, 0x20, 0x58},
    [CHIP_ESP32C3] = {0, 0x60002000, 0x20, 0x58},
};

static void store(chip_t *chip, uint32_t address, uint32_t value)
{
    unsigned i = 0;
    while (i < chip->register_count && chip->registers[i].address != address) {
        i++;
    }
    if (i == REGISTERS) {
        return; /* nothing reads back that many */
    }
    chip->register_count = i == chip->register_count ? i + 1 : chip->register_count;
    chip->registers[i].address = address;
    chip->registers[i].value = value;
}

uint32_t register_read(const chip_t *chip, uint32_t address)
{
    if (address == MAGIC_ADDRESS) {
        return maps[chip->model].magic;
    }
    if (address - ANSWERING_REGISTERS < 64) {
        return ~address;
    }
    for (unsigned i = 0; i < chip->register_count; i++) {
        if (chip->registers[i].address == address) {
            return chip->registers[i].value;
        }
    }
    return 0;
}

static void register_write(chip_t *chip, uint32_t address, uint32_t value)
{
    const map_t *map = &maps[chip->model];
    if (address != map->spi) {
        store(chip, address, value);
    } else if ((value & SPI_START) != 0) { /* done at once: the register reads 0 */
        bool is_id = (register_read(chip, map->spi + map->usr2) & 0xFF) == READ_ID;
        store(chip, map->spi + map->w0, is_id ? FLASH_ID : 0);
    }
}

void registers_write(chip_t *chip, const request_t *request)
{
    for (unsigned i = 0; i == 0 || 16 * (i + 1) <= request->size; i++) {
        uint32_t address = word(request, 4 * i);
        uint32_t mask = word(request, 4 * i + 2);
        uint32_t old = mask == UINT32_MAX ? 0 : register_read(chip, address);
        register_write(chip, address, (word(request, 4 * i + 1) & mask) | (old & ~mask));
    }
}
