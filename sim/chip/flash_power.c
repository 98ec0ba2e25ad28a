/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The supply of the flash on chips that leave it off after a reset. It is on if the registers are set when
 * the flash is attached; the order of the changes and the pauses between them are not checked. If an eFuse
 * makes the ROM loader switch it on, that works once: while the request of an earlier start is still set,
 * attaching fails until the host has cleared it. Source: esptool 5.6, ESP32-P4 target, power_on_flash. The
 * regulator's value after a reset is our choice.
 */
#include "chip/flash_power.h"

#include "state/model.h"

#define PADS_ON       0x00000001u
#define LDO_TARGET    0x7F800000u
#define LDO_TIED      0x00000080u
#define CURRENT_LIMIT 0x08000000u
#define FORCED_ON     0x00000003u
#define LDO_AT_RESET  0x40000000u

static bool has_power_registers(const esp_sim_t *sim)
{
    const sim_flash_power_t *power = &sim->chip->flash_power;
    return power->pads != 0 && sim->config.chip_revision >= power->first_revision &&
           sim->config.chip_revision <= power->last_revision;
}

static bool is_on_by_rom(const esp_sim_t *sim)
{
    const sim_flash_power_t *power = &sim->chip->flash_power;
    return sim->config.rom_powers_flash && sim->config.chip_revision == power->last_revision;
}

uint32_t sim_flash_power_efuse(const esp_sim_t *sim)
{
    return has_power_registers(sim) && sim->config.rom_powers_flash ? sim->chip->flash_power.efuse_mask : 0;
}

void sim_flash_power_reset(esp_sim_t *sim, sim_reset_t cause)
{
    const sim_flash_power_t *power = &sim->chip->flash_power;
    if (!has_power_registers(sim)) {
        return;
    }
    if (!sim_reset_is_of_core(cause)) { /* a core reset leaves them as they are */
        sim_memory_write32(&sim->memory, power->ldo, LDO_AT_RESET);
        sim->flash_power.is_forced_twice = false;
    }
}

static bool is_forced(const esp_sim_t *sim)
{
    uint32_t force = sim_memory_read32(&sim->memory, sim->chip->flash_power.force);
    return (force & FORCED_ON) == FORCED_ON;
}

void sim_flash_power_rom_starts(esp_sim_t *sim)
{
    if (has_power_registers(sim) && is_on_by_rom(sim)) {
        sim->flash_power.is_forced_twice = is_forced(sim);
        sim_memory_write32(&sim->memory, sim->chip->flash_power.force, FORCED_ON);
    }
}

static bool is_on(const esp_sim_t *sim)
{
    const sim_flash_power_t *power = &sim->chip->flash_power;
    if (!has_power_registers(sim)) {
        return true;
    }
    if (is_on_by_rom(sim)) {
        return !sim->flash_power.is_forced_twice || !is_forced(sim);
    }
    uint32_t ldo = sim_memory_read32(&sim->memory, power->ldo);
    return sim_memory_read32(&sim->memory, power->pads) == PADS_ON && (ldo & (LDO_TARGET | LDO_TIED)) == 0 &&
           (sim_memory_read32(&sim->memory, power->ldo_analog) & CURRENT_LIMIT) == 0 && is_forced(sim);
}

bool sim_flash_power_check(esp_sim_t *sim, const char *who)
{
    if (is_on(sim)) {
        return true;
    }
    sim_misuse(sim, "%s attaches the flash, which has no power", who);
    return false;
}
