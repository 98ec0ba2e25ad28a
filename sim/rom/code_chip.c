/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rows. Sources: technical reference manuals (memory maps, peripheral addresses), ESP-IDF soc headers
 * (register offsets); what the ROM needs was seen by executing it.
 */
#include "rom/code_chip.h"

#include <string.h>

#include "chip/chip_table.h"
#include "rom/elf.h"

static const sim_code_uart_t OLD_UART = {.low_pulse = 0x28,
                                         .high_pulse = 0x2C,
                                         .edges = 0x30,
                                         .autobaud = 0x20,
                                         .autobaud_bit = 1u << 27,
                                         .full_mask = 0x1FF};

static const sim_code_chip_t CHIPS[] = {
    {
        .name = "esp32c3",
        .core = &sim_core_riscv,
        .elf_machine = SIM_ELF_RISCV,
        .entry = 0x40000000,
        .cpu_hz = 20000000,
        .memory = {{.address = 0x40000000, .size = 0x60000, .is_rom = true},
                   {.address = 0x3FF00000, .size = 0x20000, .alias_of = 0x40040000, .is_rom = true},
                   {.address = 0x3FC80000, .size = 0x60000},
                   {.address = 0x40380000, .size = 0x60000, .alias_of = 0x3FC80000},
                   {.address = 0x4037C000, .size = 0x4000},
                   {.address = 0x50000000, .size = 0x2000}},
        .blocks = {{0x60000000, 0x60001000, "UART0"},
                   {0x60002000, 0x60003000, "SPI1, of the flash"},
                   {0x60003000, 0x60004000, "SPI0, of the cache"},
                   {0x60004000, 0x60005000, "GPIO"},
                   {0x60008000, 0x60009000, "RTC control with its watchdogs, eFuse"},
                   {0x60009000, 0x6000A000, "IO MUX"},
                   {0x60010000, 0x60011000, "UART1"},
                   {0x6001F000, 0x60021000, "timer groups with their watchdogs"},
                   {0x60024000, 0x60025000, "SPI2"},
                   {0x60043000, 0x60044000, "USB-Serial/JTAG"},
                   {0x600C0000, 0x600C1000, "system: clocks and resets"},
                   {0x600C2000, 0x600C3000, "interrupt matrix"},
                   {0x600C4000, 0x600C6000, "cache and its pages"},
                   {0x600CE000, 0x600CF000, "debug assistant"}},
        .reset_cause = 0x60008038,
        .software_reset = 0x60008000,
        .software_reset_bits = 1u << 31,
        .uart = 0x60000000,
        .uart_layout = &OLD_UART,
        .usj = 0x60043000,
        .systimer = 0x60023000,
        .uart_line = 0x600C2054,
        .usj_line = 0x600C2068,
        .line_enable = 0x600C2104,
        .line_priority = 0x600C2114,
        .line_threshold = 0x600C2194,
    },
};

static const sim_code_constant_t CONSTANTS[] = {
    {"esp32c3", 0x600C4028, 0x2, 0, "cache: synchronisation is done"},
    {"esp32c3", 0x600C4034, 0x2, 0, "cache: preload is done"},
    {"esp32c3", 0x600C4040, 0x8, 0, "cache: autoload is done"},
};

const sim_code_chip_t *sim_code_chip_find(const char *name)
{
    return sim_chip_find_row(name, CHIPS, sizeof(CHIPS) / sizeof(CHIPS[0]), sizeof(CHIPS[0]));
}

const sim_code_constant_t *sim_code_constant_next(const char *chip, const sim_code_constant_t *after)
{
    const sim_code_constant_t *end = CONSTANTS + sizeof(CONSTANTS) / sizeof(CONSTANTS[0]);
    for (const sim_code_constant_t *row = after == NULL ? CONSTANTS : after + 1; row < end; row++) {
        if (strcmp(row->chip, chip) == 0) {
            return row;
        }
    }
    return NULL;
}
