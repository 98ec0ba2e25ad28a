/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The SPI1 user command: phases and lengths come from USR, USR1, USR2 and the length registers, data goes
 * through W0..W15. Source: ESP32-S3 TRM, SPI controller; register use as in esptool 5.3,
 * run_spiflash_command.
 */
#include <string.h>

#include "state/model.h"

#define USR_COMMAND (1u << 31)
#define USR_ADDR    (1u << 30)
#define USR_DUMMY   (1u << 29)
#define USR_MISO    (1u << 28)
#define USR_MOSI    (1u << 27)

enum { DATA_SIZE = 64 };

typedef struct {
    uint32_t command_bits, addr_bits, dummy_bits, mosi_bits, miso_bits;
    uint8_t opcode;
    uint32_t addr;
} user_command_t;

static uint32_t spi_register(const esp_sim_t *sim, uint32_t offset)
{
    return sim_memory_read32(&sim->memory, sim->chip->spi.base + offset);
}

static user_command_t decode_user_command(const esp_sim_t *sim)
{
    const sim_spi_registers_t *spi = &sim->chip->spi;
    uint32_t usr = spi_register(sim, spi->usr);
    uint32_t usr1 = spi_register(sim, spi->usr1);
    uint32_t usr2 = spi_register(sim, spi->usr2);
    user_command_t c = {.opcode = (uint8_t)usr2};
    c.command_bits = (usr & USR_COMMAND) != 0 ? (usr2 >> 28) + 1 : 0;
    c.addr_bits = (usr & USR_ADDR) != 0 ? (usr1 >> 26) + 1 : 0;
    c.dummy_bits = (usr & USR_DUMMY) != 0 ? (usr1 & 0xFF) + 1 : 0;
    if (spi->has_dlen) {
        c.mosi_bits = (spi_register(sim, spi->mosi_dlen) & 0x3FF) + 1;
        c.miso_bits = (spi_register(sim, spi->miso_dlen) & 0x3FF) + 1;
    } else {
        c.mosi_bits = ((usr1 >> 17) & 0x1FF) + 1;
        c.miso_bits = ((usr1 >> 8) & 0x1FF) + 1;
    }
    c.mosi_bits = (usr & USR_MOSI) != 0 ? c.mosi_bits : 0;
    c.miso_bits = (usr & USR_MISO) != 0 ? c.miso_bits : 0;
    c.addr = c.addr_bits == 0 ? 0 : spi_register(sim, spi->addr);
    if (spi->is_addr_shifted && c.addr_bits > 0 && c.addr_bits < 32) {
        c.addr >>= 32 - c.addr_bits;
    }
    return c;
}

/* Reports what would not work, or work by luck, on a real part. */
static void check_user_command(esp_sim_t *sim, const user_command_t *c)
{
    if (c->command_bits != 8) {
        sim_misuse(sim, "SPI user command with %u command bits, 8 expected", (unsigned)c->command_bits);
    }
    if (c->mosi_bits > DATA_SIZE * 8 || c->miso_bits > DATA_SIZE * 8) {
        sim_misuse(sim, "SPI user command with more data than W0..W15 hold");
    }
    bool is_sfdp = c->opcode == 0x5A;
    if (is_sfdp && (c->addr_bits != 24 || c->dummy_bits != 8)) {
        sim_misuse(sim, "SFDP read with %u address and %u dummy bits, 24 and 8 expected",
                   (unsigned)c->addr_bits, (unsigned)c->dummy_bits);
    }
    if (c->opcode == 0x4B && c->addr_bits + c->dummy_bits != 32) {
        sim_misuse(sim, "unique id read after %u bits, 32 expected",
                   (unsigned)(c->addr_bits + c->dummy_bits));
    }
    if (!sim->is_flash_attached) {
        sim_misuse(sim, "SPI user command 0x%02X before SPI_ATTACH: the flash pins are not connected",
                   c->opcode);
    }
}

void sim_spi_user_execute(esp_sim_t *sim)
{
    user_command_t c = decode_user_command(sim);
    check_user_command(sim, &c);

    uint32_t w0 = sim->chip->spi.base + sim->chip->spi.w0;
    uint8_t tx[DATA_SIZE];
    uint8_t rx[DATA_SIZE];
    sim_memory_read(&sim->memory, w0, tx, sizeof(tx));
    memset(rx, 0xFF, sizeof(rx));
    size_t tx_size = c.mosi_bits / 8 < DATA_SIZE ? c.mosi_bits / 8 : (size_t)DATA_SIZE;
    size_t rx_size = (c.miso_bits + 7) / 8 < DATA_SIZE ? (c.miso_bits + 7) / 8 : (size_t)DATA_SIZE;
    if (sim->is_flash_attached && c.command_bits == 8) {
        sim_spi_transaction_t t = {c.opcode, c.addr, c.addr_bits + c.dummy_bits, tx, tx_size, rx, rx_size};
        sim_flash_command(sim, &t);
    }
    if (rx_size > 0) {
        uint8_t word[4] = {0};
        if (rx_size < sizeof(word)) {
            memcpy(word, rx, rx_size);
            sim_memory_write(&sim->memory, w0, word, sizeof(word));
        } else {
            sim_memory_write(&sim->memory, w0, rx, rx_size);
        }
    }
    sim_trace(sim, "spi: command 0x%02X, %u bits out, %u bits in", c.opcode, (unsigned)c.mosi_bits,
              (unsigned)c.miso_bits);
}
