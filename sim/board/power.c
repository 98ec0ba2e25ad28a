/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * At time 0 a device is on the bus at once, later the host has to enumerate it first.
 */
#include "board/power.h"

#include "board/reset.h"
#include "state/model.h"

/* The configuration wants download mode at power-up. */
static bool starts_in_download(const esp_sim_t *sim)
{
    return sim->config.start_in_download || sim->config.wiring == ESP_SIM_WIRING_NONE;
}

static void power_on(esp_sim_t *sim, bool hold_boot)
{
    sim_board_t *board = &sim->board;
    board->dtr = board->rts = false;
    board->is_en_low = false;
    board->is_button_held = hold_boot;
    sim_chip_reset(sim, SIM_RESET_POWER);
    board->is_button_held = false;
    const esp_sim_wiring_t wiring = sim->config.wiring;
    bool is_on_usb =
        wiring != ESP_SIM_WIRING_NONE && wiring != ESP_SIM_WIRING_SDIO && wiring != ESP_SIM_WIRING_SPI;
    if (sim->clock.now_ns == 0 || !is_on_usb) {
        sim_timer_clear(&board->attach_timer);
        sim_link_attach(sim);
    } else {
        sim_reset_drop_bus(sim);
    }
}

void sim_power_on(esp_sim_t *sim)
{
    power_on(sim, starts_in_download(sim));
}

void esp_sim_unplug(esp_sim_t *sim)
{
    sim_chip_stop(sim);
    sim_timer_clear(&sim->watchdog.rtc_timer);
    sim_timer_clear(&sim->watchdog.swd_timer);
    sim_timer_clear(&sim->board.attach_timer);
    sim_timer_clear(&sim->board.plug_timer);
    sim_link_detach(sim);
    sim_trace(sim, "bus: unplugged");
}

void esp_sim_plug(esp_sim_t *sim, bool hold_boot)
{
    esp_sim_unplug(sim);
    power_on(sim, hold_boot);
}

void esp_sim_reset_button(esp_sim_t *sim, bool hold_boot)
{
    if (sim->state == ESP_SIM_STATE_OFF && !sim->board.is_en_low) {
        return; /* no power */
    }
    sim->board.is_button_held = hold_boot;
    sim_chip_reset(sim, SIM_RESET_EN);
    sim->board.is_button_held = false;
}

void sim_power_unplug_until(esp_sim_t *sim, uint64_t time_ns)
{
    esp_sim_unplug(sim);
    sim_timer_set(&sim->clock, &sim->board.plug_timer, time_ns);
}

static void plug_again(void *ctx)
{
    esp_sim_t *sim = ctx;
    esp_sim_plug(sim, starts_in_download(sim));
}

void sim_power_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->board.plug_timer, plug_again, sim);
}
