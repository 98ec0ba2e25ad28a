/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Replies, and how a command ends. A reply: direction 1, opcode, length, value, payload, status bytes.
 * Source: esptool 5.3 and its serial protocol document.
 */
#include <string.h>

#include "state/model.h"

enum { MAX_PAYLOAD = 64, REPLY_MAX = SIM_HEADER_SIZE + MAX_PAYLOAD + 4, UNSUPPORTED_REPLIES = 8 };

static void add_frame(esp_sim_t *sim, uint8_t opcode, uint32_t value, const uint8_t *body, size_t size)
{
    sim_rom_t *rom = &sim->rom;
    uint8_t frame[REPLY_MAX] = {1, opcode, (uint8_t)size, 0};
    sim_put32(frame + 4, value);
    memcpy(frame + SIM_HEADER_SIZE, body, size);
    if (rom->reply_capacity - rom->reply_size < 2 * sizeof(frame) + 2) {
        rom->reply_capacity += 4 * sizeof(frame);
        rom->reply = sim_realloc(rom->reply, rom->reply_capacity);
    }
    if (rom->offer != NULL) {
        memcpy(rom->reply, frame, SIM_HEADER_SIZE + size);
        rom->reply_size = SIM_HEADER_SIZE + size;
        return;
    }
    rom->reply_size += sim_slip_encode(frame, SIM_HEADER_SIZE + size, rom->reply + rom->reply_size);
}

void sim_rom_answer(esp_sim_t *sim, uint32_t value, const void *payload, size_t size)
{
    uint8_t body[MAX_PAYLOAD + 4] = {0};
    if (size > 0) {
        memcpy(body, payload, size);
    }
    add_frame(sim, sim->rom.opcode, value, body, size + sim->chip->status_size);
}

void sim_rom_refuse(esp_sim_t *sim, sim_reason_t reason)
{
    uint8_t status[4] = {1, (uint8_t)reason, 0, 0};
    sim->rom.then = SIM_THEN_STAY;
    add_frame(sim, sim->rom.opcode, 0, status, sim->chip->status_size);
    sim_trace(sim, "rom: refused, reason 0x%02X", reason);
}

void sim_rom_answer_unsupported(esp_sim_t *sim)
{
    uint8_t status[4] = {1, SIM_REASON_BAD_FORMAT, 0, 0};
    for (unsigned i = 0; i < UNSUPPORTED_REPLIES; i++) {
        add_frame(sim, 0, 0, status, sim->chip->status_size);
    }
}

void sim_rom_finish(esp_sim_t *sim)
{
    sim_rom_t *rom = &sim->rom;
    sim_then_t then = rom->then;
    rom->is_busy = false;
    rom->reply_size = 0;
    rom->then = SIM_THEN_STAY;
    switch (then) {
    case SIM_THEN_STAY:
        break;
    case SIM_THEN_LEAVE:
        sim->events->leave_loader(sim);
        break;
    case SIM_THEN_JUMP:
        sim->events->jump(sim, rom->then_value);
        break;
    case SIM_THEN_CHANGE_RATE:
        sim_uart_set_rate(sim, sim_crystal_rom_rate(sim, rom->then_value));
        sim_link_send(sim, "\xC0\xC0", 2); /* noise seen around the switch */
        break;
    }
    sim_link_pump(sim);
}

/* The command is done and its reply can go. */
static void send_reply(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim_rom_t *rom = &sim->rom;
    const sim_fault_t *fault = NULL;
    if (!rom->is_reply_checked && rom->reply_size > 0) {
        rom->is_reply_checked = true;
        fault = sim_faults_check(sim, SIM_AT_REPLY, SIM_IN, rom->opcode);
    }
    if (fault != NULL && sim->events->fault(sim, fault)) {
        if (!rom->is_busy) {
            return; /* the chip was reset or unplugged */
        }
    }
    if (sim_fault_is(fault, SIM_DO_DELAY)) {
        sim_timer_set(&sim->clock, &rom->timer, sim->clock.now_ns + fault->time_ns);
        return;
    }
    if (sim_fault_is(fault, SIM_DO_CORRUPT)) {
        rom->reply[rom->reply_size / 2] ^= fault->value;
    }
    if (rom->offer != NULL) {
        if (!sim_fault_is(fault, SIM_DO_DROP)) {
            rom->offer(sim, rom->reply, rom->reply_size);
        }
        return; /* it is over when the host has read it */
    }
    if (!sim_fault_is(fault, SIM_DO_DROP)) {
        sim_link_send(sim, rom->reply, rom->reply_size);
    }
    if (sim_fault_is(fault, SIM_DO_DUPLICATE)) {
        sim_link_send(sim, rom->reply, rom->reply_size);
    }
    sim_rom_finish(sim);
}

void sim_rom_run_job(esp_sim_t *sim, void (*on_done)(esp_sim_t *sim))
{
    sim->rom.is_job_running = true;
    uint64_t delay_ns = sim->timing->turnaround_ns + sim->rom.work_ns;
    sim_flash_job_run(&sim->rom.job, delay_ns, sim->chip->flash_address_mask, on_done);
}

void sim_rom_job_done(esp_sim_t *sim)
{
    sim->rom.is_job_running = false;
    send_reply(sim);
}

void sim_rom_reply_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->rom.timer, send_reply, sim);
}
