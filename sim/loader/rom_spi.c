/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "loader/rom_spi.h"

#include <string.h>

#include "state/model.h"

enum {
    VERSION = 0, /* addresses of the registers */
    INPUT_STATUS = 4,
    OUTPUT_STATUS = 8,
    MAILBOX = 12,
    INIT = 2, /* in both statuses, beside the phase in bit 0 and the length above */
    ROOM = 0x2000,
    IDLE = 0xAA,
    READY = 0xA5,
    REBOOT = 0xFE,
    DONE = 0x55,
    REASON_REQUEST = 5,
    STATUS_AT = 8, /* in a reply */
};

/* The ROM clears its buffer between saying that it is there and taking frames. */
#define CLEARING_NS SIM_NS(200)

static void set(esp_sim_t *sim, unsigned address, uint32_t value)
{
    sim_put32(&sim->rom_spi.registers[address], value);
}

static void take_frames(void *ctx)
{
    esp_sim_t *sim = ctx;
    sim_rom_spi_t *spi = &sim->rom_spi;
    spi->is_armed = true;
    set(sim, INPUT_STATUS, (uint32_t)ROOM << 2 | spi->in_phase);
}

/* ---- what the host does ---- */

static uint8_t load(esp_sim_t *sim, unsigned address)
{
    return sim->rom_spi.registers[address];
}

static void store(esp_sim_t *sim, unsigned address, uint8_t byte)
{
    if (address < MAILBOX) {
        sim_misuse(sim, "SPI: the host writes a register of the slave, %u", address);
    }
    sim->rom_spi.registers[address] = byte;
}

static void written(esp_sim_t *sim, unsigned address, size_t size)
{
    (void)address;
    (void)size;
    if (sim->rom_spi.registers[MAILBOX] == REBOOT) {
        sim->events->reset(sim, SIM_RESET_SOFTWARE);
    } else if (sim->rom_spi.registers[MAILBOX] == READY) {
        sim->rom.has_synced = true;
    }
}

static bool is_served(uint8_t opcode)
{
    return opcode == SIM_OP_MEM_BEGIN || opcode == SIM_OP_MEM_DATA || opcode == SIM_OP_MEM_END ||
           opcode == SIM_OP_READ_REG || opcode == SIM_OP_WRITE_REG;
}

/* A reply is ready. */
static void offer(esp_sim_t *sim, const uint8_t *frame, size_t size)
{
    sim_rom_spi_t *spi = &sim->rom_spi;
    size = size < sizeof(spi->reply) ? size : sizeof(spi->reply);
    memcpy(spi->reply, frame, size);
    spi->reply_size = size;
    const bool is_memory = spi->reply[1] >= SIM_OP_MEM_BEGIN && spi->reply[1] <= SIM_OP_MEM_DATA;
    if (spi->reply[STATUS_AT] != 0 || !is_memory) {
        spi->reason = spi->reply[STATUS_AT + 1];
    }
    spi->reply[STATUS_AT + 1] = spi->reason; /* what loads memory sets none when it succeeds */
    set(sim, OUTPUT_STATUS, (uint32_t)size << 2 | spi->out_phase | (spi->has_answered ? 0u : INIT));
    spi->has_answered = true;
}

/* What it does not know it refuses without naming it. */
static void refuse(esp_sim_t *sim, const char *why)
{
    static const uint8_t REPLY[12] = {1, 0, 4, 0, 0, 0, 0, 0, 1, REASON_REQUEST, 0, 0};
    if (!sim->spi_slave.is_disturbed) {
        sim_misuse(sim, "SPI: %s", why);
    }
    offer(sim, REPLY, sizeof(REPLY));
}

static bool received(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    sim_rom_spi_t *spi = &sim->rom_spi;
    if (!spi->is_armed) {
        return false;
    }
    if (!sim->rom.has_synced) {
        sim_misuse(sim, "SPI: a frame before the mailbox says that there is a host");
        sim->rom.has_synced = true;
    }
    spi->is_armed = false;
    set(sim, INPUT_STATUS, spi->in_phase);
    memset(spi->frame, 0, sizeof(spi->frame));
    memcpy(spi->frame, data, size < sizeof(spi->frame) ? size : sizeof(spi->frame));
    const size_t data_size = spi->frame[2] | (size_t)spi->frame[3] << 8;
    if (size < SIM_HEADER_SIZE || spi->frame[0] != 0 || data_size > size - SIM_HEADER_SIZE) {
        refuse(sim, "a frame that begins wrongly, or ends before its data");
    } else if (!is_served(spi->frame[1])) {
        refuse(sim, "a command that this ROM does not serve over SPI");
    } else {
        if (data_size < size - SIM_HEADER_SIZE) {
            sim_misuse(sim, "SPI: a frame longer than its length field says");
        }
        sim_rom_execute(sim, spi->frame, SIM_HEADER_SIZE + data_size);
    }
    return true;
}

static size_t offered(esp_sim_t *sim, uint8_t *out, size_t capacity)
{
    const sim_rom_spi_t *spi = &sim->rom_spi;
    const size_t size = spi->reply_size < capacity ? spi->reply_size : capacity;
    memcpy(out, spi->reply, size);
    return size;
}

static void taken(esp_sim_t *sim)
{
    sim_rom_spi_t *spi = &sim->rom_spi;
    spi->reply_size = 0;
    set(sim, OUTPUT_STATUS, spi->out_phase);
    spi->in_phase ^= 1;
    spi->out_phase ^= 1;
    if (sim->rom.then == SIM_THEN_JUMP) {
        set(sim, MAILBOX, DONE);
    } else {
        take_frames(sim);
    }
    if (sim->rom.is_busy) {
        sim_rom_finish(sim);
    }
}

/* ---- life ---- */

void sim_rom_spi_init(esp_sim_t *sim)
{
    sim_clock_add(&sim->clock, &sim->rom_spi.timer, take_frames, sim);
}

void sim_rom_spi_start(esp_sim_t *sim)
{
    static const sim_spi_slave_ops_t OPS = {load, store, written, received, offered, taken};
    sim_rom_spi_t *spi = &sim->rom_spi;
    memset(spi->registers, 0, sizeof(spi->registers));
    spi->is_armed = spi->has_answered = false;
    spi->reply_size = 0;
    spi->reason = 0;
    spi->in_phase = 1;
    spi->out_phase = 0;
    set(sim, VERSION, sim_spi_download_find(sim->chip->name)->version);
    set(sim, INPUT_STATUS, (uint32_t)ROOM << 2 | INIT);
    set(sim, OUTPUT_STATUS, INIT | 1);
    set(sim, MAILBOX, IDLE);
    sim_timer_set(&sim->clock, &spi->timer, sim->clock.now_ns + CLEARING_NS);
    sim->rom.offer = offer;
    sim_spi_slave_set_ops(sim, &OPS);
}

void sim_rom_spi_stop(esp_sim_t *sim)
{
    sim_timer_clear(&sim->rom_spi.timer);
    sim->rom.offer = NULL;
    if (sim->config.wiring == ESP_SIM_WIRING_SPI) {
        sim_spi_slave_set_ops(sim, NULL);
    }
}
