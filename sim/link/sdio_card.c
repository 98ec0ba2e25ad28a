/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Transactions on the bus, and function 0: the card's own registers and its CIS.
 */
#include "link/sdio.h"

#include <string.h>

#include "state/model.h"

enum {
    IO_ENABLE = 0x02,
    IO_READY = 0x03,
    IO_ABORT = 0x06,
    CIS_POINTER = 0x09,
    FUNCTION_1 = 0x02,
    RESET = 0x08
};
enum { CIS = 0x1000, CIS_SIZE = 512, TUPLE_MANFID = 0x20, TUPLE_FUNCID = 0x21, TUPLE_END = 0xFF };

static const uint8_t CCCR[SIM_SDIO_CCCR] = {
    [0x00] = 0x43, /* CCCR 3.00, SDIO 3.00 */
    [0x01] = 0x03, /* SD 3.01 */
    [0x08] = 0x02, /* multi-block; 4-bit is the default of a full-speed card */
    [CIS_POINTER + 1] = CIS >> 8,
    [0x12] = 0x02,
    [0x13] = 0x01, /* it can do high speed */
};

/* The SDIO slave answers while the ROM waits for a download, and goes on when a program was started through it. */
static bool has_slave(const esp_sim_t *sim)
{
    return sim->config.wiring == ESP_SIM_WIRING_SDIO && sim->link.is_attached &&
           !sim->faults.sdio.is_absent && !sim->config.is_secure_download &&
           (sim->state == ESP_SIM_STATE_DOWNLOAD_ROM || sim->state == ESP_SIM_STATE_DOWNLOAD_STUB ||
            sim->state == ESP_SIM_STATE_RAM_CODE);
}

static bool is_held(const esp_sim_t *sim)
{
    return sim->clock.now_ns < sim->link.out_hold_ns || sim->clock.now_ns < sim->link.in_hold_ns;
}

static void reset_card(esp_sim_t *sim)
{
    memcpy(sim->sdio.cccr, CCCR, sizeof(CCCR));
    sim->sdio.ready_ns = SIM_NEVER;
}

esp_sim_sdio_t esp_sim_sdio_init(esp_sim_t *sim)
{
    sim->sdio.is_selected = has_slave(sim) && !is_held(sim);
    if (!sim->sdio.is_selected) {
        return ESP_SIM_SDIO_NO_ANSWER;
    }
    reset_card(sim);
    sim_trace(sim, "sdio: card selected");
    return ESP_SIM_SDIO_DONE;
}

/* ---- function 0 ---- */

static uint8_t read_cis(const esp_sim_t *sim, uint32_t offset)
{
    const sim_sdio_faults_t *faults = &sim->faults.sdio;
    uint32_t vendor = faults->vendor != 0 ? faults->vendor : 0x0092;
    uint32_t device = faults->device != 0 ? faults->device : sim->chip->sdio_device_id;
    const uint8_t tuples[] = {TUPLE_FUNCID,
                              2,
                              0x0C,
                              0,
                              TUPLE_MANFID,
                              4,
                              (uint8_t)vendor,
                              (uint8_t)(vendor >> 8),
                              (uint8_t)device,
                              (uint8_t)(device >> 8)};
    if (offset < faults->fillers) {
        return 0;
    }
    offset -= faults->fillers;
    return offset < sizeof(tuples) ? tuples[offset] : TUPLE_END;
}

static bool is_ready(const esp_sim_t *sim)
{
    return sim->clock.now_ns >= sim->sdio.ready_ns;
}

static uint8_t read_common(const esp_sim_t *sim, uint32_t address)
{
    if (address >= CIS && address < CIS + CIS_SIZE) {
        return read_cis(sim, address - CIS);
    }
    if (address == IO_READY) {
        return is_ready(sim) ? FUNCTION_1 : 0;
    }
    return address < SIM_SDIO_CCCR ? sim->sdio.cccr[address] : 0;
}

static void write_common(esp_sim_t *sim, uint32_t address, uint8_t value)
{
    sim_sdio_t *sdio = &sim->sdio;
    bool was_enabled = (sdio->cccr[IO_ENABLE] & FUNCTION_1) != 0;
    static const uint8_t WRITABLE[] = {IO_ENABLE, 0x04, 0x07, 0x10, 0x11, 0x13};
    if (address == IO_ABORT && (value & RESET) != 0) {
        reset_card(sim);
    } else if (address < SIM_SDIO_CCCR && memchr(WRITABLE, (int)address, sizeof(WRITABLE)) != NULL) {
        sdio->cccr[address] = value;
    } else {
        sim_misuse(sim, "SDIO: write to 0x%05X of function 0", (unsigned)address);
    }
    bool is_enabled = (sdio->cccr[IO_ENABLE] & FUNCTION_1) != 0;
    if (!is_enabled) {
        sdio->ready_ns = SIM_NEVER;
    } else if (!was_enabled) {
        sdio->ready_ns = sim->clock.now_ns + sim->faults.sdio.ready_ns;
    }
}

/* ---- transactions ---- */

static bool is_in_range(const esp_sim_t *sim, uint32_t function, uint32_t address, size_t size)
{
    return size > 0 && size <= SIM_SDIO_TRANSFER_MAX && address < SIM_SDIO_WINDOW_END &&
           size <= SIM_SDIO_WINDOW_END - address && (function == 0 || (function == 1 && is_ready(sim)));
}

/* What becomes of a transaction before the card looks at it. */
static esp_sim_sdio_t begin(esp_sim_t *sim, sim_direction_t direction, uint32_t function, uint32_t address,
                            size_t size)
{
    if (!sim->sdio.is_selected || !has_slave(sim) || is_held(sim)) {
        return ESP_SIM_SDIO_NO_ANSWER;
    }
    const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_TRANSFER, direction, -1);
    if ((fault != NULL && sim->events->fault(sim, fault)) || sim_fault_is(fault, SIM_DO_DROP)) {
        return ESP_SIM_SDIO_NO_ANSWER;
    }
    if (sim_fault_is(fault, SIM_DO_CORRUPT)) {
        return ESP_SIM_SDIO_CRC;
    }
    if (!is_in_range(sim, function, address, size)) {
        sim_misuse(sim, "SDIO: %zu bytes at 0x%05X of function %u", size, (unsigned)address,
                   (unsigned)function);
        return ESP_SIM_SDIO_REFUSED;
    }
    return ESP_SIM_SDIO_DONE;
}

/* A bit that the bus's checksum has not found. */
static uint8_t carry(esp_sim_t *sim, sim_direction_t direction, uint8_t byte)
{
    const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_BYTE, direction, -1);
    return sim_fault_is(fault, SIM_DO_CORRUPT) ? byte ^ fault->value : byte;
}

/* The words of a register that a transaction touches are written when it is over. */
static void write_registers(esp_sim_t *sim, uint32_t address, const uint8_t *data, size_t size)
{
    uint32_t first = address & ~3u;
    for (uint32_t word = first; word < address + size; word += 4) {
        uint8_t bytes[4];
        sim_put32(bytes, sim_sdio_register(sim, word));
        for (uint32_t i = 0; i < 4; i++) {
            if (word + i >= address && word + i < address + size) {
                bytes[i] = data[word + i - address];
            }
        }
        sim_sdio_set_register(sim, word, sim_get32(bytes));
    }
}

esp_sim_sdio_t esp_sim_sdio_write(esp_sim_t *sim, uint32_t function, uint32_t address, const void *data,
                                  size_t size)
{
    uint8_t bytes[SIM_SDIO_TRANSFER_MAX];
    esp_sim_sdio_t result = begin(sim, SIM_OUT, function, address, size);
    sim->stats.host_writes++;
    if (result != ESP_SIM_SDIO_DONE) {
        return result;
    }
    sim->stats.bytes_out += size;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = carry(sim, SIM_OUT, ((const uint8_t *)data)[i]);
    }
    if (function == 1 && address >= SIM_SDIO_FIFO) {
        sim_sdio_fifo_write(sim, address, bytes, size);
    } else if (function == 1) {
        write_registers(sim, address, bytes, size);
    } else {
        for (size_t i = 0; i < size; i++) {
            write_common(sim, address + (uint32_t)i, bytes[i]);
        }
    }
    sim_clock_run_until(&sim->clock, sim->clock.now_ns);
    return result;
}

esp_sim_sdio_t esp_sim_sdio_read(esp_sim_t *sim, uint32_t function, uint32_t address, void *out, size_t size)
{
    uint8_t *bytes = out;
    esp_sim_sdio_t result = begin(sim, SIM_IN, function, address, size);
    sim->stats.host_reads++;
    if (result == ESP_SIM_SDIO_CRC && function == 1 && address >= SIM_SDIO_FIFO) {
        sim_sdio_fifo_read(sim, address, bytes, size); /* the card has sent it */
    }
    if (result != ESP_SIM_SDIO_DONE) {
        return result;
    }
    sim->stats.bytes_in += size;
    if (function == 1 && address >= SIM_SDIO_FIFO) {
        sim_sdio_fifo_read(sim, address, bytes, size);
    } else {
        for (size_t i = 0; i < size; i++) {
            uint32_t at = address + (uint32_t)i;
            bytes[i] = (uint8_t)(function == 0 ? read_common(sim, at)
                                               : sim_sdio_register(sim, at & ~3u) >> (8 * (at & 3u)));
        }
    }
    for (size_t i = 0; i < size; i++) {
        bytes[i] = carry(sim, SIM_IN, bytes[i]);
    }
    sim_clock_run_until(&sim->clock, sim->clock.now_ns);
    return result;
}
