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

static const sim_code_uart_t OLDEST_UART = {.low_pulse = 0x28,
                                            .high_pulse = 0x2C,
                                            .edges = 0x30,
                                            .autobaud = 0x18,
                                            .autobaud_bit = 1,
                                            .full_mask = 0x7F};

static const sim_code_uart_t UART_OF_S2 = {.low_pulse = 0x28,
                                           .high_pulse = 0x2C,
                                           .edges = 0x30,
                                           .autobaud = 0x18,
                                           .autobaud_bit = 1,
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
    {
        .name = "esp32s3",
        .core = &sim_core_xtensa,
        .elf_machine = SIM_ELF_XTENSA,
        .entry = 0x40000400,
        .cpu_hz = 20000000,
        .memory = {{.address = 0x40000000, .size = 0x60000, .is_rom = true},
                   {.address = 0x3FF00000, .size = 0x20000, .alias_of = 0x40040000, .is_rom = true},
                   {.address = 0x3FC88000, .size = 0x78000},
                   {.address = 0x40378000, .size = 0x68000, .alias_of = 0x3FC88000},
                   {.address = 0x40370000, .size = 0x8000},
                   {.address = 0x600FE000, .size = 0x2000},
                   {.address = 0x50000000, .size = 0x2000}},
        .blocks = {{0x60000000, 0x60001000, "UART0"},
                   {0x60002000, 0x60003000, "SPI1, of the flash"},
                   {0x60003000, 0x60004000, "SPI0, of the cache"},
                   {0x60004000, 0x60005000, "GPIO"},
                   {0x60007000, 0x60008000, "eFuse"},
                   {0x60008000, 0x60009000, "RTC control with its watchdogs"},
                   {0x60009000, 0x6000A000, "IO MUX"},
                   {0x6000E000, 0x6000F000, "analog parts: the PLL"},
                   {0x60010000, 0x60011000, "UART1"},
                   {0x6001F000, 0x60021000, "timer groups with their watchdogs"},
                   {0x60024000, 0x60025000, "SPI2"},
                   {0x60038000, 0x60039000, "USB-Serial/JTAG"},
                   {0x60039000, 0x6003A000, "USB-OTG: which of the two has the pins"},
                   {0x60080000, 0x60081000, "USB-OTG, which nothing is connected to"},
                   {0x600C0000, 0x600C1000, "system: clocks and resets"},
                   {0x600C2000, 0x600C3000, "interrupt matrix"},
                   {0x600C4000, 0x600C6000, "cache and its pages"},
                   {0x600CE000, 0x600CF000, "debug assistant"}},
        .reset_cause = 0x60008038,
        .software_reset = 0x60008000,
        .software_reset_bits = 1u << 31,
        .uart = 0x60000000,
        .uart_layout = &OLD_UART,
        .usj = 0x60038000,
        .systimer = 0x60023000,
        .uart_line = 0x600C206C,
        .usj_line = 0x600C2180,
    },
    {
        .name = "esp32s2",
        .core = &sim_core_xtensa,
        .elf_machine = SIM_ELF_XTENSA,
        .entry = 0x40000400,
        .cpu_hz = 20000000,
        .memory = {{.address = 0x40000000, .size = 0x20000, .is_rom = true},
                   {.address = 0x3FFA0000, .size = 0x10000, .alias_of = 0x40010000, .is_rom = true},
                   {.address = 0x3FFB0000, .size = 0x50000},
                   {.address = 0x40020000, .size = 0x50000, .alias_of = 0x3FFB0000},
                   {.address = 0x40070000, .size = 0x2000},
                   {.address = 0x3FF9E000, .size = 0x2000, .alias_of = 0x40070000},
                   {.address = 0x50000000, .size = 0x2000}},
        .blocks = {{0x3F400000, 0x3F401000, "UART0"},
                   {0x3F402000, 0x3F403000, "SPI1, of the flash"},
                   {0x3F403000, 0x3F404000, "SPI0, of the cache"},
                   {0x3F404000, 0x3F405000, "GPIO"},
                   {0x3F408000, 0x3F409000, "RTC control with its watchdogs"},
                   {0x3F409000, 0x3F40A000, "IO MUX"},
                   {0x3F410000, 0x3F411000, "UART1"},
                   {0x3F41A000, 0x3F41B000, "eFuse"},
                   {0x3F41F000, 0x3F421000, "timer groups with their watchdogs"},
                   {0x3F424000, 0x3F425000, "SPI2"},
                   {0x3F439000, 0x3F43A000, "USB-OTG: what has the pins"},
                   {0x3F480000, 0x3F481000, "USB-OTG, which nothing is connected to"},
                   {0x3F4C0000, 0x3F4C1000, "system: clocks and resets"},
                   {0x3F4C2000, 0x3F4C3000, "interrupt matrix"},
                   {0x3F4CE000, 0x3F4CF000, "debug assistant"},
                   {0x61800000, 0x61801000, "cache and its pages"}},
        .reset_cause = 0x3F408038,
        .software_reset = 0x3F408000,
        .software_reset_bits = 1u << 31,
        .mirror = 0x60000000,
        .mirror_size = 0x100000,
        .mirror_of = 0x3F400000,
        .uart = 0x3F400000,
        .uart_layout = &UART_OF_S2,
        .uart_pll = {0x3F4C008C, 3u << 10, 1u << 10},
        .uart_line = 0x3F4C2094,
    },
    {
        .name = "esp32",
        .core = &sim_core_xtensa,
        .elf_machine = SIM_ELF_XTENSA,
        .entry = 0x40000400,
        .cpu_hz = 20000000,
        .memory = {{.address = 0x40000000, .size = 0x70000, .is_rom = true},
                   {.address = 0x3FF90000, .size = 0x10000, .alias_of = 0x40060000, .is_rom = true},
                   {.address = 0x3FFAE000, .size = 0x52000},
                   {.address = 0x40070000, .size = 0x50000},
                   {.address = 0x3FF80000, .size = 0x2000},
                   {.address = 0x400C0000, .size = 0x2000, .alias_of = 0x3FF80000},
                   {.address = 0x50000000, .size = 0x2000}},
        .blocks = {{0x3FF00000, 0x3FF01000, "system: clocks, resets, cache, interrupt matrix"},
                   {0x3FF40000, 0x3FF41000, "UART0"},
                   {0x3FF42000, 0x3FF43000, "SPI1, of the flash"},
                   {0x3FF43000, 0x3FF44000, "SPI0, of the cache"},
                   {0x3FF44000, 0x3FF45000, "GPIO"},
                   {0x3FF48000, 0x3FF49000, "RTC control with its watchdogs"},
                   {0x3FF49000, 0x3FF4A000, "IO MUX"},
                   {0x3FF4B000, 0x3FF4C000, "SDIO slave: what its host sees"},
                   {0x3FF4E000, 0x3FF4F000, "analog parts"},
                   {0x3FF50000, 0x3FF51000, "UART1"},
                   {0x3FF55000, 0x3FF56000, "SDIO slave: its host's registers"},
                   {0x3FF58000, 0x3FF59000, "SDIO slave"},
                   {0x3FF5A000, 0x3FF5B000, "eFuse"},
                   {0x3FF5F000, 0x3FF61000, "timer groups with their watchdogs"},
                   {0x3FF66000, 0x3FF67000, "system controller"}},
        .reset_cause = 0x3FF48034,
        .efuse_command = 0x3FF5A104,
        .software_reset = 0x3FF48000,
        .software_reset_bits = 1u << 31,
        .mirror = 0x60000000,
        .mirror_size = 0x40000,
        .mirror_of = 0x3FF40000,
        .uart = 0x3FF40000,
        .uart_layout = &OLDEST_UART,
        .uart_pll = {0x3FF48070, 3u << 27, 1u << 27},
        .uart_line = 0x3FF0018C,
    },
};

static const sim_code_constant_t CONSTANTS[] = {
    {"esp32c3", 0x600C4028, 0x2, 0, "cache: synchronisation is done"},
    {"esp32c3", 0x600C4034, 0x2, 0, "cache: preload is done"},
    {"esp32c3", 0x600C4040, 0x8, 0, "cache: autoload is done"},
    {"esp32c3", 0x600C0058, 40u << 12, 0x57u << 12, "clocks: the crystal has 40 MHz"},
    {"esp32", 0x3FF5803C, 1u << 31, 0, "SDIO slave: the link is stopped"},
    {"esp32", 0x3FF58040, 1u << 31, 0, "SDIO slave: the link is stopped"},
    {"esp32s2", 0x3F4C008C, 40u << 12, 0x57u << 12, "clocks: the crystal has 40 MHz"},
    {"esp32s3", 0x600C0060, 40u << 12, 0x57u << 12, "clocks: the crystal has 40 MHz"},
    {"esp32s3", 0x6000E040, 1u << 24, 0, "analog parts: the PLL is calibrated"},
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
