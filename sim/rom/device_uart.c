/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * UART0: FIFOs, interrupts, rate and its detection. Source: technical reference manuals, chapter UART; ESP-IDF,
 * register headers of each chip (uart).
 */
#include "rom/code_state.h"
#include "state/model.h"

const sim_code_uart_t SIM_CODE_OLD_UART = {.low_pulse = 0x28,
                                           .high_pulse = 0x2C,
                                           .edges = 0x30,
                                           .pulse_short = 1,
                                           .autobaud = 0x20,
                                           .autobaud_bit = 1u << 27,
                                           .full_mask = 0x1FF};

const sim_code_uart_t SIM_CODE_OLDEST_UART = {.low_pulse = 0x28,
                                              .high_pulse = 0x2C,
                                              .edges = 0x30,
                                              .pulse_short = 9,
                                              .autobaud = 0x18,
                                              .autobaud_bit = 1,
                                              .full_mask = 0x7F};

const sim_code_uart_t SIM_CODE_UART_OF_S2 = {.low_pulse = 0x28,
                                             .high_pulse = 0x2C,
                                             .edges = 0x30,
                                             .pulse_short = 1,
                                             .autobaud = 0x18,
                                             .autobaud_bit = 1,
                                             .full_mask = 0x1FF};

const sim_code_uart_t SIM_CODE_NEW_UART = {.low_pulse = 0x7C,
                                           .high_pulse = 0x80,
                                           .edges = 0x84,
                                           .pulse_short = 1,
                                           .autobaud = 0x20,
                                           .autobaud_bit = 1u << 19,
                                           .full_mask = 0xFF};

enum {
    FIFO = 0x00,
    INT_RAW = 0x04,
    INT_ST = 0x08,
    INT_ENA = 0x0C,
    INT_CLR = 0x10,
    CLKDIV = 0x14,
    STATUS = 0x1C,
    CONF1 = 0x24,

    RAISED_FULL = 1 << 0,
    RAISED_TX_EMPTY = 1 << 1,
    RAISED_TIMEOUT = 1 << 8,
    RAISED_TX_DONE = 1 << 14,

    PLL_HZ = 80000000,
};

static uint32_t raised(const sim_code_t *code)
{
    const sim_code_port_t *port = &code->uart;
    uint32_t full = sim_code_kept(code, code->chip->uart + CONF1) & code->chip->uart_layout->full_mask;
    return port->raised | RAISED_TX_EMPTY | (port->count > 0 ? RAISED_TIMEOUT : 0) |
           (port->count >= full && port->count > 0 ? RAISED_FULL : 0);
}

bool sim_code_uart_interrupts(const sim_code_t *code)
{
    return code->core->count >= code->uart.enabled_at && (raised(code) & code->uart.enabled) != 0;
}

static uint32_t clock_hz(const sim_code_t *code)
{
    const sim_code_chip_t *chip = code->chip;
    bool is_pll = chip->uart_pll.address != 0 &&
                  (sim_code_kept(code, chip->uart_pll.address) & chip->uart_pll.mask) == chip->uart_pll.value;
    return is_pll ? PLL_HZ : code->sim->config.crystal_mhz * 1000000u;
}

/* A pulse of one bit at the host's rate, as it is counted. */
static uint32_t pulse_ticks(const sim_code_t *code)
{
    uint32_t host_baud = code->sim->link.host_baud, hz = clock_hz(code);
    uint32_t ticks = host_baud == 0 ? hz : (hz + host_baud / 2) / host_baud;
    uint32_t missing = code->chip->uart_layout->pulse_short;
    return ticks > missing ? ticks - missing : 0;
}

bool sim_code_uart_load(sim_code_t *code, uint32_t offset, uint32_t *value)
{
    const sim_code_uart_t *layout = code->chip->uart_layout;
    sim_code_port_t *port = &code->uart;
    switch (offset) {
    case FIFO:
        *value = sim_code_port_pop(code, port);
        sim_code_update_lines(code, 1);
        return true;
    case INT_RAW:
        *value = raised(code);
        return true;
    case INT_ST:
        *value = raised(code) & port->enabled;
        return true;
    case INT_ENA:
        *value = port->enabled;
        return true;
    case STATUS:
        *value = (uint32_t)port->count;
        return true;
    default:
        break;
    }
    if (offset == layout->low_pulse || offset == layout->high_pulse) {
        *value = pulse_ticks(code);
        return true;
    }
    if (offset == layout->edges) {
        *value = port->edges;
        return true;
    }
    return false;
}

/* The divider in sixteenths: the rate is the clock's by it. */
static void set_rate(sim_code_t *code, uint32_t value)
{
    uint64_t divider = (uint64_t)(value & 0xFFFFF) * 16 + (value >> 20 & 0xF);
    if (divider != 0) {
        sim_code_sync(code);
        sim_uart_set_rate(code->sim, (uint32_t)(clock_hz(code) * 16ull / divider));
    }
}

bool sim_code_uart_store(sim_code_t *code, uint32_t offset, uint32_t value)
{
    const sim_code_uart_t *layout = code->chip->uart_layout;
    sim_code_port_t *port = &code->uart;
    if (offset == layout->autobaud) {
        bool was_on = (sim_code_kept(code, code->chip->uart + offset) & layout->autobaud_bit) != 0;
        if ((value & layout->autobaud_bit) != 0 && !was_on) {
            port->edges = 0;
        }
    }
    switch (offset) {
    case FIFO:
        port->raised |= RAISED_TX_DONE;
        sim_code_port_send(code, port, (uint8_t)value);
        return true;
    case INT_ENA:
        sim_code_port_enable(code, port, value);
        return true;
    case INT_CLR:
        port->raised &= ~value;
        sim_code_update_lines(code, 1);
        return true;
    case CLKDIV:
        set_rate(code, value);
        return false;
    default:
        return false;
    }
}
