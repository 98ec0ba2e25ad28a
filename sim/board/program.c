/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which program runs, from the ROM's first instruction on.
 */
#include "board/program.h"

#include "boot/boot.h"
#include "state/model.h"

/* ---- starting and ending ---- */

static void send_garbage(esp_sim_t *sim)
{
    uint32_t noise = 1;
    for (uint32_t i = 0; i < sim->faults.boot_garbage; i++) {
        noise = noise * 1664525u + 1013904223u;
        uint8_t byte = (uint8_t)(noise >> 24);
        sim_link_send(sim, &byte, 1);
    }
}

static bool is_spi_download(const esp_sim_t *sim)
{
    return sim->board.is_download_next && sim->config.wiring == ESP_SIM_WIRING_SPI;
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
    const char *mode = sim->board.is_download_next ? chip->boot_text_download : chip->boot_text_flash;
    mode = is_spi_download(sim) ? "SPI_DOWNLOAD_BOOT" : mode;
    sim_print(sim, "%srst:0x%x (%s),boot:0x%x (%s)\r\n", chip->rom_banner, reset->code, reset->text,
              (unsigned)strap, mode);
}

static void boot_from_flash(esp_sim_t *sim)
{
    sim->state = sim_boot_from_flash(sim) ? ESP_SIM_STATE_APP : ESP_SIM_STATE_BOOT_FAILED;
    sim_watchdog_firmware_runs(sim);
}

static void execute_rom(esp_sim_t *sim)
{
    sim->link.is_autobaud = false; /* the ROM sets its rate itself */
    sim->state = sim->board.is_download_next ? ESP_SIM_STATE_DOWNLOAD_ROM : ESP_SIM_STATE_APP;
    sim_sdio_start(sim);
    sim_code_start(sim->code);
    sim_link_pump(sim);
}

void sim_program_start(esp_sim_t *sim)
{
    sim->board.is_app_echoing = false;
    if (!sim_wiring_is_usb(sim->config.wiring)) {
        sim_link_drop_received(sim);
        sim_uart_restart_autobaud(sim);
    }
    if (sim->code != NULL && (sim->board.is_download_next || sim->config.executes_boot)) {
        execute_rom(sim);
        return;
    }
    print_rom_banner(sim);
    if (sim->board.is_download_next && sim_efuse_forbids_download(sim)) {
        sim_print(sim, "Download boot modes disabled\r\n");
        sim->state = ESP_SIM_STATE_BOOT_FAILED;
    } else if (sim->board.is_download_next) {
        if (!sim->chip->has_old_boot_log) {
            sim_print(sim, is_spi_download(sim) ? "wait spi download\r\n" : "waiting for download\r\n");
        }
        sim->state = ESP_SIM_STATE_DOWNLOAD_ROM;
        sim_flash_power_rom_starts(sim);
        sim_rom_start(sim);
        if (is_spi_download(sim)) {
            sim_rom_spi_start(sim);
        }
        sim_sip_start(sim);
    } else {
        boot_from_flash(sim);
    }
    sim_link_pump(sim);
}

static void stop_rom(esp_sim_t *sim)
{
    sim_rom_stop(sim);
    sim_rom_spi_stop(sim);
}

void sim_program_stop(esp_sim_t *sim)
{
    if (sim->code != NULL) {
        sim_code_stop(sim->code);
    }
    stop_rom(sim);
    sim_sip_stop(sim);
    sim_sdio_stop(sim);
    sim_stub_stop(sim);
    sim->flash.busy_until_ns = 0;
    sim->flash.is_write_enabled = false;
    sim->flash.is_powered_down = false;
    sim->is_flash_attached = false;
}

void sim_program_leave_loader(esp_sim_t *sim)
{
    stop_rom(sim);
    sim_print(sim, "[sim] the ROM has left its loader; straps were not sampled again\r\n");
    boot_from_flash(sim);
}

void sim_program_jump(esp_sim_t *sim, uint32_t entry)
{
    stop_rom(sim);
    if (sim_stub_start(sim, entry)) {
        return;
    }
    sim->state = ESP_SIM_STATE_RAM_CODE;
    sim_print(sim, "[sim] jump to 0x%08x in RAM; no code is executed\r\n", (unsigned)entry);
}

/* ---- receiving ---- */

static bool executes(const esp_sim_t *sim)
{
    return sim->code != NULL && (sim->state == ESP_SIM_STATE_DOWNLOAD_ROM ||
                                 (sim->state == ESP_SIM_STATE_APP && sim->config.executes_boot));
}

bool sim_program_can_receive(const esp_sim_t *sim)
{
    if (sim->board.is_dead) {
        return false;
    }
    if (executes(sim)) {
        return sim_code_can_receive(sim->code);
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

void sim_program_receive(esp_sim_t *sim, uint8_t byte)
{
    if (executes(sim)) {
        sim_code_receive(sim->code, byte);
    } else if (sim->state == ESP_SIM_STATE_DOWNLOAD_ROM) {
        sim_rom_receive(sim, byte);
    } else if (sim->state == ESP_SIM_STATE_DOWNLOAD_STUB) {
        sim_stub_receive(sim, byte);
    } else if (sim->state == ESP_SIM_STATE_APP && sim->board.is_app_echoing) {
        sim_link_send(sim, &byte, 1);
    } /* other firmware reads its console and does nothing with it */
}

void sim_program_frame_taken(esp_sim_t *sim)
{
    if (sim->code != NULL) {
        sim_code_frame_taken(sim->code);
    }
}

void sim_program_slc_written(esp_sim_t *sim, uint32_t offset, uint32_t value)
{
    if (sim->code != NULL) {
        sim_code_slc_host_writes(sim->code, offset, value);
    }
}

void sim_program_receive_frame(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    if (executes(sim)) {
        sim_code_receive_frame(sim->code, data, size);
    } else if (sim->state == ESP_SIM_STATE_DOWNLOAD_ROM) {
        sim_sip_receive(sim, data, size);
    } else if (sim->state == ESP_SIM_STATE_DOWNLOAD_STUB) {
        sim_stub_receive_frame(sim, data, size);
    }
}

/* ---- the application ---- */

bool esp_sim_app_print(esp_sim_t *sim, const void *data, size_t size)
{
    if (sim->state == ESP_SIM_STATE_APP) {
        sim_link_send(sim, data, size);
    }
    return sim->state == ESP_SIM_STATE_APP;
}

bool esp_sim_app_set_rate(esp_sim_t *sim, uint32_t baud)
{
    if (sim->state == ESP_SIM_STATE_APP && !sim_wiring_is_usb(sim->config.wiring)) {
        sim_uart_set_rate(sim, baud);
    }
    return sim->state == ESP_SIM_STATE_APP;
}

bool esp_sim_app_set_echo(esp_sim_t *sim, bool is_on)
{
    sim->board.is_app_echoing = is_on;
    return sim->state == ESP_SIM_STATE_APP;
}
