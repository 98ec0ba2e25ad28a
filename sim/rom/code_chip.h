/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a chip's real ROM needs to execute, beyond what the chip table has: one row per chip.
 */
#ifndef SIM_CODE_CHIP_H
#define SIM_CODE_CHIP_H

#include "core/core.h"
#include "core/riscv.h"
#include "core/xtensa.h"

/** Memory; or, with alias_of, the same memory as at that address. size 0 ends a list. */
typedef struct {
    uint32_t address, size;
    uint32_t alias_of;
    bool is_rom;
} sim_code_region_t;

/** Registers that are kept as they are written and have no effect: the first address and the one after the last. */
typedef struct {
    uint32_t start, end; /**< end 0 ends a list */
    const char *name;
} sim_code_block_t;

/** Registers of UART0, offsets from its base. */
typedef struct {
    uint8_t low_pulse, high_pulse, edges; /**< rate detection */
    uint8_t pulse_short; /**< ticks by which a pulse is counted too short: uart_baudrate_detect() adds them */
    uint8_t autobaud;    /**< where it is turned on */
    uint32_t autobaud_bit;
    uint16_t full_mask; /**< CONF1: how many bytes raise the interrupt */
} sim_code_uart_t;

/** Of the ESP32, of the S2, of S3, C2 and C3, and of all later ones (device_uart.c). */
extern const sim_code_uart_t SIM_CODE_OLDEST_UART, SIM_CODE_UART_OF_S2, SIM_CODE_OLD_UART, SIM_CODE_NEW_UART;

/** The cache's table of pages of flash. */
typedef struct {
    uint32_t
        table; /**< its first entry; or the register with the content of one, before that of its index. 0 = none */
    bool is_indexed;     /**< the latter */
    uint32_t entries;    /**< 64 KiB each */
    uint32_t valid_mask; /**< an entry leads to flash when it has there... */
    uint32_t valid;      /**< ... this */
    uint32_t page_mask;
    uint32_t windows[2]; /**< where the first page is seen; 0 = no second window */
    uint32_t freeze
        [2]; /**< registers in which each fourth bit stops a cache, and the one two above it says that it has */
} sim_code_mmu_t;

/** SPI2 as a slave, and the channel of the DMA that serves it. Addresses. */
typedef struct {
    uint32_t base;                                 /**< of SPI2; 0 = the ROM is no slave */
    uint32_t line;                                 /**< where the line of its interrupt is chosen */
    uint32_t in_raw, in_clear, out_raw, out_clear; /**< interrupts of either direction */
    uint32_t in_link, out_link;                    /**< where code starts them */
    uint32_t in_done, out_done;                    /**< bits that say that a buffer is done */
    uint32_t ram;                                  /**< high bits of the descriptors' addresses */
} sim_code_slave_t;

typedef struct {
    const char *name;
    const sim_core_ops_t *core;
    uint16_t elf_machine;
    sim_riscv_features_t riscv;
    uint32_t entry;
    uint32_t cpu_hz; /**< clock after reset; an instruction takes a cycle */
    uint32_t
        wrong_mhz; /**< what the ROM's variable of the clock holds although it is not so; 0 = it is right */
    sim_code_region_t memory[8];
    sim_code_block_t blocks[30];
    uint32_t reset_cause, reset_cause_shift;
    uint32_t software_reset, software_reset_bits;
    /** Peripherals answer at a second address, too; size 0: they do not. */
    uint32_t mirror, mirror_size, mirror_of;
    uint32_t uart; /**< base of UART0 */
    const sim_code_uart_t *uart_layout;
    /** Where the UART runs from the bus clock, and that from the PLL when these bits have this value: 80 MHz. Otherwise,
     * and where address is 0, it runs from the crystal. */
    struct {
        uint32_t address, mask, value;
    } uart_pll;
    uint32_t usj; /**< base of USB-Serial/JTAG, 0 = none */
    struct {
        uint32_t base, line; /**< of the DMA of the SDIO slave; 0 = it is not there */
    } slc;
    uint32_t systimer; /**< base */
    uint32_t sha;      /**< base; 0 = it does not start from flash here */
    sim_code_mmu_t mmu;
    /* interrupts: where the line of a source is chosen, and the controller */
    uint32_t uart_line, usj_line;
    uint32_t line_enable, line_priority, line_threshold; /**< 0 = a CLIC, or the core's own */
    uint32_t clic;
    sim_code_slave_t slave;
} sim_code_chip_t;

/** A register of which every read gives some bits a fixed value. */
typedef struct {
    const char *chip;
    uint32_t address;
    uint32_t ones, zeros;
    const char *reason;
} sim_code_constant_t;

/** The row of a chip by name; NULL when its ROM does not run here. */
const sim_code_chip_t *sim_code_chip_find(const char *name);
/** The next constant of a chip after @p after (NULL = the first); NULL at the end. */
const sim_code_constant_t *sim_code_constant_next(const char *chip, const sim_code_constant_t *after);

#endif
