/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * USB-Serial/JTAG interprets (DTR, RTS): (0,0) clears the download flag, (1,0) sets it, entering (0,1) resets
 * the core, (1,1) does nothing. Whether (0,1) also holds the chip is not documented; here it resets once, and
 * talking before the pair is left is reported as misuse. The two-transistor circuit of a bridge holds EN at
 * (0,1) and the strapping pin at (1,0); EN rises slowly, and the strap is sampled when it has risen. Source:
 * ESP32-S3 TRM, USB Serial/JTAG controller (CDC-ACM requests); esptool 5.3 reset sequences; reference
 * schematics of the development boards.
 */
#include "board/lines.h"

#include "board/reset.h"
#include "state/model.h"

static void usj_lines(esp_sim_t *sim)
{
    sim_board_t *board = &sim->board;
    if (!board->rts) {
        board->is_download_flagged = board->dtr;
    } else if (!board->dtr) {
        sim_chip_reset(sim, SIM_RESET_USJ);
    }
}

static void en_has_risen(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim_chip_reset(sim, SIM_RESET_EN);
}

static void bridge_lines(esp_sim_t *sim)
{
    sim_board_t *board = &sim->board;
    bool is_en_low = board->rts && !board->dtr;
    if (is_en_low && !board->is_en_low) {
        sim_chip_stop(sim);
        sim_trace(sim, "reset: EN held low");
    } else if (!is_en_low && board->is_en_low) {
        uint64_t rise_ns = sim->faults.en_rise_ns != 0 ? sim->faults.en_rise_ns : sim->timing->en_rise_ns;
        sim_timer_set(&sim->clock, &board->en_timer, sim->clock.now_ns + rise_ns);
    }
    board->is_en_low = is_en_low;
}

/* The stub watches RTS; what it does when that falls is a restart by software, out of forced download. */
static void otg_lines(esp_sim_t *sim, bool had_rts)
{
    const sim_chip_t *chip = sim->chip;
    if (sim->state == ESP_SIM_STATE_DOWNLOAD_STUB && had_rts && !sim->board.rts) {
        uint32_t force = sim_registers_read(sim, chip->force_download_addr);
        sim_memory_write32(&sim->memory, chip->force_download_addr, force & ~chip->force_download_mask);
        sim_chip_reset(sim, SIM_RESET_SOFTWARE);
    }
}

void sim_lines_set(esp_sim_t *sim, bool dtr, bool rts)
{
    sim_board_t *board = &sim->board;
    bool had_rts = board->rts;
    if (!sim->link.is_attached || (board->dtr == dtr && board->rts == rts)) {
        return;
    }
    board->dtr = dtr;
    board->rts = rts;
    board->has_reported_hold = false;
    sim->stats.line_changes++;
    sim_trace(sim, "lines: DTR %d, RTS %d", dtr, rts);
    switch (sim->config.wiring) {
    case ESP_SIM_WIRING_USJ:
        usj_lines(sim);
        break;
    case ESP_SIM_WIRING_BRIDGE:
        bridge_lines(sim);
        break;
    case ESP_SIM_WIRING_OTG:
        otg_lines(sim, had_rts);
        break;
    case ESP_SIM_WIRING_NONE:
    case ESP_SIM_WIRING_SDIO:
    case ESP_SIM_WIRING_SPI:
        break;
    }
    sim_clock_run_until(&sim->clock, sim->clock.now_ns);
}

void sim_lines_check_write(esp_sim_t *sim)
{
    sim_board_t *board = &sim->board;
    if (sim->config.wiring == ESP_SIM_WIRING_USJ && board->rts && !board->dtr && !board->has_reported_hold) {
        board->has_reported_hold = true;
        sim_misuse(sim, "bytes sent while the lines still ask for a reset (DTR 0, RTS 1)");
    }
}

void sim_lines_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->board.en_timer, en_has_risen, sim);
}
