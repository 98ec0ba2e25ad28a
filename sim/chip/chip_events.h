/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What happens inside of the chip and is decided above: the one way up. The table belongs to the chip; the
 * board fills it (board_events.c). Whatever is below the board calls through it and never upward by name.
 */
#ifndef SIM_CHIP_EVENTS_H
#define SIM_CHIP_EVENTS_H

#include "chip/chip_table.h"
#include "esp_sim.h"

struct sim_fault;

typedef struct {
    /** A watchdog resets the chip. */
    void (*reset)(esp_sim_t *sim, sim_reset_t cause);
    /** Does something run that reads what the chip receives? */
    bool (*can_receive)(const esp_sim_t *sim);
    /** A byte for whatever runs. */
    void (*receive)(esp_sim_t *sim, uint8_t byte);
    /** A frame for whatever runs, on a link that carries frames. */
    void (*receive_frame)(esp_sim_t *sim, const uint8_t *data, size_t size);
    /** The host has taken a frame. */
    void (*frame_taken)(esp_sim_t *sim);
    /** The host has written a register of the SDIO slave's DMA, which executed code sees. */
    void (*slc_written)(esp_sim_t *sim, uint32_t offset, uint32_t value);
    /** The loader ends and the ROM boots from flash, without a reset. */
    void (*leave_loader)(esp_sim_t *sim);
    /** The loader jumps to loaded code. */
    void (*jump)(esp_sim_t *sim, uint32_t entry);
    /** A fault was hit on the way. Carries out what concerns the board as a whole (stall, disconnect, reset);
     * false: not such an action. */
    bool (*fault)(esp_sim_t *sim, const struct sim_fault *fault);
    /** An eFuse word is about to be burnt. false: it stays as it is; or the burn has ended by now. */
    bool (*burns_efuse)(esp_sim_t *sim);
    /** The flash erases or programs. true: a fault cuts it off in the middle, which flash_is_cut() carries out. */
    bool (*cuts_flash)(esp_sim_t *sim);
    void (*flash_is_cut)(esp_sim_t *sim);
} sim_chip_events_t;

#endif
