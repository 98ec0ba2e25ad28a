/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The general-purpose SPI controller as a half-duplex slave, with the channel of the DMA that it uses: what happens on the
 * bus (link/spi_slave.c) as the code sees it. Source: technical reference manuals of ESP32-C3, S3 and H2, chapters "SPI
 * Controller" and "GDMA Controller"; ESP-IDF, register headers (spi, gdma).
 */
#include <string.h>

#include "rom/code_state.h"
#include "state/model.h"

enum {
    INT_ENABLE = 0x34,
    INT_CLEAR = 0x38,
    INT_RAW = 0x3C,
    BUFFER = 0x98, /* the registers that both sides see */
    READ_BY_DMA_DONE = 1 << 8,
    WRITE_BY_DMA_DONE = 1 << 9,
    REGISTERS_WRITTEN = 1 << 11,
    IN_START = 1 << 22,
    OUT_START = 1 << 21,
    LINK_ADDRESS = 0xFFFFF,
    /* a descriptor's first word; the address of its bytes and the next descriptor follow */
    DESCRIPTOR_SIZE = 0xFFF,
    DESCRIPTOR_LENGTH_SHIFT = 12,
    DESCRIPTORS = 8, /* more than any ROM links */
};

static const uint32_t DESCRIPTOR_END = 1u << 30, DESCRIPTOR_OF_DMA = 1u << 31;

static uint8_t *bytes_at(sim_code_t *code, uint32_t address, size_t size)
{
    size_t left;
    uint8_t *bytes = sim_code_bytes(code, address, &left);
    return bytes != NULL && left >= size ? bytes : NULL;
}

static void raise_interrupt(sim_code_t *code, uint32_t interrupt)
{
    code->slave.raw |= interrupt;
    sim_code_active(code);
    code->lines_at = code->core->count;
    code->is_asleep = false;
    sim_timer_set(&code->sim->clock, &code->timer, code->sim->clock.now_ns);
}

/* ---- the bus ---- */

static uint8_t load(esp_sim_t *sim, unsigned address)
{
    uint8_t byte;
    sim_memory_read(&sim->memory, sim->code->chip->slave.base + BUFFER + address, &byte, 1);
    return byte;
}

static void store(esp_sim_t *sim, unsigned address, uint8_t byte)
{
    sim_memory_write(&sim->memory, sim->code->chip->slave.base + BUFFER + address, &byte, 1);
}

static void written(esp_sim_t *sim, unsigned address, size_t size)
{
    (void)address;
    (void)size;
    raise_interrupt(sim->code, REGISTERS_WRITTEN);
}

/* Into the descriptors that the code has linked, as far as they go. */
static bool received(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    sim_code_t *code = sim->code;
    uint32_t at = code->slave.in_link;
    if (at == 0) {
        return false;
    }
    for (unsigned i = 0; i < DESCRIPTORS && at != 0; i++) {
        uint8_t *descriptor = bytes_at(code, at, 12);
        const uint32_t room = descriptor == NULL ? 0 : sim_get32(descriptor) & DESCRIPTOR_SIZE;
        const size_t count = size < room ? size : room;
        uint8_t *bytes = descriptor == NULL ? NULL : bytes_at(code, sim_get32(descriptor + 4), count);
        if (bytes == NULL) {
            break;
        }
        memcpy(bytes, data, count);
        data += count;
        size -= count;
        sim_put32(descriptor,
                  room | (uint32_t)count << DESCRIPTOR_LENGTH_SHIFT | (size == 0 ? DESCRIPTOR_END : 0));
        at = size == 0 ? 0 : sim_get32(descriptor + 8);
    }
    code->slave.in_link = 0;
    code->slave.in_raw |= code->chip->slave.in_done;
    raise_interrupt(code, WRITE_BY_DMA_DONE);
    return true;
}

static size_t offered(esp_sim_t *sim, uint8_t *out, size_t capacity)
{
    sim_code_t *code = sim->code;
    uint32_t at = code->slave.out_link;
    size_t size = 0;
    for (unsigned i = 0; i < DESCRIPTORS && at != 0; i++) {
        const uint8_t *descriptor = bytes_at(code, at, 12);
        const uint32_t word = descriptor == NULL ? 0 : sim_get32(descriptor);
        const size_t length = word >> DESCRIPTOR_LENGTH_SHIFT & DESCRIPTOR_SIZE;
        const uint8_t *bytes = descriptor == NULL ? NULL : bytes_at(code, sim_get32(descriptor + 4), length);
        if (bytes == NULL || length > capacity - size || (word & DESCRIPTOR_OF_DMA) == 0) {
            break;
        }
        memcpy(out + size, bytes, length);
        size += length;
        at = (word & DESCRIPTOR_END) != 0 ? 0 : sim_get32(descriptor + 8);
    }
    return size;
}

static void taken(esp_sim_t *sim)
{
    sim->code->slave.out_link = 0;
    sim->code->slave.out_raw |= sim->code->chip->slave.out_done;
    raise_interrupt(sim->code, READ_BY_DMA_DONE);
}

/* ---- the code ---- */

void sim_code_slave_start(sim_code_t *code)
{
    static const sim_spi_slave_ops_t OPS = {load, store, written, received, offered, taken};
    memset(&code->slave, 0, sizeof(code->slave));
    if (code->chip->slave.base != 0 && code->sim->config.wiring == ESP_SIM_WIRING_SPI) {
        sim_spi_slave_set_ops(code->sim, &OPS);
    }
}

void sim_code_slave_stop(sim_code_t *code)
{
    if (code->sim->config.wiring == ESP_SIM_WIRING_SPI) {
        sim_spi_slave_set_ops(code->sim, NULL);
    }
}

bool sim_code_slave_interrupts(const sim_code_t *code)
{
    const uint32_t base = code->chip->slave.base;
    return base != 0 && (code->slave.raw & sim_code_kept(code, base + INT_ENABLE)) != 0;
}

bool sim_code_slave_load(const sim_code_t *code, uint32_t address, uint32_t *value)
{
    const sim_code_slave_t *slave = &code->chip->slave;
    if (slave->base == 0) {
        return false;
    }
    if (address == slave->base + INT_RAW) {
        *value = code->slave.raw;
    } else if (address == slave->in_raw) {
        *value = code->slave.in_raw | (slave->in_raw == slave->out_raw ? code->slave.out_raw : 0);
    } else if (address == slave->out_raw) {
        *value = code->slave.out_raw;
    } else {
        return false;
    }
    return true;
}

/* What is cleared by writing reads as 0: it is not kept. */
bool sim_code_slave_store(sim_code_t *code, uint32_t address, uint32_t value)
{
    const sim_code_slave_t *slave = &code->chip->slave;
    if (slave->base == 0) {
        return false;
    }
    if (address == slave->base + INT_CLEAR) {
        code->slave.raw &= ~value;
        sim_code_update_lines(code, 1);
        return true;
    }
    if (address == slave->base + INT_ENABLE) {
        sim_code_update_lines(code, 1);
        return false;
    }
    if (address == slave->in_clear || address == slave->out_clear) {
        code->slave.in_raw &= address == slave->in_clear ? ~value : UINT32_MAX;
        code->slave.out_raw &= address == slave->out_clear ? ~value : UINT32_MAX;
        return true;
    }
    if (address == slave->in_link && (value & IN_START) != 0) {
        code->slave.in_link = slave->ram | (value & LINK_ADDRESS);
    } else if (address == slave->out_link && (value & OUT_START) != 0) {
        code->slave.out_link = slave->ram | (value & LINK_ADDRESS);
    }
    return false;
}
