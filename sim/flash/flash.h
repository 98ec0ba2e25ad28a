/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The SPI NOR part: an array in which programming only clears bits and erasing sets whole units. Here are the
 * operations themselves, their durations and their accounting; who waits for them is elsewhere (flash_job.h
 * for the loaders, flash_command.c for the SPI bus). Addresses wrap at the size of the part, as on the real
 * one.
 */
#ifndef SIM_FLASH_H
#define SIM_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_sim.h"

enum {
    SIM_SECTOR_SIZE = 0x1000,
    SIM_BLOCK_SIZE = 0x10000,
    SIM_PAGE_SIZE = 256,
    SIM_FLASH_SIZE_MIN = 256 << 10,
    SIM_FLASH_SIZE_MAX = 128 << 20,
    SIM_PROGRAM_PIECE =
        32, /**< bytes per program operation of the ROM's write routine; ESP-IDF ROM flash headers */
    SIM_PROGRAM_LARGE_PIECE = 64, /**< and at most */
};

typedef enum { SIM_ERASE_SECTOR, SIM_ERASE_BLOCK, SIM_ERASE_CHIP } sim_erase_t;

/** A bit that cannot change: reads as in @p value where @p mask is 1. */
typedef struct {
    uint32_t addr;
    uint8_t mask;
    uint8_t value;
} sim_stuck_bits_t;

typedef struct {
    uint8_t *bytes;
    uint32_t size;
    uint32_t jedec_id;     /**< as RDID answers: first byte in bits 7:0 */
    uint32_t seeming_size; /**< what a host may take it for: the size, or the one in a counterfeit's id */
    bool is_present;       /**< false: nothing drives the bus */
    bool is_write_enabled;
    uint8_t status[3]; /**< status registers 1 to 3; bits 4:2 of the first protect the whole array */
    bool is_reset_enabled;
    bool is_powered_down;
    uint64_t busy_until_ns;                /**< of an operation started over the SPI bus */
    uint32_t erase_factor, program_factor; /**< faults: times this long; 1 = as the timing set says */
    sim_stuck_bits_t *stuck;
    size_t stuck_count;
} sim_flash_t;

/** One operation as seen on the SPI bus. @p rx is preset to 0xFF, what an undriven bus reads as. */
typedef struct {
    uint8_t opcode;
    uint32_t addr;
    uint32_t skipped_bits; /**< address and dummy bits before the data */
    const uint8_t *tx;
    size_t tx_size;
    uint8_t *rx;
    size_t rx_size;
} sim_spi_transaction_t;

bool sim_flash_init(sim_flash_t *flash, uint32_t size, uint32_t jedec_id);
void sim_flash_free(sim_flash_t *flash);

uint64_t sim_flash_erase_ns(const esp_sim_t *sim, sim_erase_t unit);
/** Erases the unit that contains @p addr. */
void sim_flash_erase(esp_sim_t *sim, uint32_t addr, sim_erase_t unit);

/** Duration of one program operation of 1 to 256 bytes. */
uint64_t sim_flash_program_ns(const esp_sim_t *sim, size_t size);
void sim_flash_program(esp_sim_t *sim, uint32_t addr, const uint8_t *data, size_t size);

/** Duration of reading @p size bytes in transactions of @p piece. */
uint64_t sim_flash_read_ns(const esp_sim_t *sim, size_t size, size_t piece);
void sim_flash_read(const esp_sim_t *sim, uint32_t addr, uint8_t *out, size_t size);
/** MD5 as a loader computes it, whose addresses go as far as @p addr_mask. Beyond the end the content
 * repeats: of a range that a chip would take hours for, only as much is taken as the part has twice. */
void sim_flash_md5(const esp_sim_t *sim, uint32_t addr, uint32_t addr_mask, uint32_t size, uint8_t out[16]);
void sim_flash_add_stuck(esp_sim_t *sim, sim_stuck_bits_t bits);

/** What the part does with a command on its SPI bus (flash_command.c). */
void sim_flash_command(esp_sim_t *sim, const sim_spi_transaction_t *transaction);

#endif
