/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * RTC watchdog and super watchdog. Firmware turns them on and feeds them; the core reset of USB-Serial/JTAG
 * stops the firmware but not the watchdogs, so that a download session on USB must switch them off or be
 * reset in its middle. Every other reset leaves them off in download mode. Source: esptool 5.3
 * (disable_watchdogs, watchdog_reset); ESP32-S3 TRM, watchdog timers. The RTC watchdog's time is the default
 * of ESP-IDF's bootloader (CONFIG_BOOTLOADER_WDT_TIME_MS); that of the super watchdog is our choice, later
 * than the other so that each can be seen alone.
 */
#include "state/model.h"

#define RTC_TIME_S    9u
#define SWD_TIME_NS   12000000000u
#define ENABLE        0x80000000u
#define ACTION_SYSTEM 3u /* stage actions 3 and above reset the system */

static uint32_t reg(const esp_sim_t *sim, uint32_t addr)
{
    return sim_memory_read32(&sim->memory, addr);
}

static void rtc_fires(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim->events->reset(sim, SIM_RESET_RTC_WDT);
}

static void swd_fires(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim->events->reset(sim, SIM_RESET_SWD);
}

static void restart_rtc(esp_sim_t *sim)
{
    const sim_wdt_registers_t *wdt = &sim->chip->wdt;
    uint32_t config0 = reg(sim, wdt->config0);
    bool is_running =
        (config0 & ENABLE) != 0 && ((config0 >> 28) & 7u) >= ACTION_SYSTEM && !sim->watchdog.is_fed;
    uint64_t ns = (uint64_t)reg(sim, wdt->config1) * 1000000000u / wdt->slow_clock_hz;
    sim_timer_set(&sim->clock, &sim->watchdog.rtc_timer, is_running ? sim->clock.now_ns + ns : SIM_NEVER);
}

static void restart_swd(esp_sim_t *sim)
{
    const sim_wdt_registers_t *wdt = &sim->chip->wdt;
    bool is_running = sim->watchdog.is_swd_running && !sim->watchdog.is_fed &&
                      (reg(sim, wdt->swd_config) & wdt->swd_auto_feed) == 0;
    sim_timer_set(&sim->clock, &sim->watchdog.swd_timer,
                  is_running ? sim->clock.now_ns + SWD_TIME_NS : SIM_NEVER);
}

static void restart_both(esp_sim_t *sim)
{
    if (sim->chip->wdt.config0 != 0) {
        restart_rtc(sim);
    }
    if (sim->chip->wdt.swd_config != 0) {
        restart_swd(sim);
    }
}

void sim_watchdog_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->watchdog.rtc_timer, rtc_fires, sim);
    sim_clock_add(&sim->clock, &sim->watchdog.swd_timer, swd_fires, sim);
    sim->watchdog.rtc_timer.is_watch = true;
    sim->watchdog.swd_timer.is_watch = true;
}

void sim_watchdog_reset(esp_sim_t *sim, sim_reset_t cause)
{
    sim->watchdog.is_fed = false;
    if (!sim_reset_is_of_core(cause)) {
        sim->watchdog.is_swd_running = false; /* the registers themselves were cleared with all others */
    }
    restart_both(sim);
}

void sim_watchdog_firmware_runs(esp_sim_t *sim)
{
    const sim_wdt_registers_t *wdt = &sim->chip->wdt;
    if (wdt->config0 != 0) {
        sim_memory_write32(&sim->memory, wdt->config1, RTC_TIME_S * wdt->slow_clock_hz);
        sim_memory_write32(&sim->memory, wdt->config0, ENABLE | (ACTION_SYSTEM + 1) << 28);
    }
    if (wdt->swd_config != 0) {
        sim_memory_write32(&sim->memory, wdt->swd_config, 0);
    }
    sim->watchdog.is_swd_running = true;
    sim->watchdog.is_fed =
        sim->code == NULL || !sim->config.executes_boot; /* code feeds them itself, or stops them */
    restart_both(sim);
}

/* A write to a protected register is ignored by the hardware; a host that does it has forgotten the key. Code that is
 * executed may: clear_super_wdt_reset_flag() of the ROMs of C5, C61 and P4 does. */
static bool is_unlocked(esp_sim_t *sim, uint32_t protect_addr, uint32_t key, uint32_t addr)
{
    if (reg(sim, protect_addr) == key) {
        return true;
    }
    if (sim->code == NULL) {
        sim_misuse(sim, "write to watchdog register 0x%08X without its key in the protection register",
                   (unsigned)addr);
    }
    return false;
}

bool sim_watchdog_write(esp_sim_t *sim, uint32_t addr, uint32_t value)
{
    const sim_wdt_registers_t *wdt = &sim->chip->wdt;
    if (addr != 0 && (addr == wdt->config0 || addr == wdt->config1)) {
        if (is_unlocked(sim, wdt->protect, wdt->key, addr)) {
            sim_memory_write32(&sim->memory, addr, value);
            restart_rtc(sim);
        }
        return true;
    }
    if (addr != 0 && addr == wdt->swd_config) {
        if (is_unlocked(sim, wdt->swd_protect, wdt->swd_key, addr)) {
            sim_memory_write32(&sim->memory, addr, value);
            restart_swd(sim);
        }
        return true;
    }
    return false;
}

void sim_watchdog_stop(esp_sim_t *sim)
{
    sim_timer_clear(&sim->watchdog.rtc_timer);
    sim_timer_clear(&sim->watchdog.swd_timer);
    sim->watchdog.is_swd_running = false;
}
