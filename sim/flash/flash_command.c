/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flash part's command set as seen on the SPI bus, for hosts that drive the bus through the chip's SPI
 * registers. Source: Winbond W25Q64JV data sheet (commands), JEDEC JESD216 (SFDP).
 */
#include <string.h>

#include "flash/flash.h"
#include "state/model.h"

enum {
    STATUS_BUSY = 0x01,
    STATUS_WRITE_ENABLED = 0x02,
    SFDP_TABLE_OFF = 0x30,
    SFDP_SIZE = SFDP_TABLE_OFF + 9 * 4,
};

/* A JESD216 header with one basic parameter table: density, 4 KiB and 64 KiB erase. */
static void read_sfdp(const sim_flash_t *flash, uint32_t addr, uint8_t *out, size_t size)
{
    uint8_t sfdp[SFDP_SIZE];
    memset(sfdp, 0xFF, sizeof(sfdp));
    memcpy(sfdp, "SFDP", 4);
    sfdp[4] = 6; /* revision 1.6, one parameter header */
    sfdp[5] = 1;
    sfdp[6] = 0;
    sfdp[8] = 0; /* basic table, revision 1.6, nine words */
    sfdp[9] = 6;
    sfdp[10] = 1;
    sfdp[11] = 9;
    sfdp[12] = SFDP_TABLE_OFF;
    sfdp[13] = 0;
    sfdp[14] = 0;
    memset(&sfdp[SFDP_TABLE_OFF], 0, 9 * 4);
    sim_put32(&sfdp[SFDP_TABLE_OFF], 0xFFF120E5);                /* 4 KiB erase by 0x20, 3-byte addresses */
    sim_put32(&sfdp[SFDP_TABLE_OFF + 4], flash->size * 8u - 1u); /* density in bits; 32 bits hold 512 MiB */
    sim_put32(&sfdp[SFDP_TABLE_OFF + 7 * 4], 0xD810200C);        /* 2^12 by 0x20, 2^16 by 0xD8 */
    for (size_t i = 0; i < size; i++) {
        out[i] = addr + i < SFDP_SIZE ? sfdp[addr + i] : 0xFF;
    }
}

static void start_erase(esp_sim_t *sim, uint32_t addr, sim_erase_t unit)
{
    if (sim->flash.is_write_enabled) {
        sim->flash.busy_until_ns = sim->clock.now_ns + sim_flash_erase_ns(sim, unit);
        sim_flash_erase(sim, addr, unit);
        sim->flash.is_write_enabled = false;
    }
}

static void start_program(esp_sim_t *sim, uint32_t addr, const uint8_t *data, size_t size)
{
    if (sim->flash.is_write_enabled && size > 0) {
        sim->flash.busy_until_ns = sim->clock.now_ns + sim_flash_program_ns(sim, size);
        sim_flash_program(sim, addr, data, size);
        sim->flash.is_write_enabled = false;
    }
}

static void write_status(sim_flash_t *flash, size_t first, const uint8_t *data, size_t size)
{
    if (!flash->is_write_enabled) {
        return;
    }
    for (size_t i = 0; i < size && first + i < sizeof(flash->status); i++) {
        flash->status[first + i] = data[i];
    }
    flash->status[0] &= (uint8_t) ~(STATUS_BUSY | STATUS_WRITE_ENABLED);
    flash->is_write_enabled = false;
}

static void fill(const sim_spi_transaction_t *t, uint8_t value)
{
    memset(t->rx, value, t->rx_size);
}

static void read_identity(esp_sim_t *sim, const sim_spi_transaction_t *t)
{
    if (t->opcode == 0x9F) {
        for (size_t i = 0; i < t->rx_size && i < 3; i++) {
            t->rx[i] = (uint8_t)(sim->flash.jedec_id >> (8 * i));
        }
        return;
    }
    /* 0x4B, after four dummy bytes: a unique id made from the MAC address. GigaDevice has twice as much,
     * Macronix has none. */
    const uint32_t vendor = sim->flash.jedec_id & 0xFF;
    const size_t size = vendor == 0xC2 || t->skipped_bits != 32 ? 0 : vendor == 0xC8 ? 16 : 8;
    for (size_t i = 0; i < t->rx_size && i < size; i++) {
        t->rx[i] = i % 8 < 2 ? (uint8_t)(0xE5 + i / 8) : sim->config.mac[i % 8 - 2];
    }
}

static void count(esp_sim_stats_t *stats, uint8_t opcode)
{
    stats->spi_commands++;
    stats->spi_polls += opcode == 0x05 ? 1 : 0;
    stats->spi_reads += opcode == 0x03 || opcode == 0x0B || opcode == 0x13 || opcode == 0x0C ? 1 : 0;
    stats->spi_programs += opcode == 0x02 || opcode == 0x12 ? 1 : 0;
}

void sim_flash_command(esp_sim_t *sim, const sim_spi_transaction_t *t)
{
    sim_flash_t *flash = &sim->flash;
    count(&sim->stats, t->opcode);
    if (!flash->is_present) {
        return;
    }
    bool is_busy = sim->clock.now_ns < flash->busy_until_ns;
    if (t->opcode == 0x05) {
        fill(t, (uint8_t)(flash->status[0] | (is_busy ? STATUS_BUSY : 0) |
                          (flash->is_write_enabled ? STATUS_WRITE_ENABLED : 0)));
        return;
    }
    if (is_busy || (flash->is_powered_down && t->opcode != 0xAB)) {
        return; /* ignored by the part */
    }
    bool was_reset_enabled = flash->is_reset_enabled;
    flash->is_reset_enabled = false;
    switch (t->opcode) {
    case 0x06: /* write enable; 0x50 the same for the status registers */
    case 0x50:
        flash->is_write_enabled = true;
        break;
    case 0x04:
        flash->is_write_enabled = false;
        break;
    case 0x35:
        fill(t, flash->status[1]);
        break;
    case 0x15:
        fill(t, flash->status[2]);
        break;
    case 0x01:
        write_status(flash, 0, t->tx, t->tx_size);
        break;
    case 0x31:
        write_status(flash, 1, t->tx, t->tx_size);
        break;
    case 0x11:
        write_status(flash, 2, t->tx, t->tx_size);
        break;
    case 0x9F:
    case 0x4B:
        read_identity(sim, t);
        break;
    case 0x5A:
        read_sfdp(flash, t->addr, t->rx, t->rx_size);
        break;
    case 0x03: /* 0x13, 0x0C, 0x12, 0x21, 0xDC: the same with an address of four bytes */
    case 0x0B:
    case 0x13:
    case 0x0C:
        sim_flash_read(sim, t->addr, t->rx, t->rx_size);
        break;
    case 0x02:
    case 0x12:
        start_program(sim, t->addr, t->tx, t->tx_size);
        break;
    case 0x20:
    case 0x21:
        start_erase(sim, t->addr, SIM_ERASE_SECTOR);
        break;
    case 0xD8:
    case 0xDC:
        start_erase(sim, t->addr, SIM_ERASE_BLOCK);
        break;
    case 0x60:
    case 0xC7:
        start_erase(sim, 0, SIM_ERASE_CHIP);
        break;
    case 0xB9:
        flash->is_powered_down = true;
        break;
    case 0xAB: /* release; with data phase the device id, one below the capacity code */
        flash->is_powered_down = false;
        fill(t, (uint8_t)((flash->jedec_id >> 16) - 1));
        break;
    case 0x66:
        flash->is_reset_enabled = true;
        break;
    case 0x99:
        if (was_reset_enabled) {
            flash->is_write_enabled = false;
        }
        break;
    default: /* an unknown command is ignored by the part */
        break;
    }
}
