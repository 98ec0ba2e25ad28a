/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Power, reset, boot mode: what DTR and RTS, the buttons, the cable and the watchdogs do to the chip, and
 * what it is doing now. Bytes the chip has received are handed to whatever runs.
 */
#ifndef SIM_RESET_H
#define SIM_RESET_H

#include "chip_table.h"
#include "clock.h"
#include "esp_sim.h"

typedef struct {
    bool dtr, rts;            /**< as the host set them; true = asserted */
    bool is_download_flagged; /**< USJ: the flag that the pair (DTR 1, RTS 0) sets */
    bool is_button_held;      /**< boot button, while a reset or power-up goes on */
    bool is_en_low;           /**< bridge: the circuit holds EN */
    bool is_boot_latched_low; /**< the boot strap as sampled at the last reset that samples it */
    bool is_download_next;    /**< decided at reset: the ROM will enter download mode */
    bool is_dead; /**< nothing passes until the next reset: a fault, or a host that stopped the chip */
    bool has_reported_hold;
    sim_reset_t cause;        /**< of the last reset */
    sim_timer_t start_timer;  /**< the ROM is ready */
    sim_timer_t en_timer;     /**< EN has risen */
    sim_timer_t attach_timer; /**< the host has enumerated the device */
} sim_board_t;

/** A core reset: straps are not sampled again, registers and watchdogs are left as they are. */
static inline bool sim_reset_is_of_core(sim_reset_t cause)
{
    return cause == SIM_RESET_USJ || cause == SIM_RESET_SOFTWARE;
}

/** The host is connected to the chip's own USB. */
bool sim_board_is_usb(const esp_sim_t *sim);

void sim_board_init(esp_sim_t *sim);
/** Applies power: at time 0 the device is on the bus at once, later the host has to enumerate it first. */
void sim_board_power_on(esp_sim_t *sim, bool hold_boot);

/** Resets the chip; it starts at once. */
void sim_chip_reset(esp_sim_t *sim, sim_reset_t cause);
/** The configuration wants download mode at power-up. */
bool sim_chip_starts_in_download(const esp_sim_t *sim);
/** Something runs that reads what the chip receives. */
bool sim_chip_can_receive(const esp_sim_t *sim);
/** The receiver of the UART is on. */
bool sim_chip_is_listening(const esp_sim_t *sim);
void sim_chip_receive(esp_sim_t *sim, uint8_t byte);
/** Reports a host that talks while it holds the chip in reset. */
void sim_chip_check_write(esp_sim_t *sim);
/** The loader ends and the ROM boots from flash, without a reset. */
void sim_chip_leave_loader(esp_sim_t *sim);
/** The loader jumps to loaded code. */
void sim_chip_jump(esp_sim_t *sim, uint32_t entry);

#endif
