/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ROM loader where the host is an SPI master: a few of its commands, and a status in registers for either direction.
 * Source: the ROM of the ESP32-C3, revision 3, as Espressif publishes it (esp-rom-elfs): spi_slave_download().
 */
#ifndef SIM_ROM_SPI_H
#define SIM_ROM_SPI_H

#include "base/clock.h"
#include "esp_sim.h"

typedef struct {
    sim_timer_t timer; /**< it takes frames from then on */
    uint8_t registers[64];
    uint8_t frame[0x2000];
    uint8_t reply[16];
    size_t reply_size;
    uint8_t in_phase, out_phase; /**< of the next buffer */
    uint8_t reason;              /**< of the last refusal, which some later replies carry, too */
    bool is_armed;
    bool has_answered;
} sim_rom_spi_t;

void sim_rom_spi_init(esp_sim_t *sim);
/** After sim_rom_start(), where SPI is the wiring. */
void sim_rom_spi_start(esp_sim_t *sim);
void sim_rom_spi_stop(esp_sim_t *sim);

#endif
