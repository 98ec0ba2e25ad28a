/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The watchdog of timer group 0. In a start from flash it runs from the first instruction on (flash boot protection), and
 * resets the chip at the end of its first stage unless the code turns it off or feeds it. Not modelled: other actions than
 * a reset, other stages, what the bus clock becomes later. Source: technical reference manuals, watchdog timers: registers,
 * their values after a reset, the key.
 */
#include <string.h>

#include "rom/code_state.h"
#include "state/model.h"

enum { CONFIG = 0x48, PRESCALE = 0x4C, STAGE = 0x50, FEED = 0x60, PROTECT = 0x64 };
enum { FLASH_BOOT = 1 << 14, ACTION_SHIFT = 29, ACTIONS = 3, ACTION_RESET = 2, PRESCALE_SHIFT = 16 };

#define ENABLE      0x80000000u
#define KEY         0x50D83AA1u
#define ONE_TICK    (1u << PRESCALE_SHIFT)
#define STAGE_TICKS 26000000u
#define TICK_NS     25u /* the crystal's 40 MHz, from which the bus runs at first */

/* The timer groups, of chips that start from flash here. */
static const struct {
    const char *chip;
    uint32_t base;
} GROUPS[] = {
    {"esp32c3", 0x6001F000}, {"esp32c2", 0x6001F000},  {"esp32c6", 0x60008000}, {"esp32h2", 0x60009000},
    {"esp32c5", 0x60008000}, {"esp32c61", 0x60008000}, {"esp32p4", 0x500C2000},
};

static uint32_t base_of(const sim_code_t *code)
{
    for (size_t i = 0; i < sizeof(GROUPS) / sizeof(GROUPS[0]); i++) {
        if (strcmp(GROUPS[i].chip, code->chip->name) == 0) {
            return GROUPS[i].base;
        }
    }
    return 0;
}

static uint32_t kept(const sim_code_t *code, uint32_t offset)
{
    return sim_code_kept(code, code->watchdog_base + offset);
}

static void keep(sim_code_t *code, uint32_t offset, uint32_t value)
{
    sim_memory_write32(&code->sim->memory, code->watchdog_base + offset, value);
}

static void fires(void *ctx)
{
    sim_code_t *code = ctx;
    code->sim->events->reset(code->sim, SIM_RESET_TG0_WDT);
}

static void restart(sim_code_t *code)
{
    uint32_t config = kept(code, CONFIG);
    bool resets = (config & ENABLE) != 0 && (config >> ACTION_SHIFT & ACTIONS) >= ACTION_RESET;
    uint64_t ns = (uint64_t)kept(code, STAGE) * (kept(code, PRESCALE) >> PRESCALE_SHIFT) * TICK_NS;
    sim_timer_set(&code->sim->clock, &code->watchdog,
                  resets || (config & FLASH_BOOT) != 0 ? code->sim->clock.now_ns + ns : SIM_NEVER);
}

void sim_code_watchdog_init(sim_code_t *code)
{
    sim_clock_add(&code->sim->clock, &code->watchdog, fires, code);
    code->watchdog.is_watch = true;
    code->watchdog_base = base_of(code);
}

void sim_code_watchdog_reset(sim_code_t *code)
{
    if (code->watchdog_base != 0) {
        bool is_flash_boot = !code->sim->board.is_download_next;
        keep(code, CONFIG, is_flash_boot ? FLASH_BOOT : 0);
        keep(code, PRESCALE, ONE_TICK);
        keep(code, STAGE, STAGE_TICKS);
        keep(code, PROTECT, KEY);
        restart(code);
    }
}

void sim_code_watchdog_stop(sim_code_t *code)
{
    sim_timer_clear(&code->watchdog);
}

bool sim_code_watchdog_store(sim_code_t *code, uint32_t address, uint32_t value)
{
    uint32_t offset = address - code->watchdog_base;
    bool is_its_own = code->watchdog_base != 0 && offset >= CONFIG && offset <= FEED;
    if (is_its_own && kept(code, PROTECT) == KEY) {
        sim_code_sync(code);
        keep(code, offset, value);
        restart(code);
        sim_code_reschedule(code);
    }
    return is_its_own;
}
