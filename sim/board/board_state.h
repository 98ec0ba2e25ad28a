/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The board around the chip: its lines, its buttons, and how the chip was started last.
 */
#ifndef SIM_BOARD_STATE_H
#define SIM_BOARD_STATE_H

#include "base/clock.h"
#include "chip/chip_table.h"

typedef struct {
    bool dtr, rts;            /**< as the host set them; true = asserted */
    bool is_download_flagged; /**< USJ: the flag that the pair (DTR 1, RTS 0) sets */
    bool is_button_held;      /**< boot button, while a reset or power-up goes on */
    bool is_en_low;           /**< bridge: the circuit holds EN */
    bool is_boot_latched_low; /**< the boot strap as sampled at the last reset that samples it */
    bool is_download_next;    /**< decided at reset: the ROM will enter download mode */
    bool is_dead; /**< nothing passes until the next reset: a fault, or a host that stopped the chip */
    bool has_reported_hold;
    bool is_app_echoing;                 /**< the application sends back what it receives */
    sim_reset_t cause;                   /**< of the last reset */
    sim_timer_t start_timer;             /**< the ROM is ready */
    sim_timer_t en_timer;                /**< EN has risen */
    sim_timer_t attach_timer;            /**< the host has enumerated the device */
    sim_timer_t plug_timer;              /**< end of a disconnection that a fault has made */
    sim_timer_t fault_timer;             /**< next fault at a time */
    const struct sim_fault *flash_fault; /**< that cuts off what the flash does now */
} sim_board_t;

#endif
