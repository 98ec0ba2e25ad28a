/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A UART divides the crystal's frequency by a number the ROM computes from the frequency it assumes:
 * where that is wrong, so is the rate, by the same factor. The divider found from a SYNC is right, whatever
 * the ROM believes. Source: esptool 5.3, change_baud and get_crystal_freq of its target classes; UART
 * chapters of the technical reference manuals (CLKDIV: integer in bits 19:0, sixteenths in bits 23:20).
 */
#include "chip/crystal.h"

#include "state/model.h"

/** How the ROM knows its crystal. */
typedef enum {
    KNOWS_FIXED = 0,  /**< it takes any for `rom_mhz` */
    KNOWS_REGISTER,   /**< bits 30:24 of a register, MHz */
    KNOWS_CALIBRATED, /**< it has measured it with an inexact oscillator */
} knowledge_t;

typedef struct {
    const char *chip;
    uint8_t crystals_mhz[2]; /**< the first is the usual one */
    uint8_t rom_mhz;
    knowledge_t knowledge;
    uint32_t belief_addr;
    uint32_t divider_addr; /**< CLKDIV of UART0 */
    uint8_t divider_factor;
} crystal_t;

static const crystal_t CRYSTALS[] = {
    {"esp8266", {26, 40}, 26, KNOWS_FIXED, 0, 0x60000014, 2},
    {"esp32", {40, 26}, 40, KNOWS_CALIBRATED, 0x3FF5F06C, 0x3FF40014, 1},
    {"esp32s2", {40}, 40, KNOWS_FIXED, 0, 0x3F400014, 1},
    {"esp32s3", {40}, 40, KNOWS_FIXED, 0, 0x60000014, 1},
    {"esp32c2", {40, 26}, 40, KNOWS_FIXED, 0, 0x60000014, 1},
    {"esp32c3", {40}, 40, KNOWS_FIXED, 0, 0x60000014, 1},
    {"esp32c5", {48, 40}, 48, KNOWS_REGISTER, 0x60096110, 0x60000014, 1},
    {"esp32c6", {40}, 40, KNOWS_FIXED, 0, 0x60000014, 1},
    {"esp32c61", {40}, 40, KNOWS_FIXED, 0, 0x60000014, 1},
    {"esp32h2", {32}, 32, KNOWS_FIXED, 0, 0x60000014, 1},
    {"esp32p4", {40}, 40, KNOWS_FIXED, 0, 0x500CA014, 1},
    {"esp32s31", {40}, 40, KNOWS_FIXED, 0, 0x2038A014, 1},
    {"esp32h21", {32}, 32, KNOWS_FIXED, 0, 0x60000014, 1},
    {"esp32h4", {32}, 32, KNOWS_FIXED, 0, 0x60012014, 1},
};

/* The ESP32's calibration: cycles * 15625 * ck8m / 40 is the frequency; ck8m is in the eFuses. */
enum { CK8M_ADDR = 0x3FF5A010, CK8M = 0x85 };

static const crystal_t *row_of(const esp_sim_t *sim)
{
    const size_t count = sizeof(CRYSTALS) / sizeof(CRYSTALS[0]);
    return sim_chip_find_row(sim->chip->name, CRYSTALS, count, sizeof(CRYSTALS[0]));
}

static bool has_crystal(const crystal_t *row, uint32_t mhz)
{
    return mhz != 0 && (mhz == row->crystals_mhz[0] || mhz == row->crystals_mhz[1]);
}

static bool can_believe(const esp_sim_t *sim, const crystal_t *row, uint32_t khz)
{
    switch (row->knowledge) {
    case KNOWS_FIXED:
        return khz == row->rom_mhz * 1000u;
    case KNOWS_REGISTER:
        return khz % 1000 == 0 && has_crystal(row, khz / 1000);
    case KNOWS_CALIBRATED:
        break;
    }
    uint32_t true_khz = sim->config.crystal_mhz * 1000; /* the oscillator is never off by more than that */
    return khz >= true_khz / 100 * 85 && khz <= true_khz / 100 * 115;
}

bool sim_crystal_complete(esp_sim_t *sim, char *error, size_t error_size)
{
    const crystal_t *row = row_of(sim);
    if (row == NULL) {
        return sim_error(error, error_size, "no crystal is known for %s", sim->chip->title);
    }
    if (sim->config.crystal_mhz == 0) {
        sim->config.crystal_mhz = row->crystals_mhz[0];
    }
    if (!has_crystal(row, sim->config.crystal_mhz)) {
        return sim_error(error, error_size, "%s has no crystal of %u MHz", sim->chip->title,
                         (unsigned)sim->config.crystal_mhz);
    }
    if (sim->config.rom_crystal_khz == 0) {
        uint32_t mhz = row->knowledge == KNOWS_FIXED ? row->rom_mhz : sim->config.crystal_mhz;
        sim->config.rom_crystal_khz = mhz * 1000;
    }
    if (!can_believe(sim, row, sim->config.rom_crystal_khz)) {
        return sim_error(error, error_size, "the ROM of %s never takes its crystal for one of %u kHz",
                         sim->chip->title, (unsigned)sim->config.rom_crystal_khz);
    }
    return true;
}

static uint32_t calibration_cycles(const esp_sim_t *sim)
{
    const uint64_t unit = (uint64_t)15625 * CK8M;
    return (uint32_t)(((uint64_t)sim->config.rom_crystal_khz * 1000 * 40 + unit / 2) / unit);
}

static uint64_t assumed_hz(const esp_sim_t *sim)
{
    return row_of(sim)->knowledge == KNOWS_CALIBRATED ? (uint64_t)calibration_cycles(sim) * 15625 * CK8M / 40
                                                      : (uint64_t)sim->config.rom_crystal_khz * 1000;
}

static uint64_t true_hz(const esp_sim_t *sim)
{
    return (uint64_t)sim->config.crystal_mhz * 1000000;
}

uint32_t sim_crystal_rom_rate(const esp_sim_t *sim, uint32_t baud)
{
    return (uint32_t)(baud * true_hz(sim) / assumed_hz(sim));
}

void sim_crystal_set_divider(esp_sim_t *sim, uint32_t baud)
{
    const crystal_t *row = row_of(sim);
    uint32_t sixteenths = baud == 0 ? 0 : (uint32_t)(true_hz(sim) * row->divider_factor * 16 / baud);
    sim_memory_write32(&sim->memory, row->divider_addr, sixteenths / 16 | sixteenths % 16 << 20);
}

void sim_crystal_reset(esp_sim_t *sim)
{
    const crystal_t *row = row_of(sim);
    if (row->knowledge == KNOWS_REGISTER) {
        sim_memory_write32(&sim->memory, row->belief_addr, sim->config.rom_crystal_khz / 1000 << 24);
    } else if (row->knowledge == KNOWS_CALIBRATED) {
        sim_memory_write32(&sim->memory, row->belief_addr, calibration_cycles(sim) << 7);
        sim_memory_write32(&sim->memory, CK8M_ADDR, CK8M);
    }
    sim_crystal_set_divider(sim, sim_crystal_rom_rate(sim, sim->chip->boot_baud));
}
