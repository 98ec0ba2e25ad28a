/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Line pairs. USB-Serial/JTAG interprets (DTR, RTS): (0,0) clears the download flag, (1,0) sets it, entering
 * (0,1) resets the core, (1,1) does nothing. Whether (0,1) also holds the chip is not documented; here it
 * resets once, and talking before the pair is left is reported as misuse. The two-transistor circuit of a
 * bridge holds EN at (0,1) and the boot pin at (1,0); EN rises slowly, and the strap is sampled when it has
 * risen. Source: ESP32-S3 TRM, USB Serial/JTAG controller (CDC-ACM requests); esptool 5.3 reset sequences;
 * reference schematics of the development boards.
 */
#include "reset.h"

#include "boot.h"
#include "model.h"

static bool is_usj(const esp_sim_t *sim)
{
    return sim->config.wiring == ESP_SIM_WIRING_USJ;
}

bool sim_board_is_usb(const esp_sim_t *sim)
{
    return is_usj(sim) || sim->config.wiring == ESP_SIM_WIRING_OTG;
}

static bool is_boot_pin_low(const esp_sim_t *sim)
{
    const sim_board_t *board = &sim->board;
    bool is_bridge_low = sim->config.wiring == ESP_SIM_WIRING_BRIDGE && board->dtr && !board->rts;
    return board->is_button_held || is_bridge_low;
}

bool sim_chip_starts_in_download(const esp_sim_t *sim)
{
    return sim->config.start_in_download || sim->config.wiring == ESP_SIM_WIRING_NONE;
}

/* ---- starting ---- */

static void send_garbage(esp_sim_t *sim)
{
    uint32_t noise = 1;
    for (uint32_t i = 0; i < sim->faults.boot_garbage; i++) {
        noise = noise * 1664525u + 1013904223u;
        uint8_t byte = (uint8_t)(noise >> 24);
        sim_link_send(sim, &byte, 1);
    }
}

static void print_rom_banner(esp_sim_t *sim)
{
    const sim_chip_t *chip = sim->chip;
    const sim_reset_text_t *reset = &chip->reset_text[sim->board.cause];
    uint32_t strap = sim_registers_read(sim, chip->strap_addr);
    send_garbage(sim);
    if (chip->has_old_boot_log) {
        sim_print(sim, "%srst cause:%u, boot mode:(%u,6)\r\n\r\n", chip->rom_banner, reset->code,
                  sim->board.is_download_next ? 1u : 3u);
        return;
    }
    sim_print(sim, "%srst:0x%x (%s),boot:0x%x (%s)\r\n", chip->rom_banner, reset->code, reset->text,
              (unsigned)strap,
              sim->board.is_download_next ? chip->boot_text_download : chip->boot_text_flash);
}

static void boot_from_flash(esp_sim_t *sim)
{
    sim->state = sim_boot_from_flash(sim) ? ESP_SIM_STATE_APP : ESP_SIM_STATE_BOOT_FAILED;
    sim_watchdog_firmware_runs(sim);
}

static void rom_is_ready(void *ctx)
{
    esp_sim_t *sim = ctx;
    if (!sim_board_is_usb(sim)) {
        sim_link_drop_received(sim);
        sim_uart_restart_autobaud(sim);
    }
    print_rom_banner(sim);
    if (sim->board.is_download_next) {
        if (!sim->chip->has_old_boot_log) {
            sim_print(sim, "waiting for download\r\n");
        }
        sim->state = ESP_SIM_STATE_DOWNLOAD_ROM;
        sim_flash_power_rom_starts(sim);
        sim_rom_start(sim);
    } else {
        boot_from_flash(sim);
    }
    sim_link_pump(sim);
}

static void stop(esp_sim_t *sim)
{
    sim_rom_stop(sim);
    sim_stub_stop(sim);
    sim_timer_clear(&sim->board.start_timer);
    sim_timer_clear(&sim->board.en_timer);
    sim->flash.busy_until_ns = 0;
    sim->flash.is_write_enabled = false;
    sim->flash.is_powered_down = false;
    sim->is_flash_attached = false;
}

/* A USB device that is reset with its peripheral leaves the bus and is enumerated again. */
static void drop_bus(esp_sim_t *sim)
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
    stop(sim);
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
    if (sim_board_is_usb(sim) && (cause != SIM_RESET_USJ || sim->faults.core_reset_drops_bus)) {
        board->is_download_flagged = false;
        drop_bus(sim);
    }
    if (!board->is_download_next) {
        sim_watchdog_firmware_runs(sim); /* from the first instruction of a flash boot */
    }
    sim->state = ESP_SIM_STATE_STARTING;
    sim_timer_set(&sim->clock, &board->start_timer, sim->clock.now_ns + sim->timing->rom_ready_ns);
}

void sim_chip_leave_loader(esp_sim_t *sim)
{
    sim_rom_stop(sim);
    sim_print(sim, "[sim] the ROM has left its loader; straps were not sampled again\r\n");
    boot_from_flash(sim);
}

void sim_chip_jump(esp_sim_t *sim, uint32_t entry)
{
    sim_rom_stop(sim);
    if (sim_stub_start(sim, entry)) {
        return;
    }
    sim->state = ESP_SIM_STATE_RAM_CODE;
    sim_print(sim, "[sim] jump to 0x%08x in RAM; no code is executed\r\n", (unsigned)entry);
}

/* ---- receiving ---- */

bool sim_chip_can_receive(const esp_sim_t *sim)
{
    if (sim->board.is_dead) {
        return false;
    }
    switch (sim->state) {
    case ESP_SIM_STATE_OFF:
    case ESP_SIM_STATE_STARTING:
        return false;
    case ESP_SIM_STATE_DOWNLOAD_ROM:
        return sim_rom_can_receive(sim);
    case ESP_SIM_STATE_DOWNLOAD_STUB:
    case ESP_SIM_STATE_APP:
    case ESP_SIM_STATE_BOOT_FAILED:
    case ESP_SIM_STATE_RAM_CODE:
        break;
    }
    return true;
}

bool sim_chip_is_listening(const esp_sim_t *sim)
{
    return sim->state != ESP_SIM_STATE_OFF && sim->state != ESP_SIM_STATE_STARTING;
}

void sim_chip_receive(esp_sim_t *sim, uint8_t byte)
{
    if (sim->state == ESP_SIM_STATE_DOWNLOAD_ROM) {
        sim_rom_receive(sim, byte);
    } else if (sim->state == ESP_SIM_STATE_DOWNLOAD_STUB) {
        sim_stub_receive(sim, byte);
    } /* firmware reads its console and does nothing with it */
}

/* ---- lines ---- */

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
        stop(sim);
        sim->state = ESP_SIM_STATE_OFF;
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

void esp_sim_host_set_lines(esp_sim_t *sim, bool dtr, bool rts)
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
        break;
    }
    sim_clock_run_until(&sim->clock, sim->clock.now_ns);
}

void sim_chip_check_write(esp_sim_t *sim)
{
    sim_board_t *board = &sim->board;
    if (is_usj(sim) && board->rts && !board->dtr && !board->has_reported_hold) {
        board->has_reported_hold = true;
        sim_misuse(sim, "bytes sent while the lines still ask for a reset (DTR 0, RTS 1)");
    }
}

/* ---- the bench ---- */

static void attach(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim_link_attach(sim);
    sim_trace(sim, "bus: attached");
}

void sim_board_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->board.start_timer, rom_is_ready, sim);
    sim_clock_add(&sim->clock, &sim->board.en_timer, en_has_risen, sim);
    sim_clock_add(&sim->clock, &sim->board.attach_timer, attach, sim);
}

void sim_board_power_on(esp_sim_t *sim, bool hold_boot)
{
    sim_board_t *board = &sim->board;
    board->dtr = board->rts = false;
    board->is_en_low = false;
    board->is_button_held = hold_boot;
    sim_chip_reset(sim, SIM_RESET_POWER);
    board->is_button_held = false;
    bool is_on_usb = sim->config.wiring != ESP_SIM_WIRING_NONE;
    if (sim->clock.now_ns == 0 || !is_on_usb) {
        sim_timer_clear(&board->attach_timer);
        sim_link_attach(sim);
    } else {
        drop_bus(sim);
    }
}

void esp_sim_unplug(esp_sim_t *sim)
{
    stop(sim);
    sim->state = ESP_SIM_STATE_OFF;
    sim_timer_clear(&sim->watchdog.rtc_timer);
    sim_timer_clear(&sim->watchdog.swd_timer);
    sim_timer_clear(&sim->board.attach_timer);
    sim_timer_clear(&sim->faults.plug_timer);
    sim_link_detach(sim);
    sim_trace(sim, "bus: unplugged");
}

void esp_sim_plug(esp_sim_t *sim, bool hold_boot)
{
    esp_sim_unplug(sim);
    sim_board_power_on(sim, hold_boot);
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

bool esp_sim_is_attached(const esp_sim_t *sim)
{
    return sim->link.is_attached;
}

uint32_t esp_sim_attach_count(const esp_sim_t *sim)
{
    return sim->link.attach_count;
}

esp_sim_state_t esp_sim_state(const esp_sim_t *sim)
{
    return sim->state;
}
