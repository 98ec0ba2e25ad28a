/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The public interface where it concerns the chip as a whole: making one, its time, looking inside.
 */
#include "esp_sim.h"

#include <stdlib.h>
#include <string.h>

#include "board/board_events.h"
#include "board/board_faults.h"
#include "board/lines.h"
#include "board/power.h"
#include "board/reset.h"
#include "state/model.h"

static const uint8_t DEFAULT_MAC[6] = {0x02, 0, 0, 0, 0, 0x01};

enum { FLASH_SIZE_DEFAULT = 8 << 20 };

static bool complete_config(esp_sim_t *sim, const esp_sim_config_t *config, char *error, size_t error_size)
{
    sim->config = *config;
    const char *name = config->chip == NULL ? "esp32s3" : config->chip;
    sim->chip = sim_chip_find(name);
    if (sim->chip == NULL) {
        return sim_error(error, error_size, "unknown chip '%s'", name);
    }
    if (config->wiring > ESP_SIM_WIRING_SPI || config->timing > ESP_SIM_TIMING_FAST) {
        return sim_error(error, error_size, "unknown wiring or timing");
    }
    if (config->wiring == ESP_SIM_WIRING_USJ && !sim->chip->has_usj) {
        return sim_error(error, error_size, "%s has no USB-Serial/JTAG: choose the bridge wiring",
                         sim->chip->title);
    }
    if (config->wiring == ESP_SIM_WIRING_OTG && sim->chip->uart_number_otg == 0) {
        return sim_error(error, error_size, "the ROM of %s has no console on USB-OTG: choose another wiring",
                         sim->chip->title);
    }
    if (config->wiring == ESP_SIM_WIRING_SDIO && sim->chip->sdio_device_id == 0) {
        return sim_error(error, error_size, "the ROM of %s serves no SDIO download: choose another wiring",
                         sim->chip->title);
    }
    if (config->wiring == ESP_SIM_WIRING_SPI && sim_spi_download_find(name) == NULL) {
        return sim_error(error, error_size, "the ROM of %s is no SPI slave: choose another wiring",
                         sim->chip->title);
    }
    uint32_t size = config->flash_size == 0 ? (uint32_t)FLASH_SIZE_DEFAULT : config->flash_size;
    if (size < SIM_FLASH_SIZE_MIN || size > SIM_FLASH_SIZE_MAX || (size & (size - 1)) != 0) {
        return sim_error(error, error_size, "flash size %u is not a power of two from 256 KiB to 128 MiB",
                         (unsigned)size);
    }
    sim->config.flash_size = size;
    static const uint8_t NO_MAC[6] = {0};
    if (memcmp(config->mac, NO_MAC, sizeof(NO_MAC)) == 0) {
        memcpy(sim->config.mac, DEFAULT_MAC, sizeof(DEFAULT_MAC));
    }
    if (config->chip_revision == 0) {
        sim->config.chip_revision = sim->chip->newest_revision;
    } else if (config->chip_revision == ESP_SIM_REVISION_0_0) {
        sim->config.chip_revision = 0;
    }
    if (!sim_crystal_complete(sim, error, error_size) || !sim_efuse_check(sim, error, error_size)) {
        return false;
    }
    sim->config.chip = NULL;
    sim->config.faults = NULL;
    sim->config.rom_elf = NULL;
    sim->config.efuse_file = NULL;
    sim->timing = sim_timing_get(config->timing);
    return true;
}

esp_sim_t *esp_sim_new(const esp_sim_config_t *config, char *error, size_t error_size)
{
    esp_sim_t *sim = calloc(1, sizeof(*sim));
    if (sim == NULL) {
        sim_error(error, error_size, "out of memory");
        return NULL;
    }
    if (!complete_config(sim, config, error, error_size)) {
        free(sim);
        return NULL;
    }
    if (!sim_flash_init(&sim->flash, sim->config.flash_size, sim->config.flash_jedec_id)) {
        sim_error(error, error_size, "no memory for %u bytes of flash", (unsigned)sim->config.flash_size);
        free(sim);
        return NULL;
    }
    sim->events = &sim_board_events;
    sim_reset_init(sim);
    sim_lines_init(sim);
    sim_power_init(sim);
    sim_board_faults_init(sim);
    sim_watchdog_init(sim);
    sim_efuse_init(sim);
    sim_rom_init(sim);
    sim_rom_spi_init(sim);
    sim_stub_init(sim);
    sim_sip_init(sim);
    sim_sdio_init(sim);
    sim_link_init(sim, sim_wiring_is_usb(sim->config.wiring)       ? &sim_link_usb
                       : sim->config.wiring == ESP_SIM_WIRING_SDIO ? &sim_link_sdio
                                                                   : &sim_link_uart);
    sim_faults_init(sim);
    if (config->rom_elf != NULL &&
        (sim->code = sim_code_new(sim, config->rom_elf, error, error_size)) == NULL) {
        esp_sim_free(sim);
        return NULL;
    }
    if (config->wiring == ESP_SIM_WIRING_SDIO && sim->code != NULL && !sim_code_has_slc(sim->code)) {
        sim_error(error, error_size, "the ROM of %s that is executed has no SDIO slave here",
                  sim->chip->title);
        esp_sim_free(sim);
        return NULL;
    }
    sim_power_on(sim);
    sim->stats.resets = 0;
    if (config->faults != NULL && !esp_sim_add_faults(sim, config->faults, error, error_size)) {
        esp_sim_free(sim);
        return NULL;
    }
    sim_clock_run_until(&sim->clock, 0);
    return sim;
}

void esp_sim_free(esp_sim_t *sim)
{
    if (sim == NULL) {
        return;
    }
    sim_code_free(sim->code);
    sim_rom_free(sim);
    sim_stub_stop(sim);
    sim_faults_free(sim);
    sim_link_free(sim);
    sim_flash_free(&sim->flash);
    sim_memory_free(&sim->memory);
    sim_efuse_free(sim);
    sim_text_free(&sim->console);
    sim_text_free(&sim->misuse);
    free(sim);
}

uint64_t esp_sim_now_us(const esp_sim_t *sim)
{
    return sim->clock.now_ns / 1000u;
}

void esp_sim_run_until(esp_sim_t *sim, uint64_t time_us)
{
    uint64_t limit_us = UINT64_MAX / 1000u - 1;
    sim_clock_run_until(&sim->clock, SIM_NS(time_us < limit_us ? time_us : limit_us));
}

static uint64_t next_us(const esp_sim_t *sim, uint64_t timer_ns)
{
    uint64_t ready_ns = sim_link_next_ready_ns(sim);
    uint64_t next_ns = timer_ns < ready_ns ? timer_ns : ready_ns;
    return next_ns == SIM_NEVER ? UINT64_MAX : next_ns / 1000u + (next_ns % 1000u != 0);
}

uint64_t esp_sim_next_event_us(const esp_sim_t *sim)
{
    return next_us(sim, sim_clock_next(&sim->clock));
}

uint64_t esp_sim_next_work_us(const esp_sim_t *sim)
{
    return next_us(sim, sim_clock_next_work(&sim->clock));
}

esp_sim_state_t esp_sim_state(const esp_sim_t *sim)
{
    return sim->state;
}

const uint8_t *esp_sim_mac(const esp_sim_t *sim)
{
    return sim->config.mac;
}

uint32_t esp_sim_peek(const esp_sim_t *sim, uint32_t address)
{
    uint32_t value;
    bool is_memory = sim->code != NULL && sim_code_peek(sim->code, address, &value);
    return is_memory ? value : sim_registers_read(sim, address);
}

void esp_sim_poke(esp_sim_t *sim, uint32_t address, uint32_t value)
{
    sim_memory_write32(&sim->memory, address, value);
}

const char *esp_sim_console(const esp_sim_t *sim)
{
    return sim_text_get(&sim->console);
}

const char *esp_sim_misuse(const esp_sim_t *sim)
{
    return sim_text_get(&sim->misuse);
}

const esp_sim_stats_t *esp_sim_stats(const esp_sim_t *sim)
{
    return &sim->stats;
}
