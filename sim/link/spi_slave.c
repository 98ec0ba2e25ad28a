/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A transaction: chip select low, command, address and a byte of dummy clocks, data in one direction, chip select high. What
 * the slave would not understand is lost, and reported as misuse.
 */
#include "link/spi_slave.h"

#include "state/model.h"

enum {
    WRITE_REGISTERS = 0x01,
    READ_REGISTERS = 0x02,
    WRITE_BUFFER = 0x03,
    READ_BUFFER = 0x04,
    BUFFER_WRITTEN = 0x07,
    BUFFER_READ = 0x08,
    NO_SLAVE = 0xFF, /* a line that nobody drives, with its pull-up */
};

static void misuse(esp_sim_t *sim, const char *what)
{
    if (!sim->spi_slave.is_disturbed) {
        sim_misuse(sim, "SPI: %s (command 0x%02X)", what, sim->spi_slave.preamble[0]);
    }
}

static bool is_input(uint8_t command)
{
    return command == READ_REGISTERS || command == READ_BUFFER;
}

static bool has_data(uint8_t command)
{
    return command >= WRITE_REGISTERS && command <= READ_BUFFER;
}

void sim_spi_slave_set_ops(esp_sim_t *sim, const sim_spi_slave_ops_t *ops)
{
    sim->spi_slave.ops = ops;
    sim->spi_slave.is_lost = true; /* what is under way began before */
}

/* ---- while chip select is low ---- */

/* The fault that acts on a place, as far as it is one of the chip's. */
static const sim_fault_t *check(esp_sim_t *sim, sim_place_t place)
{
    const sim_direction_t direction = is_input(sim->spi_slave.preamble[0]) ? SIM_IN : SIM_OUT;
    const sim_fault_t *fault = sim_faults_check(sim, place, direction, -1);
    if (fault != NULL && sim->events->fault(sim, fault)) {
        sim->spi_slave.is_lost = true;
    }
    if (fault != NULL) {
        sim->spi_slave.is_disturbed = true;
    }
    return fault;
}

static void take_preamble(esp_sim_t *sim, uint8_t byte)
{
    sim_spi_slave_t *slave = &sim->spi_slave;
    slave->preamble[slave->count] = byte;
    if (slave->count == 0) {
        slave->is_lost = slave->is_lost || sim_fault_is(check(sim, SIM_AT_TRANSFER), SIM_DO_DROP);
        if (!has_data(byte) && byte != BUFFER_WRITTEN && byte != BUFFER_READ) {
            misuse(sim, "unknown command");
            slave->is_lost = true;
        }
    } else if (slave->count == 2 && slave->preamble[0] == READ_BUFFER && !slave->is_lost) {
        slave->offered = slave->ops->offered(sim, slave->data, sizeof(slave->data));
        if (slave->offered == 0) {
            misuse(sim, "a frame is read and there is none");
        }
    }
}

static uint8_t give(esp_sim_t *sim, size_t at)
{
    sim_spi_slave_t *slave = &sim->spi_slave;
    if (slave->preamble[0] == READ_BUFFER) {
        return at < slave->offered ? slave->data[at] : 0;
    }
    if (slave->preamble[1] + at >= SIM_SPI_REGISTERS) {
        misuse(sim, "registers beyond the last are read");
        return NO_SLAVE;
    }
    return slave->ops->load(sim, slave->preamble[1] + (unsigned)at);
}

static void take(esp_sim_t *sim, size_t at, uint8_t byte)
{
    sim_spi_slave_t *slave = &sim->spi_slave;
    if (!has_data(slave->preamble[0])) {
        misuse(sim, "data with a command that has none");
    } else if (at >= sizeof(slave->data)) {
        misuse(sim, "a frame longer than any buffer");
        slave->is_lost = true;
    } else {
        slave->data[at] = byte;
    }
}

static void clock_byte(esp_sim_t *sim, const uint8_t *out, uint8_t *in)
{
    sim_spi_slave_t *slave = &sim->spi_slave;
    const size_t count = slave->count;
    uint8_t answer = NO_SLAVE;
    if (count < SIM_SPI_PREAMBLE) {
        if (out == NULL) {
            misuse(sim, "the host reads where the command is");
        }
        take_preamble(sim, out == NULL ? 0 : *out);
    } else {
        const bool reads = is_input(slave->preamble[0]);
        if (reads == (in == NULL) && !slave->is_lost) {
            misuse(sim, reads ? "data is not read" : "data is not written");
        }
        const sim_fault_t *fault = check(sim, SIM_AT_BYTE);
        const uint8_t flips = sim_fault_is(fault, SIM_DO_CORRUPT) ? fault->value : 0;
        if (slave->is_lost) {
            answer = NO_SLAVE;
        } else if (reads) {
            answer = give(sim, count - SIM_SPI_PREAMBLE) ^ flips;
        } else {
            take(sim, count - SIM_SPI_PREAMBLE, (out == NULL ? 0 : *out) ^ flips);
        }
    }
    slave->count++;
    if (in != NULL) {
        *in = answer;
    }
}

void sim_spi_slave_transfer(esp_sim_t *sim, const uint8_t *out, uint8_t *in, size_t size)
{
    if (!sim->spi_slave.is_selected) {
        misuse(sim, "bytes without chip select");
        return;
    }
    for (size_t i = 0; i < size; i++) {
        clock_byte(sim, out == NULL ? NULL : out + i, in == NULL ? NULL : in + i);
    }
    sim->stats.bytes_out += out != NULL ? size : 0;
    sim->stats.bytes_in += in != NULL ? size : 0;
}

/* ---- when it rises ---- */

static void store_registers(esp_sim_t *sim, size_t size)
{
    sim_spi_slave_t *slave = &sim->spi_slave;
    const unsigned address = slave->preamble[1];
    if (size > SIM_SPI_REGISTERS || address > SIM_SPI_REGISTERS - size) {
        misuse(sim, "registers beyond the last are written");
        return;
    }
    for (unsigned i = 0; i < size; i++) {
        slave->ops->store(sim, address + i, slave->data[i]);
    }
    slave->ops->written(sim, address, size);
}

static void finish(esp_sim_t *sim, size_t size)
{
    sim_spi_slave_t *slave = &sim->spi_slave;
    switch (slave->preamble[0]) {
    case WRITE_REGISTERS:
        store_registers(sim, size);
        break;
    case WRITE_BUFFER:
        if (!slave->ops->received(sim, slave->data, size)) {
            misuse(sim, "a frame is written and nobody waits for it");
        }
        break;
    case READ_BUFFER:
        if (slave->offered != 0 && size != slave->offered) {
            misuse(sim, "a frame is read with another length than it has");
        }
        if (slave->offered != 0) {
            slave->ops->taken(sim);
        }
        break;
    default: /* what the host says about buffers, the slave knows from chip select */
        break;
    }
}

void sim_spi_slave_select(esp_sim_t *sim, bool is_selected)
{
    sim_spi_slave_t *slave = &sim->spi_slave;
    if (is_selected == slave->is_selected) {
        return;
    }
    slave->is_selected = is_selected;
    if (is_selected) {
        slave->count = slave->offered = 0;
        slave->is_lost = slave->ops == NULL;
    } else if (slave->count < SIM_SPI_PREAMBLE) {
        misuse(sim, "chip select rises before command, address and dummy");
    } else if (!slave->is_lost) {
        finish(sim, slave->count - SIM_SPI_PREAMBLE);
    }
}
