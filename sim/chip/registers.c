/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * eFuse words, straps and ROM variables are put into plain storage at reset; only registers with behaviour
 * are intercepted. Addresses: chip_table.c.
 */
#include "chip/registers.h"

#include "state/model.h"

enum { MAGIC_ADDR = 0x40001000, SPI_CMD_USR = 1 << 18 };

static void scatter_bits(esp_sim_t *sim, const sim_bits_t *parts, size_t count, uint32_t value)
{
    for (size_t i = 0; i < count && parts[i].mask != 0; i++) {
        uint32_t word = sim_memory_read32(&sim->memory, parts[i].addr);
        word &= ~(parts[i].mask << parts[i].shift);
        word |= ((value >> parts[i].value_shift) & parts[i].mask) << parts[i].shift;
        sim_memory_write32(&sim->memory, parts[i].addr, word);
    }
}

/* Parts of the first two makers say by one byte whose they are, later ones carry the maker's bytes. */
static void write_mac_with_oui(esp_sim_t *sim)
{
    const sim_chip_t *chip = sim->chip;
    const uint8_t *mac = sim->config.mac;
    uint32_t oui = (uint32_t)mac[0] << 16 | (uint32_t)mac[1] << 8 | mac[2];
    uint32_t maker = oui == 0xACD074 ? 1 : 0;
    bool is_coded = oui == 0xACD074 || oui == 0x18FE34;
    sim_memory_write32(&sim->memory, chip->mac_low_addr, (uint32_t)mac[5] << 24);
    sim_memory_write32(&sim->memory, chip->mac_high_addr, maker << 16 | (uint32_t)mac[3] << 8 | mac[4]);
    sim_memory_write32(&sim->memory, chip->mac_oui_addr, is_coded ? 0 : oui);
}

static void write_identity(esp_sim_t *sim)
{
    const sim_chip_t *chip = sim->chip;
    const uint8_t *mac = sim->config.mac;
    if (chip->mac_oui_addr != 0) {
        write_mac_with_oui(sim);
    } else if (chip->mac_low_addr != 0) {
        sim_memory_write32(&sim->memory, chip->mac_high_addr, (uint32_t)mac[0] << 8 | mac[1]);
        sim_memory_write32(&sim->memory, chip->mac_low_addr,
                           (uint32_t)mac[2] << 24 | (uint32_t)mac[3] << 16 | (uint32_t)mac[4] << 8 | mac[5]);
    }
    size_t minor_parts = sizeof(chip->minor_revision) / sizeof(chip->minor_revision[0]);
    size_t major_parts = sizeof(chip->major_revision) / sizeof(chip->major_revision[0]);
    scatter_bits(sim, chip->minor_revision, minor_parts, sim->config.chip_revision % 100);
    uint32_t major = sim->config.chip_revision / 100;
    scatter_bits(sim, chip->major_revision, major_parts, chip->is_major_unary ? (1u << major) - 1 : major);
    sim_memory_write32(&sim->memory, MAGIC_ADDR, chip->magic);
    const sim_spi_download_t *spi = sim_spi_download_find(chip->name);
    if (spi != NULL) {
        sim_memory_write32(&sim->memory, spi->id_addr, chip->image_chip_id);
    }
    sim_crystal_reset(sim);
    sim_efuse_reset(sim);
    if (chip->uart_number_addr != 0 && sim_wiring_is_usb(sim->config.wiring)) {
        bool is_otg = sim->config.wiring == ESP_SIM_WIRING_OTG;
        sim_memory_write(&sim->memory, chip->uart_number_addr,
                         is_otg ? &chip->uart_number_otg : &chip->uart_number_usj, 1);
    }
}

void sim_registers_reset(esp_sim_t *sim, sim_reset_t cause)
{
    if (!sim_reset_is_of_core(cause)) {
        /* The force-download flag sits in the RTC domain: it survives what is not a power-up or EN. */
        uint32_t force = sim_memory_read32(&sim->memory, sim->chip->force_download_addr);
        bool is_kept = cause == SIM_RESET_RTC_WDT || cause == SIM_RESET_SWD;
        sim_memory_free(&sim->memory);
        write_identity(sim);
        if (is_kept && sim->chip->force_download_addr != 0) {
            sim_memory_write32(&sim->memory, sim->chip->force_download_addr, force);
        }
    }
    sim_pieces_reset(sim);
    sim_flash_power_reset(sim, cause);
    sim_watchdog_reset(sim, cause);
}

void sim_registers_set_strap(esp_sim_t *sim, bool is_boot_low)
{
    const sim_chip_t *chip = sim->chip;
    if (chip->strap_addr != 0) {
        uint32_t strap = is_boot_low ? chip->strap_run & ~chip->strap_boot_mask : chip->strap_run;
        if (is_boot_low && sim->config.wiring == ESP_SIM_WIRING_SPI) {
            strap = sim_spi_download_find(chip->name)->strap;
        }
        sim_memory_write32(&sim->memory, chip->strap_addr, strap);
    }
}

bool sim_registers_read_crashes(const esp_sim_t *sim, uint32_t addr)
{
    uint32_t from = sim->chip->magic_crashes_from;
    bool is_late = from != 0 && sim->config.chip_revision >= from;
    return addr == MAGIC_ADDR && (is_late || sim->chip->magic_is_elsewhere);
}

uint32_t sim_registers_read(const esp_sim_t *sim, uint32_t addr)
{
    return sim_memory_read32(&sim->memory, addr);
}

void sim_registers_write(esp_sim_t *sim, uint32_t addr, uint32_t value)
{
    const sim_spi_registers_t *spi = &sim->chip->spi;
    if (addr == spi->base + spi->cmd) {
        if ((value & SPI_CMD_USR) != 0) {
            sim_spi_user_execute(sim);
        }
        return; /* the command is over before the next READ_REG: the bit reads as 0 */
    }
    if (!sim_watchdog_write(sim, addr, value) && !sim_efuse_write(sim, addr, value)) {
        sim_memory_write32(&sim->memory, addr, value);
    }
}
