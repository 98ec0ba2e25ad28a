/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * UART: every byte takes ten bit times, nothing holds the host back once it is on the wire, and the chip has
 * a FIFO of 128 bytes. After a reset the ROM measures the host's rate from the SYNC; from then on another
 * rate is noise. Source: esptool 5.3 (connect at any rate up to 115200, change_baud), ESP32-S3 TRM, UART
 * controller.
 */
#include "state/model.h"

enum { TOLERANCE_PERCENT = 3 };

/* Code that is executed takes its time, so a byte does, too: all at once they would overrun it. */
static uint64_t byte_ns(const esp_sim_t *sim, uint32_t baud)
{
    return sim->timing->has_uart_time || sim->code != NULL ? 10u * (uint64_t)1000000000u / baud : 0;
}

bool sim_uart_is_same_rate(uint32_t a, uint32_t b)
{
    uint64_t difference = a > b ? a - b : b - a;
    return difference * 100 <= (uint64_t)b * TOLERANCE_PERCENT;
}

static uint8_t garble(sim_link_t *link, uint8_t byte)
{
    link->noise = link->noise * 1664525u + 1013904223u;
    return (uint8_t)(byte ^ (link->noise >> 24) ^ 0x55);
}

void sim_uart_restart_autobaud(esp_sim_t *sim)
{
    sim->link.is_autobaud = true;
    sim_uart_set_rate(sim, sim_crystal_rom_rate(sim, sim->chip->boot_baud));
}

void sim_uart_lock_rate(esp_sim_t *sim)
{
    if (sim->link.is_autobaud) {
        sim->link.is_autobaud = false;
        sim_uart_set_rate(sim, sim->link.host_baud);
    }
}

void sim_uart_set_rate(esp_sim_t *sim, uint32_t baud)
{
    sim->link.chip_baud = baud != 0 ? baud : 1;
    sim_crystal_set_divider(sim, baud);
}

static void start_byte(esp_sim_t *sim)
{
    sim_link_t *link = &sim->link;
    sim_timer_set(&sim->clock, &link->out_timer, sim->clock.now_ns + byte_ns(sim, link->host_baud));
}

static size_t uart_host_write(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    sim_link_t *link = &sim->link;
    size_t room = SIM_TX_SIZE - link->tx_count;
    size = size < room ? size : room;
    if (size == 0 || sim->clock.now_ns < link->out_hold_ns) {
        return 0;
    }
    const sim_fault_t *fault = sim_faults_check(sim, SIM_AT_TRANSFER, SIM_OUT, -1);
    if (fault != NULL && sim->events->fault(sim, fault)) {
        return 0;
    }
    if (sim_fault_is(fault, SIM_DO_DROP)) {
        return size;
    }
    if (sim_fault_is(fault, SIM_DO_DELAY)) {
        sim_link_hold(sim, sim->clock.now_ns + fault->time_ns, 0);
    }
    bool was_idle = link->tx_count == 0;
    for (size_t i = 0; i < size; i++) {
        bool is_hit = sim_fault_is(fault, SIM_DO_CORRUPT) && i == 0;
        sim_link_push_tx(link, is_hit ? data[i] ^ fault->value : data[i]);
    }
    bool is_doubled = sim_fault_is(fault, SIM_DO_DUPLICATE);
    for (size_t i = 0; is_doubled && i < size && link->tx_count < SIM_TX_SIZE; i++) {
        sim_link_push_tx(link, data[i]);
    }
    if (was_idle) {
        start_byte(sim);
    }
    sim_clock_run_until(&sim->clock, sim->clock.now_ns);
    return size;
}

/* The receiver is on. */
static bool is_listening(const esp_sim_t *sim)
{
    return sim->state != ESP_SIM_STATE_OFF && sim->state != ESP_SIM_STATE_STARTING;
}

static void uart_arrive(esp_sim_t *sim)
{
    sim_link_t *link = &sim->link;
    uint8_t byte = sim_link_pop_tx(link);
    bool is_understood = link->is_autobaud
                             ? link->host_baud <= sim->chip->max_autobaud / 100 * (100 + TOLERANCE_PERCENT)
                             : sim_uart_is_same_rate(link->host_baud, link->chip_baud);
    if (!is_understood) {
        link->is_disturbed = true;
        byte = garble(link, byte);
    }
    bool is_carried = sim_cable_carry(sim, SIM_OUT, &byte);
    if (is_carried && is_listening(sim) && !sim_link_push_rx(link, byte)) {
        sim_misuse(sim, "bytes sent while the chip was busy overran its UART FIFO");
        sim_trace(sim, "link: UART FIFO overrun");
        link->is_disturbed = true;
    }
    if (link->tx_count > 0) {
        start_byte(sim);
    }
    sim_link_pump(sim);
}

static void uart_send(esp_sim_t *sim, const uint8_t *data, size_t size)
{
    sim_link_t *link = &sim->link;
    bool is_understood = sim_uart_is_same_rate(link->host_baud, link->chip_baud);
    for (size_t i = 0; i < size; i++) {
        uint64_t base_ns = link->ready_ns > sim->clock.now_ns ? link->ready_ns : sim->clock.now_ns;
        uint8_t byte = is_understood ? data[i] : garble(link, data[i]);
        if (sim_cable_carry(sim, SIM_IN, &byte)) {
            sim_link_push_in(sim, byte, base_ns + byte_ns(sim, link->chip_baud),
                             i % SIM_USB_PACKET_SIZE == 0);
        }
    }
}

const sim_link_ops_t sim_link_uart = {uart_host_write, uart_arrive, uart_send, false};
