/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A packet: type (0 = control), flags, length of it all, command, sequence number; then what the command wants. The ROM
 * looks at the command alone: 1 writes memory, 3 writes a register, 5 boots, 12 is sent back, all others do nothing; our
 * strict mode looks at the rest, too. The packet is carried out in the interrupt handler, in which the buffer becomes free.
 * Source: sip_boot_rx_ctrl(), sip_download_begin() and slc_init_attach() in the ROMs of C5, C6 and C61 (esp-rom-elfs).
 */
#include "loader/sip.h"

#include <string.h>

#include "loader/rom.h"
#include "state/model.h"

enum { HEADER_SIZE = 12, FLAG_SYNC = 0x04 };
enum { WRITE_MEMORY = 1, WRITE_REG = 3, BOOTUP = 5 };

/* An interrupt and a copy of 236 bytes: our choice. */
#define WORK_NS SIM_NS(20)

static void write_memory(esp_sim_t *sim, const uint8_t *body, size_t size)
{
    uint32_t addr = sim_get32(body);
    uint32_t length = sim_get32(body + 4);
    if (length > size - 8 || !sim_rom_is_ram(sim, addr, length)) {
        sim_misuse(sim, "WRITE_MEMORY of %u bytes to 0x%08X, of which there are %zu", (unsigned)length,
                   (unsigned)addr, size - 8);
        sim->board.is_dead = true;
        return;
    }
    sim_memory_write(&sim->memory, addr, body + 8, length);
    sim_stub_note_more(sim, addr, length);
    sim->sip.writes++;
}

static void boot(esp_sim_t *sim, const uint8_t *body)
{
    sim_sip_t *sip = &sim->sip;
    uint32_t entry = sim_get32(body);
    sip->is_over = true;
    if (sip->writes == 0) {
        sim_misuse(sim, "BOOTUP without WRITE_MEMORY: the ROM waits on");
        return;
    }
    if (!sim_rom_is_ram(sim, entry, 4)) {
        sim_misuse(sim, "BOOTUP: entry 0x%08X is outside RAM", (unsigned)entry);
    }
    sim->events->jump(sim, entry);
}

static void check_packet(esp_sim_t *sim, const uint8_t *packet, size_t size)
{
    size_t length = packet[2] | (size_t)packet[3] << 8;
    uint32_t number = sim_get32(packet + 8);
    if (packet[0] != 0 || length != size || size % 4 != 0) {
        sim_misuse(sim, "SIP packet of type %u that says %zu bytes and has %zu", packet[0], length, size);
    }
    if ((packet[1] & FLAG_SYNC) == 0 && number != sim->sip.expected++) {
        sim_misuse(sim, "SIP packet %u, expected %u", (unsigned)number, (unsigned)sim->sip.expected - 1);
    }
}

static void carry_out(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim_sip_t *sip = &sim->sip;
    const uint8_t *body = sip->packet + HEADER_SIZE;
    size_t size = sip->size - HEADER_SIZE;
    uint32_t command = sim_get32(sip->packet + 4);
    sip->is_busy = false;
    sim_trace(sim, "rom: SIP command %u, %zu bytes", (unsigned)command, size);
    if (command == BOOTUP && size >= 8) {
        bool is_kept = sim_get32(body + 4) != 0;
        if (!is_kept) {
            sim_sdio_set_credits(sim, (uint16_t)(sim->sdio.credits + 1));
        }
        sip->is_busy = is_kept;
        boot(sim, body);
        return;
    }
    if (command == WRITE_MEMORY && size >= 8) {
        write_memory(sim, body, size);
    } else if (command == WRITE_REG && size >= 8) {
        sim_registers_write(sim, sim_get32(body), sim_get32(body + 4));
    } else {
        sim_misuse(sim, "SIP command %u with %zu bytes", (unsigned)command, size);
    }
    if (!sim->board.is_dead) {
        sim_sdio_set_credits(sim, (uint16_t)(sim->sdio.credits + 1));
        sim->link.is_disturbed = false;
    }
}

void sim_sip_receive(esp_sim_t *sim, const uint8_t *packet, size_t size)
{
    sim_sip_t *sip = &sim->sip;
    if (sip->is_busy || sip->is_over || sim->board.is_dead) {
        sim_misuse(sim, "SIP packet while the ROM has no free buffer: lost");
        return;
    }
    if (size < HEADER_SIZE || size > SIM_SIP_PACKET_MAX) {
        sim_misuse(sim, "SIP packet of %zu bytes, the ROM's buffer has %u", size,
                   (unsigned)SIM_SIP_PACKET_MAX);
        sim->board.is_dead = size > SIM_SIP_PACKET_MAX;
        return;
    }
    sim->stats.commands++;
    check_packet(sim, packet, size);
    memcpy(sip->packet, packet, size);
    sip->size = size;
    sip->is_busy = true;
    sim_timer_set(&sim->clock, &sip->timer,
                  sim->clock.now_ns + (sim->config.timing == ESP_SIM_TIMING_FAST ? 0 : WORK_NS));
}

void sim_sip_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->sip.timer, carry_out, sim);
}

void sim_sip_start(esp_sim_t *sim)
{
    sim_sip_stop(sim);
    sim->sip.writes = sim->sip.expected = 0;
    sim->sip.is_over = false;
    sim_sdio_start(sim);
}

void sim_sip_stop(esp_sim_t *sim)
{
    sim_timer_clear(&sim->sip.timer);
    sim->sip.is_busy = false;
}
