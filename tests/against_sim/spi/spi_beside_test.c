/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The model of a ROM as an SPI slave beside the ROM that EL_ROM names: the same frames to both, right and wrong ones. Replies
 * and statuses are the same.
 */
#include <string.h>

#include "spi_bench.h"

enum { VERSION = 0, INPUT = 4, OUTPUT = 8, MAILBOX = 12, SETTLE_US = 400, REPLY_SIZE = 12 };

static void transfer(esp_sim_t *sim, uint8_t command, uint8_t address, const uint8_t *out, uint8_t *in,
                     size_t size)
{
    const uint8_t preamble[] = {command, address, 0};
    esp_sim_spi_select(sim, true);
    esp_sim_spi_transfer(sim, preamble, NULL, sizeof(preamble));
    esp_sim_spi_transfer(sim, out, in, size);
    esp_sim_spi_select(sim, false);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + SETTLE_US);
}

static uint32_t read_register(esp_sim_t *sim, uint8_t address)
{
    uint8_t bytes[4];
    transfer(sim, 0x02, address, NULL, bytes, sizeof(bytes));
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

typedef struct {
    esp_sim_t *model, *rom;
} pair_t;

static void assert_same_registers(const pair_t *pair)
{
    for (uint8_t address = VERSION; address <= MAILBOX; address += 4) {
        assert_int_equal(read_register(pair->model, address), read_register(pair->rom, address));
    }
}

static void do_transfer(const pair_t *pair, uint8_t command, uint8_t address, const uint8_t *out, size_t size)
{
    transfer(pair->model, command, address, out, NULL, size);
    transfer(pair->rom, command, address, out, NULL, size);
    assert_same_registers(pair);
}

static void exchange(const pair_t *pair, const uint8_t *frame, size_t size)
{
    uint8_t of_model[REPLY_SIZE], of_rom[REPLY_SIZE];
    do_transfer(pair, 0x03, 0, frame, size);
    do_transfer(pair, 0x07, 0, NULL, 0);
    assert_int_equal(read_register(pair->model, OUTPUT) >> 2, REPLY_SIZE);
    transfer(pair->model, 0x04, 0, NULL, of_model, REPLY_SIZE);
    transfer(pair->rom, 0x04, 0, NULL, of_rom, REPLY_SIZE);
    assert_memory_equal(of_model, of_rom, REPLY_SIZE);
    assert_same_registers(pair);
    do_transfer(pair, 0x08, 0, NULL, 0);
}

static esp_sim_t *make(const char *rom_elf)
{
    char error[200] = "";
    const esp_sim_config_t config = {.chip = spi_chip(0)->name,
                                     .wiring = ESP_SIM_WIRING_SPI,
                                     .timing = ESP_SIM_TIMING_FAST,
                                     .as_rom = true,
                                     .rom_elf = rom_elf};
    esp_sim_t *sim = esp_sim_new(&config, error, sizeof(error));
    assert_string_equal(error, "");
    esp_sim_reset_button(sim, true);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + 50000);
    return sim;
}

static void put32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

TEST(replies_and_statuses_are_those_of_the_rom)
{
    static const uint8_t ready[4] = {0xA5};
    const uint32_t ram = spi_chip(0)->ram;
    const pair_t pair = {make(NULL), make(spi_rom_file())};
    uint8_t begin[24] = {0, 0x05, 16, 0, 0, 0, 0, 0, 16, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0};
    uint8_t data[32] = {0, 0x07, 24, 0, 0xEF ^ 8, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0};
    uint8_t write[24] = {0, 0x09, 16, 0, 0, 0, 0, 0};
    uint8_t read[12] = {0, 0x0A, 4, 0};
    uint8_t end[16] = {0, 0x06, 8, 0, 0, 0, 0, 0, 1};
    assert_same_registers(&pair);
    do_transfer(&pair, 0x01, MAILBOX, ready, sizeof(ready));

    put32(write + 8, ram);
    put32(write + 12, 0x12345678);
    put32(write + 16, UINT32_MAX);
    put32(read + 8, ram);
    exchange(&pair, read, sizeof(read));
    exchange(&pair, write, sizeof(write));
    exchange(&pair, read, sizeof(read));

    for (unsigned opcode = 0; opcode <= 0x16; opcode++) { /* not served */
        const uint8_t frame[8] = {0, (uint8_t)opcode};
        if (opcode < 0x05 || opcode > 0x0A || opcode == 0x08) {
            exchange(&pair, frame, sizeof(frame));
        }
    }
    read[0] = 1; /* the direction of a reply */
    exchange(&pair, read, sizeof(read));
    read[0] = 0;
    exchange(&pair, read, sizeof(read)); /* succeeds, and carries the reason of the refusal before */

    put32(begin + 20, ram);
    put32(begin + 16, 0x1804);
    exchange(&pair, begin, sizeof(begin));
    put32(begin + 16, 8);
    exchange(&pair, begin, sizeof(begin));
    for (uint8_t i = 0; i < 8; i++) {
        data[24 + i] = i + 1;
    }
    data[4] ^= 1; /* checksum: the number is counted */
    exchange(&pair, data, sizeof(data));
    data[4] ^= 1;
    exchange(&pair, data, sizeof(data));
    data[12] = 1;
    exchange(&pair, data, sizeof(data));
    data[12] = 3; /* not the next one */
    exchange(&pair, data, sizeof(data));
    data[12] = 2;
    exchange(&pair, data, sizeof(data));
    exchange(&pair, end, sizeof(end));
    exchange(&pair, read, sizeof(read));
    esp_sim_free(pair.model);
    esp_sim_free(pair.rom);
}
