/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The whole virtual chip: one part per module. Each module changes its own part; others ask it through its
 * header.
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "base/allocate.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/timing.h"
#include "base/trace.h"
#include "board/board_state.h"
#include "chip/chip_events.h"
#include "chip/chip_table.h"
#include "chip/crystal.h"
#include "chip/efuse.h"
#include "chip/flash_power.h"
#include "chip/memory.h"
#include "chip/pieces.h"
#include "chip/registers.h"
#include "chip/spi_download.h"
#include "chip/wiring.h"
#include "esp_sim.h"
#include "faults/faults.h"
#include "flash/flash.h"
#include "link/console.h"
#include "link/link.h"
#include "link/sdio.h"
#include "link/spi_slave.h"
#include "loader/rom.h"
#include "loader/rom_spi.h"
#include "loader/sip.h"
#include "loader/stub.h"
#include "rom/code.h"

struct esp_sim {
    esp_sim_config_t config; /**< completed: defaults filled in; the strings in it are not kept */
    const sim_chip_t *chip;
    const sim_timing_t *timing;
    const sim_chip_events_t *events;
    sim_clock_t clock;
    esp_sim_state_t state;
    esp_sim_stats_t stats;
    sim_text_t console, misuse;
    bool is_flash_attached; /**< the SPI pins lead to the flash: after SPI_ATTACH */
    sim_board_t board;
    sim_link_t link;
    sim_sdio_t sdio;
    sim_memory_t memory;
    sim_efuse_t efuse;
    sim_watchdog_t watchdog;
    sim_flash_t flash;
    sim_flash_power_state_t flash_power;
    sim_rom_t rom;
    sim_sip_t sip;
    sim_spi_slave_t spi_slave;
    sim_rom_spi_t rom_spi;
    sim_stub_t stub;
    sim_code_t *code; /**< the chip executes its ROM, in place of rom and stub; NULL = it does not */
    sim_faults_t faults;
};

#endif
