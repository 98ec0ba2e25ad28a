/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chip's address space as the loader's READ_REG, WRITE_REG and MEM_DATA see it: plain storage, plus the
 * few registers that do something (SPI1 user commands, watchdogs).
 */
#ifndef SIM_REGISTERS_H
#define SIM_REGISTERS_H

#include "base/clock.h"
#include "chip/chip_table.h"
#include "esp_sim.h"

typedef struct {
    sim_timer_t rtc_timer, swd_timer;
    bool is_fed; /**< running firmware keeps both quiet */
    bool is_swd_running;
} sim_watchdog_t;

/** Brings registers to what they are after a reset; a core reset leaves almost everything as it was. */
void sim_registers_reset(esp_sim_t *sim, sim_reset_t cause);
/** Puts the value the strapping pin was latched with into the strap register. */
void sim_registers_set_strap(esp_sim_t *sim, bool is_boot_low);
uint32_t sim_registers_read(const esp_sim_t *sim, uint32_t addr);
/** Does reading @p addr stop the chip? */
bool sim_registers_read_crashes(const esp_sim_t *sim, uint32_t addr);
void sim_registers_write(esp_sim_t *sim, uint32_t addr, uint32_t value);

/** Runs the SPI user command that the registers describe (spi_user.c). */
void sim_spi_user_execute(esp_sim_t *sim);

/* watchdog.c */
void sim_watchdog_init(esp_sim_t *sim);
void sim_watchdog_reset(esp_sim_t *sim, sim_reset_t cause);
/** Firmware has been started: it turns both watchdogs on and feeds them. */
void sim_watchdog_firmware_runs(esp_sim_t *sim);
/** Both watchdogs off. */
void sim_watchdog_stop(esp_sim_t *sim);
/** Handles a write to a watchdog register; false when @p addr is none. */
bool sim_watchdog_write(esp_sim_t *sim, uint32_t addr, uint32_t value);

#endif
