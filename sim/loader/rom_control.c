/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * ROM commands that are about the connection and the chip: SYNC, registers, security information, rate.
 * Source: esptool 5.3 and its serial protocol document; a SYNC reply captured from an ESP32-C3 carries the
 * value 0x20120707.
 */
#include <string.h>

#include "state/model.h"

#define SYNC_VALUE 0x20120707u

void sim_rom_sync(esp_sim_t *sim, const sim_request_t *request)
{
    static const uint8_t START[] = {0x07, 0x07, 0x12, 0x20};
    bool is_right = memcmp(request->data, START, sizeof(START)) == 0;
    for (size_t i = sizeof(START); i < request->size; i++) {
        is_right = is_right && request->data[i] == 0x55;
    }
    if (!is_right) {
        sim_misuse(sim, "SYNC with other data than 07 07 12 20 and 32 times 55");
        sim_rom_refuse(sim, SIM_REASON_BAD_FORMAT);
        return;
    }
    if (sim->rom.syncs_ignored < sim->faults.ignored_syncs) {
        sim->rom.syncs_ignored++;
        sim_trace(sim, "fault: SYNC ignored");
        return;
    }
    sim->rom.has_synced = true;
    if (!sim_wiring_is_usb(sim->config.wiring)) {
        sim_uart_lock_rate(sim);
    }
    for (uint32_t i = 0; i < sim->faults.sync_replies; i++) {
        sim_rom_answer(sim, SYNC_VALUE, NULL, 0);
    }
}

void sim_rom_read_reg(esp_sim_t *sim, const sim_request_t *request)
{
    uint32_t addr = sim_request_word(request, 0);
    if (addr % 4 != 0) {
        sim_misuse(sim, "READ_REG of 0x%08X, not a multiple of 4", (unsigned)addr);
    }
    if (sim_registers_read_crashes(sim, addr)) {
        sim_misuse(sim, "READ_REG of 0x%08X, which stops this chip", (unsigned)addr);
        sim->board.is_dead = true;
        return;
    }
    uint32_t value = sim_registers_read(sim, addr);
    sim_trace(sim, "rom: 0x%08X is 0x%08X", (unsigned)addr, (unsigned)value);
    sim_rom_answer(sim, value, NULL, 0);
}

static void write_one(esp_sim_t *sim, const sim_request_t *request, size_t index)
{
    uint32_t addr = sim_request_word(request, index);
    uint32_t value = sim_request_word(request, index + 1);
    uint32_t mask = sim_request_word(request, index + 2);
    if (addr % 4 != 0) {
        sim_misuse(sim, "WRITE_REG of 0x%08X, not a multiple of 4", (unsigned)addr);
    }
    if (mask != 0xFFFFFFFFu) {
        value = (value & mask) | (sim_registers_read(sim, addr) & ~mask);
    }
    sim_trace(sim, "rom: 0x%08X := 0x%08X", (unsigned)addr, (unsigned)value);
    sim->rom.work_ns += SIM_NS(sim_request_word(request, index + 3));
    sim_registers_write(sim, addr, value);
}

/* As many as there are; a rest is ignored. */
void sim_rom_write_reg(esp_sim_t *sim, const sim_request_t *request)
{
    for (size_t i = 0; i < request->size / 16; i++) {
        write_one(sim, request, 4 * i);
    }
    sim_rom_answer(sim, 0, NULL, 0);
}

void sim_rom_security_info(esp_sim_t *sim, const sim_request_t *request)
{
    (void)request;
    uint8_t info[SIM_SECURITY_INFO_SIZE];
    sim_efuse_security_info(sim, info);
    sim_rom_answer(sim, 0, info, sim->chip->security_info_size);
}

void sim_rom_change_rate(esp_sim_t *sim, const sim_request_t *request)
{
    uint32_t baud = sim_request_word(request, 0);
    if (sim_request_word(request, 1) != 0) {
        sim_misuse(sim, "CHANGE_BAUDRATE: the ROM wants 0 as second word");
    }
    if (baud == 0) {
        sim_misuse(sim, "CHANGE_BAUDRATE to 0");
        sim_rom_refuse(sim, SIM_REASON_PARAMETER);
        return;
    }
    sim_rom_answer(sim, 0, NULL, 0);
    if (!sim_wiring_is_usb(sim->config.wiring)) {
        sim->rom.then = SIM_THEN_CHANGE_RATE;
        sim->rom.then_value = baud;
    }
}
