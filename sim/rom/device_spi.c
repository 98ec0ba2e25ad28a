/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The SPI controller of the flash: commands of its own for writing, erasing and status, beside the user command
 * (chip/spi_user.c). Source: ESP-IDF, register headers of each chip (spi_mem, spi).
 */
#include <string.h>

#include "rom/code_state.h"
#include "state/model.h"

enum {
    COMMAND_USER = 1 << 18,
    PROGRAM_MAX = 64, /* W0 to W15 */
    STATUS_BUSY = 1,
    RESET_USER2 = 7 << 28, /* eight command bits */
};

static const uint32_t RESET_USER = 0x80000000; /* the command phase is on */

/* What the controller sends by itself, by bit of the command register. */
typedef struct {
    uint8_t bit, opcode;
    bool has_address;
} command_t;

static const command_t COMMANDS[] = {
    {30, 0x06, false}, /* write enable */
    {29, 0x04, false}, /* write disable */
    {28, 0x9F, false}, /* read the part's id */
    {27, 0x05, false}, /* read status */
    {26, 0x01, false}, /* write status */
    {25, 0x02, true},  /* program */
    {24, 0x20, true},  /* erase a sector */
    {23, 0xD8, true},  /* erase a block */
    {22, 0xC7, false}, /* erase the chip */
    {21, 0xB9, false}, /* power down */
    {20, 0xAB, false}, /* release */
};

void sim_code_spi_reset(sim_code_t *code)
{
    const sim_spi_registers_t *spi = &code->sim->chip->spi;
    sim_memory_write32(&code->sim->memory, spi->base + spi->usr, RESET_USER);
    sim_memory_write32(&code->sim->memory, spi->base + spi->usr2, RESET_USER2);
}

/* The code asks whether the flash is ready: when it is not, the answer of all further questions is known until it is. */
static void skip_busy_time(sim_code_t *code, uint8_t status)
{
    if ((status & STATUS_BUSY) != 0) {
        code->wait_until_ns = code->sim->flash.busy_until_ns;
        sim_code_break(code);
    }
}

static void execute(sim_code_t *code, const command_t *command)
{
    esp_sim_t *sim = code->sim;
    const sim_spi_registers_t *spi = &sim->chip->spi;
    uint32_t address = sim_code_kept(code, spi->base + spi->addr);
    uint32_t status_at = spi->base + spi->status;
    uint8_t tx[PROGRAM_MAX], rx[4] = {0xFF, 0xFF, 0xFF}; /* what it reads when no part answers */
    sim_spi_transaction_t transaction = {command->opcode, 0, command->has_address ? 24 : 0, tx, 0, rx, 0};
    if (command->has_address) {
        transaction.addr = address & 0xFFFFFF;
    }
    if (command->opcode == 0x02) {
        transaction.tx_size = address >> 24 < PROGRAM_MAX ? address >> 24 : (size_t)PROGRAM_MAX;
        sim_memory_read(&sim->memory, spi->base + spi->w0, tx, transaction.tx_size);
    } else if (command->opcode == 0x01) {
        transaction.tx_size = 1;
        tx[0] = (uint8_t)sim_code_kept(code, status_at);
    } else if (command->opcode == 0x05) {
        transaction.rx_size = 1;
    } else if (command->opcode == 0x9F) {
        transaction.rx_size = 3;
    }
    sim_flash_command(sim, &transaction);
    if (command->opcode == 0x9F) {
        sim_memory_write(&sim->memory, spi->base + spi->w0, rx, sizeof(rx));
    }
    if (command->opcode == 0x05) {
        sim_memory_write32(&sim->memory, status_at, rx[0]);
        skip_busy_time(code, rx[0]);
    } else if (command->opcode == 0x9F) {
        sim_memory_write32(&sim->memory, spi->base + spi->w0, sim_get32(rx));
    }
}

bool sim_code_spi_store(sim_code_t *code, uint32_t offset, uint32_t value)
{
    const sim_spi_registers_t *spi = &code->sim->chip->spi;
    if (offset != spi->cmd) {
        return false;
    }
    sim_code_active(code);
    sim_code_sync(code);
    for (size_t i = 0; i < sizeof(COMMANDS) / sizeof(COMMANDS[0]); i++) {
        if ((value >> COMMANDS[i].bit & 1) != 0) {
            execute(code, &COMMANDS[i]);
        }
    }
    if ((value & COMMAND_USER) != 0) {
        sim_spi_user_execute(code->sim);
        bool is_status = (sim_code_kept(code, spi->base + spi->usr2) & 0xFF) == 0x05;
        if (is_status) {
            skip_busy_time(code, (uint8_t)sim_code_kept(code, spi->base + spi->w0));
        }
    }
    return true; /* the register reads 0: done */
}
