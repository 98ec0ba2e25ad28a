/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which device an address belongs to. A device sees whole words: a store of less takes the rest from what is there.
 */
#include <string.h>

#include "rom/code_state.h"
#include "state/model.h"

enum {
    DEVICE_SIZE = 0x1000,
    SYSTIMER_OPERATION = 0x04, /* of units 0 and 1 */
    SYSTIMER_VALUE = 0x40,     /* high and low word of each */
    SYSTIMER_VALID = 1 << 29,
    SYSTIMER_MHZ = 16,
};

static bool systimer_load(sim_code_t *code, uint32_t offset, uint32_t *value)
{
    sim_code_sync(code);
    uint64_t ticks = code->sim->clock.now_ns * SYSTIMER_MHZ / 1000;
    switch (offset) {
    case SYSTIMER_OPERATION:
    case SYSTIMER_OPERATION + 4:
        *value = SYSTIMER_VALID;
        return true;
    case SYSTIMER_VALUE:
    case SYSTIMER_VALUE + 8:
        *value = (uint32_t)(ticks >> 32);
        return true;
    case SYSTIMER_VALUE + 4:
    case SYSTIMER_VALUE + 12:
        *value = (uint32_t)ticks;
        return true;
    default:
        return false;
    }
}

static bool is_in(uint32_t address, uint32_t base)
{
    return base != 0 && address - base < DEVICE_SIZE;
}

/* The address by which this file knows a register. */
static uint32_t first_address(const sim_code_t *code, uint32_t address)
{
    const sim_code_chip_t *chip = code->chip;
    return address - chip->mirror < chip->mirror_size ? address - chip->mirror + chip->mirror_of : address;
}

/* The word at an address that is a multiple of 4; false: nothing answers there. */
static bool load_word(sim_code_t *code, uint32_t address, uint32_t *value)
{
    const sim_code_chip_t *chip = code->chip;
    if (is_in(address, chip->uart) && sim_code_uart_load(code, address - chip->uart, value)) {
        return true;
    }
    if (is_in(address, chip->usj) && sim_code_usj_load(code, address - chip->usj, value)) {
        return true;
    }
    if (is_in(address, chip->slc.base) && sim_code_slc_load(code, address - chip->slc.base, value)) {
        return true;
    }
    if (is_in(address, chip->systimer) && systimer_load(code, address - chip->systimer, value)) {
        return true;
    }
    return sim_code_slave_load(code, address, value) || sim_code_register_load(code, address, value);
}

static bool store_word(sim_code_t *code, uint32_t address, uint32_t value)
{
    const sim_code_chip_t *chip = code->chip;
    uint32_t spi = code->sim->chip->spi.base;
    if (is_in(address, chip->uart) && sim_code_uart_store(code, address - chip->uart, value)) {
        return true;
    }
    if (is_in(address, chip->usj) && sim_code_usj_store(code, address - chip->usj, value)) {
        return true;
    }
    if (is_in(address, chip->slc.base) && sim_code_slc_store(code, address - chip->slc.base, value)) {
        return true;
    }
    if (is_in(address, spi) && sim_code_spi_store(code, address - spi, value)) {
        return true;
    }
    if (sim_code_slave_store(code, address, value)) {
        return true;
    }
    if (is_in(address, chip->sha) && sim_code_sha_store(code, address - chip->sha)) {
        return true;
    }
    if (sim_code_watchdog_store(code, address, value)) {
        return true;
    }
    if (address == chip->software_reset && (value & chip->software_reset_bits) != 0) {
        code->wants_reset = true;
        sim_code_break(code);
        return true;
    }
    if (!sim_code_register_store(code, address, value)) {
        return false;
    }
    sim_code_controller_store(code, address, value);
    sim_code_mmu_store(code, address, value);
    if (address == chip->uart_line || address == chip->usj_line || address == chip->slave.line ||
        address == chip->slc.line) {
        sim_code_update_lines(code, 1);
    }
    return true;
}

static bool device_load(void *ctx, uint32_t address, unsigned size, uint32_t *value)
{
    uint32_t word = 0;
    address = first_address(ctx, address);
    if (!load_word(ctx, address & ~3u, &word)) {
        return false;
    }
    word >>= 8 * (address & 3);
    *value = size == 4 ? word : word & ((1u << (8 * size)) - 1);
    return true;
}

static bool device_store(void *ctx, uint32_t address, unsigned size, uint32_t value)
{
    address = first_address(ctx, address);
    if (size == 4) {
        return store_word(ctx, address & ~3u, value);
    }
    unsigned shift = 8 * (address & 3);
    uint32_t mask = ((1u << (8 * size)) - 1) << shift;
    uint32_t word = sim_code_kept(ctx, address & ~3u);
    return store_word(ctx, address & ~3u, (word & ~mask) | (value << shift & mask));
}

const sim_bus_device_t sim_code_devices = {device_load, device_store, NULL};

void sim_code_reset_devices(sim_code_t *code)
{
    esp_sim_t *sim = code->sim;
    const sim_chip_t *chip = sim->chip;
    uint32_t strap = chip->strap_run;
    memset(&code->uart, 0, sizeof(code->uart));
    memset(&code->usj, 0, sizeof(code->usj));
    sim_code_slc_reset(code);
    sim_code_spi_reset(code);
    sim_code_mmu_reset(code);
    sim_code_slave_start(code);
    sim_code_watchdog_reset(code);
    if (sim->board.is_download_next) { /* by the pin, or by what makes the chip take it for low */
        strap &= ~chip->strap_boot_mask;
        if (sim->config.wiring == ESP_SIM_WIRING_SPI) {
            strap = sim_spi_download_find(chip->name)->strap;
        }
        strap &= sim->config.wiring == ESP_SIM_WIRING_SDIO ? ~chip->strap_sdio_low : UINT32_MAX;
    }
    sim_memory_write32(&sim->memory, chip->strap_addr, strap);
    sim_memory_write32(&sim->memory, code->chip->reset_cause,
                       (uint32_t)chip->reset_text[sim->board.cause].code << code->chip->reset_cause_shift);
}
