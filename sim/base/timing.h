/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every time constant of the model, in one table of named sets. docs/timing.md says how they are used.
 */
#ifndef SIM_TIMING_H
#define SIM_TIMING_H

#include <stdint.h>

#include "esp_sim.h"

typedef struct {
    /* SPI NOR flash */
    uint64_t program_piece_ns; /**< one program operation of at most 32 bytes, as the ROM's write routine does
                                  them */
    uint64_t
        program_large_ns; /**< one of more than 32 bytes, at most 64: all that the SPI controller has room for */
    uint64_t program_page_ns;    /**< one of more than 64 bytes, at most 256 */
    uint64_t sector_erase_ns;    /**< 4 KiB */
    uint64_t block_erase_ns;     /**< 64 KiB */
    uint64_t chip_erase_4mib_ns; /**< scaled by the size of the part */
    uint64_t spi_byte_ns;        /**< eight clocks on one data line */
    uint64_t rom_hash_mib_ns;    /**< MD5 of 1 MiB by the ROM, reading it aside */
    uint64_t stub_hash_mib_ns;   /**< the same by the stub */
    uint64_t inflate_mib_ns;     /**< inflating to 1 MiB of output */
    /* eFuses */
    uint64_t efuse_word_ns; /**< one word of a burn */
    uint64_t efuse_read_ns; /**< the controller's READ command */
    /* the wire */
    uint64_t usb_transfer_ns;    /**< from a host's request for a transfer to its first packet on the bus */
    uint64_t usb_rom_byte_ns;    /**< accept time per byte of a bulk OUT packet while the ROM runs */
    uint64_t usb_stub_byte_ns;   /**< the same with the stub */
    uint64_t usb_packet_min_ns;  /**< shortest bulk transaction */
    uint64_t usb_packet_full_ns; /**< a 64-byte bulk transaction */
    uint64_t in_flush_ns;   /**< from the last byte of an incomplete IN packet to its arrival at the host */
    uint64_t turnaround_ns; /**< from the end of a request to the work it asks for */
    uint64_t stub_rate_ns; /**< stub: from the reply to CHANGE_BAUDRATE to the new rate, and again after it */
    bool has_uart_time;    /**< false: a UART byte takes no time */
    /* start */
    uint64_t rom_ready_ns;     /**< from the end of a reset to the ROM's readiness */
    uint64_t reenumeration_ns; /**< off the bus after a system reset of a USB chip */
    uint64_t en_rise_ns;       /**< bridge wiring: from releasing EN to sampling the boot strap */
} sim_timing_t;

const sim_timing_t *sim_timing_get(esp_sim_timing_t set);

#endif
