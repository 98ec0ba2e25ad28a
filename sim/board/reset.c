/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A reset, from its cause to the ROM's first instruction.
 */
#include "board/reset.h"

#include "board/program.h"
#include "state/model.h"

static bool is_boot_pin_low(const esp_sim_t *sim)
{
    const sim_board_t *board = &sim->board;
    bool is_bridge_low = sim->config.wiring == ESP_SIM_WIRING_BRIDGE && board->dtr && !board->rts;
    return board->is_button_held || is_bridge_low;
}

static void rom_is_ready(void *ctx)
{
    sim_program_start(ctx);
}

static void attach_device(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim_link_attach(sim);
    sim_trace(sim, "bus: attached");
}

void sim_reset_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->board.start_timer, rom_is_ready, sim);
    sim_clock_add(&sim->clock, &sim->board.attach_timer, attach_device, sim);
}

void sim_chip_stop(esp_sim_t *sim)
{
    sim_program_stop(sim);
    sim_efuse_stop(sim);
    sim_timer_clear(&sim->board.start_timer);
    sim_timer_clear(&sim->board.en_timer);
    sim->state = ESP_SIM_STATE_OFF;
}

void sim_reset_drop_bus(esp_sim_t *sim)
{
    sim_link_detach(sim);
    sim->board.dtr = sim->board.rts = false;
    sim_timer_set(&sim->clock, &sim->board.attach_timer, sim->clock.now_ns + sim->timing->reenumeration_ns);
}

void sim_chip_reset(esp_sim_t *sim, sim_reset_t cause)
{
    sim_board_t *board = &sim->board;
    const sim_chip_t *chip = sim->chip;
    sim->stats.resets++;
    sim_trace(sim, "reset: %s", chip->reset_text[cause].text);
    bool was_disturbed = sim->link.rx_count > 0 || sim->link.tx_count > 0 || sim->rom.slip.is_open;
    sim->link.is_disturbed = sim->link.is_disturbed || was_disturbed;
    sim_chip_stop(sim);
    sim_registers_reset(sim, cause);
    board->cause = cause;
    board->is_dead = cause == SIM_RESET_USJ && sim->faults.is_dead_after_reset;
    if (!sim_reset_is_of_core(cause)) {
        board->is_boot_latched_low = is_boot_pin_low(sim);
    }
    sim_registers_set_strap(sim, board->is_boot_latched_low);
    bool is_flagged = cause == SIM_RESET_USJ && board->is_download_flagged;
    uint32_t force = chip->force_download_addr == 0 ? 0 : sim_registers_read(sim, chip->force_download_addr);
    bool is_forced = (force & chip->force_download_mask) != 0;
    board->is_download_next = is_flagged || is_forced || board->is_boot_latched_low;
    if (sim_wiring_is_usb(sim->config.wiring) &&
        (cause != SIM_RESET_USJ || sim->faults.core_reset_drops_bus)) {
        board->is_download_flagged = false;
        sim_reset_drop_bus(sim);
    }
    if (!board->is_download_next) {
        sim_watchdog_firmware_runs(sim); /* from the first instruction of a flash boot */
    }
    sim->state = ESP_SIM_STATE_STARTING;
    sim_timer_set(&sim->clock, &board->start_timer, sim->clock.now_ns + sim->timing->rom_ready_ns);
}
